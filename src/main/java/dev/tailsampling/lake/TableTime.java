package dev.tailsampling.lake;

import dev.tailsampling.selector.SourceCursor;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
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

    /** Greatest value of {@code automq.table.topic.commit.interval.ms}. */
    private static final Duration LONGEST_COMMIT_INTERVAL = Duration.ofMinutes(15);

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

    /**
     * The time to judge by when everything was read: the wall clock moves it on while nothing is committed. It is not to
     * be carried on: when commits come again, their watermarks count, for their records may be older than the clock.
     */
    long whenCaughtUp(long timeMillis, Table table) {
        Duration configured = options.idleAdvanceAfter();
        if (configured == null) {
            return timeMillis;
        }
        List<Long> appends = newestAppendsMillis(table);
        long interval = appends.size() < 2 ? 0 : appends.getFirst() - appends.getLast();
        long nowMillis = options.clock().millis();
        return nowMillis - appends.getFirst() < idleAfterMillis(configured, interval)
                ? timeMillis
                : Math.max(timeMillis, nowMillis - options.estimateSlack().toMillis());
    }

    /** Three commit intervals at least, as far as AutoMQ allows intervals: a table between two commits is not idle. */
    static long idleAfterMillis(Duration configured, long commitIntervalMillis) {
        long threeIntervals = 3 * Math.min(commitIntervalMillis, LONGEST_COMMIT_INTERVAL.toMillis());
        return Math.max(configured.toMillis(), threeIntervals);
    }

    private static long clamped(long timeMillis, Duration slack, Snapshot snapshot) {
        return Math.min(timeMillis - slack.toMillis(), snapshot.timestampMillis());
    }

    /**
     * Times of the two newest appends, newest first. Snapshots of compaction say nothing about the topic; an append older
     * than all known ones is not younger than they.
     */
    private static List<Long> newestAppendsMillis(Table table) {
        List<Long> appends = new ArrayList<>();
        long oldest = Long.MAX_VALUE;
        for (Snapshot snapshot : SnapshotUtil.currentAncestors(table)) {
            oldest = snapshot.timestampMillis();
            if (DataOperations.APPEND.equals(snapshot.operation())) {
                appends.add(oldest);
            }
            if (appends.size() == 2) {
                return appends;
            }
        }
        return appends.isEmpty() ? List.of(oldest) : appends;
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
