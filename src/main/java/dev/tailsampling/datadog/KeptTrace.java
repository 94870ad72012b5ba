package dev.tailsampling.datadog;

import dev.tailsampling.trace.Threshold;
import org.jspecify.annotations.Nullable;

/**
 * Spans of a trace that was kept, with what is told of the decision.
 *
 * @param otlp an {@code ExportTraceServiceRequest}; not to be changed
 * @param policy the policy that kept the trace
 * @param threshold with which it was kept, null if unknown
 */
public record KeptTrace(byte[] otlp, String policy, @Nullable Threshold threshold) {}
