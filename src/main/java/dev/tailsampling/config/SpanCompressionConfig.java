package dev.tailsampling.config;

import dev.tailsampling.config.Setting.Use;
import java.time.Duration;

/** Keys under {@code span_compression}: similar spans of a kept trace become one. */
public record SpanCompressionConfig(
        @Setting(doc = "Whether similar spans are joined.",
                key = "enabled", standard = "true", use = Use.LATER) boolean enabled,
        @Setting(doc = "So many similar spans are joined; fewer stay.",
                key = "min_compression_count", standard = "3", min = 2, use = Use.LATER) int minCompressionCount,
        @Setting(doc = "Spans farther apart are not joined.",
                key = "compression_window_secs", standard = "60", min = 0, use = Use.LATER) Duration compressionWindow,
        @Setting(doc = "Spans that lasted longer are not joined.",
                key = "max_span_duration_secs", standard = "60", min = 0, use = Use.LATER) Duration maxSpanDuration) {}
