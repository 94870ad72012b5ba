/**
 * Spans of Jaeger's and Zipkin's models as OTLP, and telling encodings apart. Pure: no I/O, no clock.
 *
 * <p>Meanings are those of the OpenTelemetry specification's transformations to Jaeger and Zipkin, read backwards, and
 * where these say nothing, those of the Collector's translators.
 */
@NullMarked
package dev.tailsampling.translate;

import org.jspecify.annotations.NullMarked;
