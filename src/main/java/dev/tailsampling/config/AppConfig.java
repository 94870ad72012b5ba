package dev.tailsampling.config;

import java.time.Duration;

/** Keys under {@code app}: when a trace is complete, and how the process works. */
public record AppConfig(
        @Setting(doc = "Name of this instance among several.",
                key = "instance_id", standard = "default") String instanceId,
        @Setting(doc = "Spans that the Kafka fast path holds at most.",
                key = "max_buffer_spans", standard = "1000000", min = 1) int maxBufferSpans,
        @Setting(doc = "Traces that the Kafka fast path holds at most.",
                key = "max_buffer_traces", standard = "100000", min = 1) int maxBufferTraces,
        @Setting(doc = "Pause between two cycles.",
                key = "evaluation_interval_secs", standard = "1", min = 0) Duration evaluationInterval,
        @Setting(doc = "How long a stop waits for the cycle that is under way.",
                key = "shutdown_timeout_secs", standard = "30", min = 0) Duration shutdownTimeout,
        @Setting(doc = "Threads that evaluate traces.",
                key = "evaluation_workers", standard = "4", min = 1, max = 1024) int evaluationWorkers,
        @Setting(doc = "Whether a stop finishes the cycle that is under way.",
                key = "graceful_shutdown", standard = "true") boolean gracefulShutdown,
        @Setting(doc = "A trace is complete when no span of it arrived for this long, in table time.",
                key = "inactivity_timeout_secs", standard = "60",
                aliases = "storage.iceberg.inactivity_threshold_ms") Duration inactivityTimeout,
        @Setting(doc = "A trace is decided when it has been open for this long, complete or not.",
                key = "max_trace_duration_secs", standard = "300") Duration maxTraceDuration) {

    public AppConfig {
        if (inactivityTimeout.toMillis() < 1) {
            throw new IllegalArgumentException("app.inactivity_timeout_secs must be at least 0.001");
        }
        if (maxTraceDuration.toMillis() < 1) {
            throw new IllegalArgumentException("app.max_trace_duration_secs must be at least 0.001");
        }
    }
}
