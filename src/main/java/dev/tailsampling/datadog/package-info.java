/**
 * Datadog's model of a trace: OpenTelemetry spans as Datadog spans, and the {@code AgentPayload} in which an Agent sends
 * them to the trace intake. Pure: no I/O, no clock.
 *
 * <p>The rules are those of the Agent's OTLP intake with its names of the second version, read in DataDog/datadog-agent:
 * {@code pkg/trace/transform/transform.go} and {@code otelutil.go}, {@code pkg/trace/semantics/mappings.json},
 * {@code pkg/opentelemetry-mapping-go/otlp/attributes}. Field numbers are those of {@code pkg/proto/datadog/trace}.
 */
@NullMarked
package dev.tailsampling.datadog;

import org.jspecify.annotations.NullMarked;
