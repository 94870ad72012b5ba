package dev.tailsampling.lake;

import dev.tailsampling.selector.SourceCursor;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.Map;
import java.util.OptionalLong;
import org.apache.iceberg.DataOperations;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.Table;
import org.apache.iceberg.util.SnapshotUtil;

/**
 * Table time: every record older than this has arrived, as far as the writer knows. It is a running maximum over the
 * snapshots that were read, in milliseconds since the epoch. Each watermark is clamped to its snapshot's own time, since
 * producers with a fast clock push it into the future.
 */
final class TableTime {

    /** Least watermark over the topic's Kafka partitions, written by AutoMQ; -1 while nothing is known. */
    static final String AUTOMQ_WATERMARK = "automq.watermark";
    /** The same from Iceberg's Kafka Connect sink, as ISO text. */
    private static final String CONNECT_WATERMARK = "kafka.connect.valid-through-ts";

    private final TableTimeOptions options;

    TableTime(TableTimeOptions options) {
        this.options = options;
    }

    /**
     * Table time after the snapshots of a range were read; never less than before.
     *
     * @param before the cursor at which reading began
     * @param throughInclusive sequence number read through
     * @param maxTimestampMillis greatest record timestamp read, {@link SourceCursor#NO_TABLE_TIME} if none
     */
    long after(SourceCursor before, Table table, long throughInclusive, long maxTimestampMillis) {
        long time = before.tableTimeMillis();
        boolean anyWatermark = false;
        for (Snapshot snapshot : SnapshotUtil.currentAncestors(table)) {
            long number = snapshot.sequenceNumber();
            Map<String, String> summary = summary(snapshot);
            OptionalLong watermark = watermarkMillis(summary);
            anyWatermark |= watermark.isPresent() || summary.containsKey(AUTOMQ_WATERMARK);
            if (number != 0 && number <= before.sequenceNumberInclusive() && anyWatermark) {
                break;
            }
            if (watermark.isPresent() && number <= throughInclusive) {
                time = Math.max(time, clamped(watermark.getAsLong(), options.watermarkSlack(), snapshot));
            }
        }
        return anyWatermark || maxTimestampMillis == SourceCursor.NO_TABLE_TIME
                ? time
                : Math.max(time, clamped(maxTimestampMillis, options.estimateSlack(), table.currentSnapshot()));
    }

    /** Table time when everything was read: the wall clock moves it on while nothing is committed. */
    long whenCaughtUp(long timeMillis, Table table) {
        Duration idleAfter = options.idleAdvanceAfter();
        long nowMillis = options.clock().millis();
        return idleAfter == null || nowMillis - lastAppendMillis(table) < idleAfter.toMillis()
                ? timeMillis
                : Math.max(timeMillis, nowMillis - options.estimateSlack().toMillis());
    }

    private static long clamped(long timeMillis, Duration slack, Snapshot snapshot) {
        return Math.min(timeMillis - slack.toMillis(), snapshot.timestampMillis());
    }

    /** Snapshots of compaction say nothing about the topic; an append older than all known ones is not younger than they. */
    private static long lastAppendMillis(Table table) {
        long oldest = Long.MAX_VALUE;
        for (Snapshot snapshot : SnapshotUtil.currentAncestors(table)) {
            oldest = snapshot.timestampMillis();
            if (DataOperations.APPEND.equals(snapshot.operation())) {
                break;
            }
        }
        return oldest;
    }

    /** Format version 1 allows snapshots without a summary. */
    private static Map<String, String> summary(Snapshot snapshot) {
        Map<String, String> summary = snapshot.summary();
        return summary == null ? Map.of() : summary;
    }

    private static OptionalLong watermarkMillis(Map<String, String> summary) {
        try {
            String automq = summary.get(AUTOMQ_WATERMARK);
            if (automq != null) {
                long millis = Long.parseLong(automq);
                return millis < 0 ? OptionalLong.empty() : OptionalLong.of(millis);
            }
            String connect = summary.get(CONNECT_WATERMARK);
            return connect == null
                    ? OptionalLong.empty()
                    : OptionalLong.of(OffsetDateTime.parse(connect).toInstant().toEpochMilli());
        } catch (NumberFormatException | DateTimeException e) {
            // A watermark that cannot be read is no watermark.
            return OptionalLong.empty();
        }
    }
}
