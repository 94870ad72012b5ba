package dev.tailsampling.store;

import static dev.tailsampling.store.DecisionRecords.NOON;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tailsampling.config.ForceRuleJson;
import dev.tailsampling.selector.CycleMetric;
import dev.tailsampling.selector.CycleReport;
import dev.tailsampling.selector.InstanceRun;
import dev.tailsampling.selector.PolicyActivation.Origin;
import dev.tailsampling.selector.SourceRow;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The queries of {@code sql/operations} run as they are, on both databases, and tell what happened. */
class OperatorQueriesTest {

    private static final Path QUERIES = Path.of("sql/operations");

    /** What each query answers, without its times. */
    private static final Map<String, List<String>> ANSWERS = Map.of(
            "rule_audit", List.of("ann|added|r1"),
            "slow_cycles", List.of("otel.spans|6000|1000|null|5000|null|null"),
            "dead_letters_by_reason", List.of("otel.spans|3|not OTLP|2|0|18", "otel.spans|3|no trace id|1|1|17"),
            "policy_changes", List.of("2|bob|api|v2|4", "1|ann|file|v1|3"),
            "runs", List.of("run-1|selector-1|host|0.1.0|otel.*|stopped"));

    @TempDir
    Path folder;

    /** A database as an operator queries it. */
    private interface Console {
        List<String> query(String sql) throws Exception;
    }

    @Test
    void answerOnSqlite() throws Exception {
        Path file = folder.resolve("state.db");
        try (JdbcState state = JdbcState.openSqlite(file, () -> NOON)) {
            fill(state);
        }
        check("sqlite", new SqliteFile(file)::query);
    }

    @Test
    void answerOnPostgres() throws Exception {
        LocalPostgres server = LocalPostgres.create();
        try (JdbcState state = JdbcState.openPostgres(server.settings(), () -> NOON)) {
            fill(state);
        }
        check("postgres", server::query);
    }

    private static void fill(JdbcState state) {
        state.forceRules(new ForceRuleJson()).add(ForceRuleStoreContract.rule("r1", 5), "ann");
        state.addReport("otel.spans", NOON, new CycleReport(
                Map.of(CycleMetric.CYCLES, 1L, CycleMetric.READ_MILLIS, 1_000L, CycleMetric.EXPORT_MILLIS, 5_000L)));
        state.addReport("otel.spans", NOON, new CycleReport(Map.of(CycleMetric.READ_MILLIS, 5_000L)));
        state.addDeadLetters("otel.spans", Map.of(new SourceRow(0, 17, 0, 0), "not OTLP",
                new SourceRow(0, 18, 0, 0), "not OTLP", new SourceRow(1, 17, 0, 0), "no trace id"));
        state.policyHistory().activate(0, Origin.FILE, "ann", "v1", "abc");
        state.policyHistory().activate(1, Origin.API, "bob", "v2", "abcd");
        state.operations().begin(new InstanceRun("run-1", "selector-1", "host", "0.1.0", "otel.*", NOON, null, null));
        state.operations().end("run-1", NOON.plusSeconds(1), "stopped");
    }

    private static void check(String database, Console console) throws Exception {
        assertThat(names(database)).containsExactlyInAnyOrderElementsOf(ANSWERS.keySet());
        for (String name : ANSWERS.keySet()) {
            List<String> rows = console.query(Files.readString(QUERIES.resolve(name + "." + database + ".sql")));
            assertThat(rows.stream().map(OperatorQueriesTest::withoutTimesAndDocuments)).as(name)
                    .isEqualTo(ANSWERS.get(name));
            assertThat(rows.getFirst()).as(name).containsAnyOf("2026-01-01", "selector-1");
        }
    }

    private static List<String> names(String database) throws IOException {
        try (Stream<Path> files = Files.list(QUERIES)) {
            return files.map(file -> file.getFileName().toString())
                    .filter(name -> name.endsWith("." + database + ".sql"))
                    .map(name -> name.substring(0, name.indexOf('.'))).toList();
        }
    }

    private static String withoutTimesAndDocuments(String row) {
        return String.join("|", Stream.of(row.split("\\|"))
                .filter(column -> !column.matches("\\d{4}-\\d\\d-\\d\\d[ T].*|\\{.*|it's .*|force_keep")).toList());
    }
}
