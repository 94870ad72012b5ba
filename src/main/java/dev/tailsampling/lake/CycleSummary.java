package dev.tailsampling.lake;

import dev.tailsampling.selector.LoggedCycle;
import dev.tailsampling.selector.SourceCursor;
import dev.tailsampling.selector.SourceOffsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.SnapshotUpdate;

/** A cycle as entries of its snapshot's summary, so that decisions and position are one commit. */
final class CycleSummary {

    private static final String SOURCE = "tss.source";
    private static final String CYCLE = "tss.cycle";
    private static final String CYCLE_ID = "tss.cycle-id";
    private static final String RUN_ID = "tss.run-id";
    private static final String POLICY_SET = "tss.policy-set";
    private static final String TABLE_ID = "tss.cursor.table-id";
    private static final String SEQUENCE_NUMBER = "tss.cursor.sequence-number";
    private static final String NEXT_OFFSETS = "tss.cursor.next-offsets";
    private static final String TABLE_TIME_MS = "tss.cursor.table-time-ms";
    private static final String REPLAY_OFFSETS = "tss.replay-offsets";
    private static final String EXPORTS_UNCONFIRMED = "tss.exports-unconfirmed";
    private static final String FENCING_TOKEN = "tss.fencing-token";

    private CycleSummary() {}

    static void write(LoggedCycle cycle, SnapshotUpdate<?> update) {
        SourceCursor cursor = cycle.cursor();
        update.set(SOURCE, cycle.source());
        update.set(CYCLE, Long.toString(cycle.cycle()));
        update.set(CYCLE_ID, cycle.cycleId());
        update.set(RUN_ID, cycle.runId());
        update.set(POLICY_SET, cycle.policySet());
        update.set(TABLE_ID, cursor.tableId());
        update.set(SEQUENCE_NUMBER, Long.toString(cursor.sequenceNumberInclusive()));
        update.set(NEXT_OFFSETS, cursor.nextOffsets().text());
        update.set(TABLE_TIME_MS, Long.toString(cursor.tableTimeMillis()));
        update.set(REPLAY_OFFSETS, cycle.replayFrom().text());
        update.set(EXPORTS_UNCONFIRMED, cycle.unconfirmedExports().stream().map(String::valueOf)
                .collect(Collectors.joining(",")));
        update.set(FENCING_TOKEN, Long.toString(cycle.fencingToken()));
    }

    /** The cycle that wrote this snapshot; none if something else did, such as a compaction. */
    static Optional<LoggedCycle> read(Snapshot snapshot) {
        Map<String, String> summary = snapshot.summary();
        if (summary == null || !summary.containsKey(SOURCE)) {
            return Optional.empty();
        }
        SourceCursor cursor = new SourceCursor(text(summary, TABLE_ID), number(summary, SEQUENCE_NUMBER),
                SourceOffsets.parse(text(summary, NEXT_OFFSETS)), number(summary, TABLE_TIME_MS));
        return Optional.of(new LoggedCycle(text(summary, SOURCE), number(summary, CYCLE), text(summary, CYCLE_ID),
                text(summary, RUN_ID), text(summary, POLICY_SET), cursor,
                SourceOffsets.parse(text(summary, REPLAY_OFFSETS)), numbers(text(summary, EXPORTS_UNCONFIRMED)),
                Long.parseLong(summary.getOrDefault(FENCING_TOKEN, "0"))));
    }

    private static String text(Map<String, String> summary, String key) {
        return summary.getOrDefault(key, "");
    }

    private static long number(Map<String, String> summary, String key) {
        return Long.parseLong(text(summary, key));
    }

    private static List<Long> numbers(String text) {
        return text.isEmpty() ? List.of() : Arrays.stream(text.split(",", -1)).map(Long::valueOf).toList();
    }
}
