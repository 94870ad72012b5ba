package dev.tailsampling.lake;

import dev.tailsampling.layout.LayoutChoice;
import dev.tailsampling.selector.SpanFetcher;
import java.time.InstantSource;

/**
 * Limits and clock of {@link AutoMqTable}.
 *
 * @param maxBytesPerRead one read takes whole commits up to this size of their files, in bytes, but at least one
 * @param maxBytesInFlight one fetch holds about this many bytes of spans in memory
 * @param partBytes a trace larger than that is delivered in parts of at most this many bytes
 * @param tableTime how table time follows from the table
 * @param layout which layout the table is read with
 */
public record AutoMqTableOptions(long maxBytesPerRead, long maxBytesInFlight, int partBytes,
        TableTimeOptions tableTime, LayoutChoice layout) {

    public AutoMqTableOptions {
        if (maxBytesPerRead < 1 || maxBytesInFlight < 1 || partBytes < 1) {
            throw new IllegalArgumentException("the limits of a table must be positive");
        }
    }

    /** 256 MiB per read, 64 MiB in flight, parts of 3 MiB; what AutoMQ writes in raw mode. */
    public static AutoMqTableOptions defaults(InstantSource clock) {
        return new AutoMqTableOptions(256L << 20, 64L << 20, SpanFetcher.PART_BYTES, TableTimeOptions.defaults(clock),
                new LayoutChoice.Given(TableTopicSchema.LAYOUT));
    }

    /** These options with another limit for one read. */
    public AutoMqTableOptions withMaxBytesPerRead(long bytes) {
        return new AutoMqTableOptions(bytes, maxBytesInFlight, partBytes, tableTime, layout);
    }

    /** These options with other limits for one fetch. */
    public AutoMqTableOptions withFetchLimits(long bytesInFlight, int bytesPerPart) {
        return new AutoMqTableOptions(maxBytesPerRead, bytesInFlight, bytesPerPart, tableTime, layout);
    }

    /** These options for tables of another layout. */
    public AutoMqTableOptions withLayout(LayoutChoice other) {
        return new AutoMqTableOptions(maxBytesPerRead, maxBytesInFlight, partBytes, tableTime, other);
    }

    /** These options with other rules for table time. */
    public AutoMqTableOptions withTableTime(TableTimeOptions other) {
        return new AutoMqTableOptions(maxBytesPerRead, maxBytesInFlight, partBytes, other, layout);
    }
}
