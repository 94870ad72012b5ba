package dev.tailsampling.lake;

import dev.tailsampling.selector.CycleNumbers;
import dev.tailsampling.selector.LoggedCycle;
import dev.tailsampling.selector.SourceCursor;
import dev.tailsampling.selector.SourceOffsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.SnapshotUpdate;

/**
 * Cycles as entries of a snapshot's summary, so that decisions and position are one commit. A commit of the housekeeping
 * may state again what older snapshots said.
 */
final class CycleSummary {

    private static final String PREFIX = "tss.";
    private static final String CARRIED = "tss.carried-cycle.";
    private static final String SOURCE = "source";
    private static final String CYCLE = "cycle";
    private static final String CYCLE_ID = "cycle-id";
    private static final String RUN_ID = "run-id";
    private static final String POLICY_SET = "policy-set";
    private static final String TABLE_ID = "cursor.table-id";
    private static final String SEQUENCE_NUMBER = "cursor.sequence-number";
    private static final String NEXT_OFFSETS = "cursor.next-offsets";
    private static final String TABLE_TIME_MS = "cursor.table-time-ms";
    private static final String REPLAY_OFFSETS = "replay-offsets";
    private static final String EXPORTS_UNCONFIRMED = "exports-unconfirmed";
    private static final String FENCING_TOKEN = "fencing-token";
    private static final String EXPORTED_FIRST = "exported-first";

    private static final Comparator<LoggedCycle> NEWEST_FIRST =
            Comparator.comparingLong(LoggedCycle::cycle).reversed();

    private CycleSummary() {}

    static void write(LoggedCycle cycle, SnapshotUpdate<?> update) {
        write(PREFIX, cycle, update);
    }

    /** States again what older snapshots say. Cycles that were recorded together are many: they become one group. */
    static void writeCarried(List<LoggedCycle> newestFirst, SnapshotUpdate<?> update) {
        List<LoggedCycle> single = newestFirst.stream().filter(cycle -> !cycle.exportedFirst()).toList();
        for (int i = 0; i < single.size(); i++) {
            write(carried(i), single.get(i), update);
        }
        GroupSummary.writeCarried(newestFirst.stream().filter(LoggedCycle::exportedFirst).toList(), update);
    }

    private static void write(String prefix, LoggedCycle cycle, SnapshotUpdate<?> update) {
        SourceCursor cursor = cycle.cursor();
        update.set(prefix + SOURCE, cycle.source());
        update.set(prefix + CYCLE, Long.toString(cycle.cycle()));
        update.set(prefix + CYCLE_ID, cycle.cycleId());
        update.set(prefix + RUN_ID, cycle.runId());
        update.set(prefix + POLICY_SET, cycle.policySet());
        update.set(prefix + TABLE_ID, cursor.tableId());
        update.set(prefix + SEQUENCE_NUMBER, Long.toString(cursor.sequenceNumberInclusive()));
        update.set(prefix + NEXT_OFFSETS, cursor.nextOffsets().text());
        update.set(prefix + TABLE_TIME_MS, Long.toString(cursor.tableTimeMillis()));
        update.set(prefix + REPLAY_OFFSETS, cycle.replayFrom().text());
        update.set(prefix + EXPORTS_UNCONFIRMED, CycleNumbers.of(cycle.unconfirmedExports()).text());
        update.set(prefix + FENCING_TOKEN, Long.toString(cycle.fencingToken()));
        if (cycle.exportedFirst()) {
            update.set(prefix + EXPORTED_FIRST, "true");
        }
    }

    /** What this snapshot says of a source's cycles, the newest one first; nothing if a compaction wrote it, say. */
    static List<LoggedCycle> read(Snapshot snapshot, String source) {
        return read(snapshot, source::equals);
    }

    /** What this snapshot says of any source's cycles, the newest one of each source first. */
    static List<LoggedCycle> read(Snapshot snapshot) {
        return read(snapshot, source -> true);
    }

    private static List<LoggedCycle> read(Snapshot snapshot, Predicate<String> wanted) {
        Map<String, String> summary = snapshot.summary();
        if (summary == null) {
            return List.of();
        }
        List<LoggedCycle> cycles = new ArrayList<>();
        String own = summary.get(PREFIX + SOURCE);
        if (own != null && wanted.test(own)) {
            cycles.add(cycle(summary, PREFIX));
        }
        String carried = summary.get(carried(0) + SOURCE);
        for (int i = 0; carried != null; carried = summary.get(carried(++i) + SOURCE)) {
            if (wanted.test(carried)) {
                cycles.add(cycle(summary, carried(i)));
            }
        }
        cycles.addAll(GroupSummary.read(summary, wanted));
        cycles.sort(NEWEST_FIRST);
        return cycles;
    }

    private static String carried(int index) {
        return CARRIED + index + ".";
    }

    private static LoggedCycle cycle(Map<String, String> summary, String prefix) {
        SourceCursor cursor = new SourceCursor(text(summary, prefix + TABLE_ID),
                number(summary, prefix + SEQUENCE_NUMBER), SourceOffsets.parse(text(summary, prefix + NEXT_OFFSETS)),
                number(summary, prefix + TABLE_TIME_MS));
        return new LoggedCycle(text(summary, prefix + SOURCE), number(summary, prefix + CYCLE),
                text(summary, prefix + CYCLE_ID), text(summary, prefix + RUN_ID), text(summary, prefix + POLICY_SET),
                cursor, SourceOffsets.parse(text(summary, prefix + REPLAY_OFFSETS)),
                CycleNumbers.parse(text(summary, prefix + EXPORTS_UNCONFIRMED)),
                Long.parseLong(summary.getOrDefault(prefix + FENCING_TOKEN, "0")),
                summary.containsKey(prefix + EXPORTED_FIRST));
    }

    private static String text(Map<String, String> summary, String key) {
        return summary.getOrDefault(key, "");
    }

    private static long number(Map<String, String> summary, String key) {
        return Long.parseLong(text(summary, key));
    }
}
