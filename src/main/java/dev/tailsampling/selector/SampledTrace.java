package dev.tailsampling.selector;

import dev.tailsampling.trace.Threshold;
import dev.tailsampling.trace.TraceId;
import org.jspecify.annotations.Nullable;

/**
 * Spans of a kept trace, ready to be sent. A large trace is sent in several of these.
 *
 * @param traceId the trace
 * @param otlp an {@code ExportTraceServiceRequest}; not to be changed
 * @param spanCount spans of the trace that it stands for: more than are in it where similar ones were joined
 * @param policy the policy that kept the trace
 * @param threshold with which it was kept, null if unknown; the spans' tracestate has it already
 */
public record SampledTrace(TraceId traceId, byte[] otlp, int spanCount, String policy,
        @Nullable Threshold threshold) {}
