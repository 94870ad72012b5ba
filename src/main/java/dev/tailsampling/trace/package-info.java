/**
 * The OpenTelemetry trace vocabulary as values: ids, status, attribute values, sampling thresholds, and the
 * {@link dev.tailsampling.trace.SpanView view} through which policies look at a span. Pure: JDK only, no I/O, no clock.
 */
@NullMarked
package dev.tailsampling.trace;

import org.jspecify.annotations.NullMarked;
