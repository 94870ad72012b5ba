package dev.tailsampling.config;

import dev.tailsampling.otlp.SpanCompression;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Keys under {@code span_compression}: similar spans of a kept trace become one. */
public record SpanCompressionConfig(
        @Setting(doc = "Whether similar spans are joined.",
                key = "enabled", standard = "true") boolean enabled,
        @Setting(doc = "So many similar spans are joined; fewer stay.",
                key = "min_compression_count", standard = "3", min = 2) int minCompressionCount,
        @Setting(doc = "Spans that start later than this after the first of them are not joined.",
                key = "compression_window_secs", standard = "60", min = 0) Duration compressionWindow,
        @Setting(doc = "Spans that lasted longer than this are not joined.",
                key = "max_span_duration_secs", standard = "60", min = 0) Duration maxSpanDuration) {

    /** How spans are joined, null if they are not. */
    public @Nullable SpanCompression settings() {
        return enabled ? new SpanCompression(minCompressionCount, compressionWindow, maxSpanDuration) : null;
    }
}
