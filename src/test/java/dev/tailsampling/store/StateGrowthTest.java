package dev.tailsampling.store;

import static dev.tailsampling.store.DecisionRecords.NOON;
import static dev.tailsampling.store.DecisionRecords.decidedAt;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tailsampling.selector.CycleMetric;
import dev.tailsampling.selector.CycleReport;
import dev.tailsampling.selector.InstanceRun;
import dev.tailsampling.selector.SourceRow;
import dev.tailsampling.trace.TraceId;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Cycles of many tables, 10 s apart in virtual time, with what is kept for 15 minutes: once that time has passed no table
 * of the database grows any more, whatever tables there are.
 */
class StateGrowthTest {

    private static final Duration CYCLE = Duration.ofSeconds(10);
    private static final Duration KEPT = Duration.ofMinutes(15);
    private static final int TABLES = 3;

    @TempDir
    Path folder;

    private Instant now = NOON;
    private long cycles;

    @Test
    void nothingGrowsOnceTheTimeToKeepItHasPassed() throws SQLException {
        Path file = folder.resolve("state.db");
        try (JdbcState state = JdbcState.openSqlite(file, () -> now)) {
            runFor(state, KEPT.multipliedBy(2));
            Map<String, Long> before = rows(file);
            runFor(state, KEPT.multipliedBy(2));

            assertThat(rows(file)).isEqualTo(before);
            assertThat(before).containsEntry("confirmed_exports", (long) TABLES)
                    .containsEntry("budget_state", 2L * TABLES);
            assertThat(before.get("cycle_reports")).isPositive();
            assertThat(before.get("recent_decisions")).isPositive();
        }
    }

    private void runFor(JdbcState state, Duration time) {
        Instant end = now.plus(time);
        while (now.isBefore(end)) {
            now = now.plus(CYCLE);
            cycles++;
            for (int table = 0; table < TABLES; table++) {
                cycle(state, "default.table" + table);
            }
            if (cycles % 6 == 0) {
                process(state);
                state.forgetOlderThan(now.minus(KEPT));
                state.forgetReportsOlderThan(now.minus(KEPT));
                state.operations().forgetRunsOlderThan(now.minus(KEPT));
            }
        }
    }

    /** What the selector tells its stores in a cycle that decides. */
    private void cycle(JdbcState state, String table) {
        state.keepLimits(table + "@ledger", cycles, "limits");
        state.forgetConfirmedExports(table + "@ledger", cycles);
        state.remember(table + "@ledger", cycles, List.of(decidedAt(now, new TraceId(cycles, 1))));
        state.confirmExport(table + "@ledger", cycles);
        state.addReport(table, now, new CycleReport(Map.of(CycleMetric.CYCLES, 1L, CycleMetric.SPANS_READ, 5L)));
        state.addDeadLetters(table, Map.of(new SourceRow(0, 1, 0, 0), "read again after a restart"));
        state.addPolicySet("v1", "all=always_sample");
    }

    /** An instance that is killed once a minute and started again. */
    private void process(JdbcState state) {
        state.operations().begin(new InstanceRun("run " + cycles, "selector-1", "host", "0.1.0", "default.*", now, null,
                null));
    }

    private static Map<String, Long> rows(Path file) throws SQLException {
        SqliteFile database = new SqliteFile(file);
        Map<String, Long> rows = new TreeMap<>();
        for (String table : database.query("SELECT name FROM sqlite_schema WHERE type = 'table'")) {
            rows.put(table, Long.valueOf(database.query("SELECT COUNT(*) FROM " + table).getFirst()));
        }
        return rows;
    }
}
