package dev.tailsampling.lake;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.SnapshotUpdate;

/** Fences as entries of a snapshot's summary. A commit of the housekeeping may state older ones again. */
final class FenceSummary {

    private static final String PREFIX = "tss.fence.";
    private static final String CARRIED = "tss.carried-fence.";
    private static final String SOURCE = "source";
    private static final String TOKEN = "token";
    private static final String RUN_ID = "run-id";

    private FenceSummary() {}

    static void write(LedgerEntry.Fence fence, SnapshotUpdate<?> update) {
        write(PREFIX, fence, update);
    }

    /** States again what older snapshots say. */
    static void writeCarried(List<LedgerEntry.Fence> fences, SnapshotUpdate<?> update) {
        for (int i = 0; i < fences.size(); i++) {
            write(carried(i), fences.get(i), update);
        }
    }

    private static void write(String prefix, LedgerEntry.Fence fence, SnapshotUpdate<?> update) {
        update.set(prefix + SOURCE, fence.source());
        update.set(prefix + TOKEN, Long.toString(fence.token()));
        update.set(prefix + RUN_ID, fence.runId());
    }

    /** The fences that this snapshot tells of. */
    static List<LedgerEntry.Fence> read(Snapshot snapshot) {
        Map<String, String> summary = snapshot.summary();
        if (summary == null) {
            return List.of();
        }
        List<LedgerEntry.Fence> fences = new ArrayList<>();
        if (summary.containsKey(PREFIX + SOURCE)) {
            fences.add(fence(summary, PREFIX));
        }
        for (int i = 0; summary.containsKey(carried(i) + SOURCE); i++) {
            fences.add(fence(summary, carried(i)));
        }
        return fences;
    }

    private static String carried(int index) {
        return CARRIED + index + ".";
    }

    private static LedgerEntry.Fence fence(Map<String, String> summary, String prefix) {
        return new LedgerEntry.Fence(summary.getOrDefault(prefix + SOURCE, ""),
                Long.parseLong(summary.getOrDefault(prefix + TOKEN, "")), summary.getOrDefault(prefix + RUN_ID, ""));
    }
}
