package dev.tailsampling.config;

import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Keys under {@code sampling}: three policies as switches, or the name of a policies file. */
public record SamplingConfig(
        @Setting(doc = "Policy \"errors\": a span has status ERROR.",
                key = "sample_errors", standard = "true",
                aliases = "sampling.always_sample_errors") boolean sampleErrors,
        @Setting(doc = "Share of those traces to keep.",
                key = "error_sample_rate", standard = "1.0", min = 0, max = 1) double errorSampleRate,
        @Setting(doc = "Policy \"latency\": the trace lasted longer than latency_threshold_ms.",
                key = "sample_latency", standard = "true") boolean sampleLatency,
        @Setting(doc = "Exclusive: a trace of just this long is not slow.",
                key = "latency_threshold_ms", standard = "5000", min = 0) Duration latencyThreshold,
        @Setting(doc = "Share of those traces to keep.",
                key = "latency_sample_rate", standard = "1.0", min = 0, max = 1) double latencySampleRate,
        @Setting(doc = "Policy \"cardinality\": the trace has max_span_count spans or more.",
                key = "sample_cardinality", standard = "true") boolean sampleCardinality,
        @Setting(doc = "Inclusive: so many spans are many.",
                key = "max_span_count", standard = "500", min = 1) int maxSpanCount,
        @Setting(doc = "Policies file, relative to the working directory; the switches above do not count then.",
                key = "policies_file") @Nullable Path policiesFile) {

    public SamplingConfig {
        if (latencyThreshold.toNanos() % 1_000_000 != 0) {
            throw new IllegalArgumentException("sampling.latency_threshold_ms must be a whole number");
        }
    }

    /** Whether the switches say the same; the policies file does not count. */
    boolean sameSwitches(SamplingConfig other) {
        return withoutFile().equals(other.withoutFile());
    }

    private SamplingConfig withoutFile() {
        return new SamplingConfig(sampleErrors, errorSampleRate, sampleLatency, latencyThreshold, latencySampleRate,
                sampleCardinality, maxSpanCount, null);
    }
}
