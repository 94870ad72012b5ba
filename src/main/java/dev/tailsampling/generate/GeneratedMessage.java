package dev.tailsampling.generate;

/**
 * One message as a collector's exporter sends it.
 *
 * @param timestampMillis when it is sent, milliseconds since the epoch; no span in it ends later
 * @param otlp an {@code ExportTraceServiceRequest}; must not be changed
 * @param spans number of spans in it
 */
public record GeneratedMessage(long timestampMillis, byte[] otlp, int spans) {}
