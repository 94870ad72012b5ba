package dev.tailsampling.lake;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TablePatternTest {

    @ParameterizedTest
    @CsvSource({"default.a, default.a, true", "default.a, default.ab, false", "default.a, defaultxa, false",
            "default.*, default.otel.traces-raw, true", "default.*, other.a, false", "*, a.b, true",
            "default.otel-?, default.otel-1, true", "default.otel-?, default.otel-12, false",
            "de*t.tr*s, default.traces, true", "default.[a], default.a, false"})
    void matches(String pattern, String table, boolean expected) {
        assertThat(TablePattern.of(pattern).matches(table)).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource({"default.a*, default, true", "default.a*, other, false", "d*.a, default, true", "a.b.c*, a, true",
            "a.b.c*, a.b, true", "a.b.c*, a.c, false", "*, anything, true", "default*, default, true"})
    void asksNoNamespaceInVain(String pattern, String namespace, boolean expected) {
        assertThat(TablePattern.of(pattern).mayMatchIn(namespace)).isEqualTo(expected);
    }

    @Test
    void findsTablesOfEveryNamespace() {
        try (TestLake lake = TestLake.inMemory()) {
            for (TableName name : new TableName[]{TableName.of("default.otel.a"), TableName.of("default.b"),
                    TableName.of("lake.b"),
                    TableName.of("other.a"), TableName.in("lake.inner", "a")}) {
                lake.catalog.findOrCreate(name, TableTopicSchema.SCHEMA, TableTopicSchema.spec(0), Map.of());
            }

            assertThat(lake.catalog.names(TablePattern.of("default.*"))).containsExactly("default.b", "default.otel.a");
            assertThat(lake.catalog.names(TablePattern.of("*.a"))).containsExactly("default.otel.a", "lake.inner.a",
                    "other.a");
            assertThat(lake.catalog.names(TablePattern.of("lake.inner.?"))).containsExactly("lake.inner.a");
            assertThat(lake.catalog.names(TablePattern.of("nowhere.*"))).isEmpty();
        }
    }
}
