package dev.tailsampling.cli;

import dev.tailsampling.admin.TableBoard;
import dev.tailsampling.selector.CycleReport;
import dev.tailsampling.store.RedisWatermarks.Watermark;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** Collects how it goes with the tables of this process. Thread-safe. */
final class InstanceBoard implements TableBoard {

    private final Map<String, TableState> states = new ConcurrentSkipListMap<>();

    @Override
    public List<TableState> tables() {
        return List.copyOf(states.values());
    }

    /** A table is to be sampled. */
    void joined(String table) {
        states.put(table, new TableState(table, State.STARTING, null, null, null, null, null, CycleReport.NONE));
    }

    /** A table is no longer to be sampled. */
    void left(String table) {
        states.remove(table);
    }

    /**
     * Another instance decides on the table.
     *
     * @param leader what it said last; null if nothing is known
     */
    void standby(String table, @Nullable Watermark leader) {
        change(table, old -> new TableState(table, State.STANDBY, null, old.policySet(),
                leader == null ? old.tableTime() : leader.tableTime(), leader == null ? old.lastCycleAt() : leader.at(),
                old.lastReport(), old.total()));
    }

    /** The table does not exist yet. */
    void missing(String table, String problem) {
        becomes(table, State.MISSING, problem);
    }

    /** An attempt failed. */
    void failed(String table, String problem) {
        becomes(table, State.FAILING, problem);
    }

    private void becomes(String table, State state, @Nullable String problem) {
        change(table, old -> new TableState(table, state, problem, old.policySet(), old.tableTime(),
                old.lastCycleAt(), old.lastReport(), old.total()));
    }

    /** A cycle has ended. */
    void cycle(String table, String policySet, @Nullable Instant tableTime, Instant at,
            CycleReport report) {
        change(table, old -> new TableState(table, State.SAMPLING, null, policySet, tableTime, at, report,
                old.total().then(report)));
    }

    private void change(String table, UnaryOperator<TableState> change) {
        states.computeIfPresent(table, (name, old) -> change.apply(old));
    }
}
