/**
 * OTLP trace data as bytes: a lazy wire scanner that reads spans without building objects, re-encoding by copying
 * slices, and OTLP/JSON to and from protobuf. Pure: no I/O, no clock.
 *
 * <p>Field numbers are those of {@code opentelemetry/proto/trace/v1/trace.proto} (stable since 1.0).
 */
@NullMarked
package dev.tailsampling.otlp;

import org.jspecify.annotations.NullMarked;
