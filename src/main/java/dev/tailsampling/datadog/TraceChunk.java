package dev.tailsampling.datadog;

/**
 * Spans of one trace and one resource.
 *
 * @param tracer the resource
 * @param bytes fields of a {@code TraceChunk}
 * @param spanCount spans in it, at least 1
 */
record TraceChunk(Tracer tracer, byte[] bytes, int spanCount) {}
