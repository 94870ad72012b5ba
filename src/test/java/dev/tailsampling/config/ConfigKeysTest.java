package dev.tailsampling.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What must hold for every key, today's and tomorrow's. */
class ConfigKeysTest {

    private static final List<ConfigKey> KEYS = SelectorConfig.KEYS.all();

    private static Stream<Class<?>> recordsBelow(Class<?> type) {
        return Stream.of(type.getRecordComponents()).filter(c -> c.isAnnotationPresent(Section.class))
                .flatMap(c -> Stream.concat(Stream.of(c.getType()), recordsBelow(c.getType())));
    }

    @Test
    void everyComponentIsAKeyOrASection() {
        assertThat(recordsBelow(SelectorConfig.class)).allSatisfy(type -> assertThat(type.getRecordComponents())
                .allMatch(c -> c.isAnnotationPresent(Setting.class) != c.isAnnotationPresent(Section.class)));
    }

    @Test
    void defaultsAreAllowed() {
        assertThat(KEYS).allSatisfy(key -> assertThatCode(key::standardValue).doesNotThrowAnyException());
    }

    @Test
    void componentsAreNullableJustWhereTheKeyIsOptional() {
        assertThat(KEYS).allSatisfy(key -> {
            assertThat(key.component().getAnnotatedType().isAnnotationPresent(Nullable.class))
                    .isEqualTo(key.isOptional());
            assertThat(key.standardValue() == null).isEqualTo(key.isOptional());
        });
    }

    @Test
    void docsAreOneLine() {
        assertThat(KEYS).allSatisfy(
                key -> assertThat(key.setting().doc()).endsWith(".").doesNotContain("\n", "|").hasSizeLessThan(100));
    }

    @Test
    void namesAreLowerSnakeCase() {
        assertThat(SelectorConfig.KEYS.names()).allMatch(name -> name.matches("[a-z0-9_]+(\\.[a-z0-9_]+)+"));
    }

    @Test
    void componentsAreNamedAfterTheirKeys() {
        assertThat(KEYS).allSatisfy(
                key -> assertThat(withoutUnit(key)).isEqualToIgnoringCase(key.component().getName()));
    }

    private static String withoutUnit(ConfigKey key) {
        String name = key.setting().key();
        return switch (key.type()) {
            case SECONDS, MILLIS -> name.substring(0, name.lastIndexOf('_')).replace("_", "");
            default -> name.replace("_", "");
        };
    }

    @Test
    void keysWithATellingNameAreSecrets() {
        assertThat(KEYS).filteredOn(key -> SecretMask.isSecretName(key.name()))
                .allMatch(key -> key.type() == KeyType.SECRET || key.type() == KeyType.SECRET_MAP);
    }

    /** Two durations are checked by their record: 0 is too little, and a fraction is enough. */
    @Test
    void numbersHaveALowestValue() {
        assertThat(KEYS).filteredOn(key -> key.setting().min() == Long.MIN_VALUE).noneMatch(key -> switch (key.type()) {
            case INT, LONG, DOUBLE, MILLIS -> true;
            case SECONDS -> !List.of("app.inactivity_timeout_secs", "app.max_trace_duration_secs",
                    "export.otlp_http.timeout_secs", "export.otlp_grpc.timeout_secs").contains(key.name());
            default -> false;
        });
    }

    @Test
    void variablesAreUnique() {
        assertThatCode(() -> new EnvironmentReader(SelectorConfig.KEYS)).doesNotThrowAnyException();
    }
}
