package dev.tailsampling.lake;

import java.util.Map;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.SnapshotUpdate;

/** A fence as entries of its snapshot's summary. */
final class FenceSummary {

    private static final String SOURCE = "tss.fence.source";
    private static final String TOKEN = "tss.fence.token";
    private static final String RUN_ID = "tss.fence.run-id";

    private FenceSummary() {}

    static void write(LedgerEntry.Fence fence, SnapshotUpdate<?> update) {
        update.set(SOURCE, fence.source());
        update.set(TOKEN, Long.toString(fence.token()));
        update.set(RUN_ID, fence.runId());
    }

    /** Token of the source's fence in this snapshot, 0 if there is none. */
    static long token(Snapshot snapshot, String source) {
        Map<String, String> summary = snapshot.summary();
        return summary != null && source.equals(summary.get(SOURCE)) ? Long.parseLong(summary.get(TOKEN)) : 0;
    }
}
