package dev.tailsampling.export;

import dev.tailsampling.otlp.MalformedOtlpException;
import dev.tailsampling.otlp.OtlpSpans;
import dev.tailsampling.otlp.TraceBytes;
import dev.tailsampling.selector.ExportOutcome;
import dev.tailsampling.selector.SampledTrace;
import dev.tailsampling.selector.TraceExporter;
import dev.tailsampling.trace.AttributeKey;
import java.util.List;
import java.util.Objects;

/**
 * Sends traces by OTLP to a Datadog Agent, which samples what it receives once more unless a span says that the user has
 * decided: the attribute {@code sampling.priority} is 2, "user keep" (datadog-agent, {@code pkg/trace/api/otlp.go}).
 *
 * <p>Thread-safe if the other exporter is.
 */
public final class DatadogAgentExporter implements TraceExporter {

    private static final AttributeKey PRIORITY = AttributeKey.of("sampling.priority");
    private static final int USER_KEEP = 2;

    /** For the key and the value, in each span. */
    private static final int ADDED_BYTES = 32;

    private final TraceExporter otlp;

    /**
     * Closing this closes the exporter.
     *
     * @param otlp sends to the Agent
     */
    public DatadogAgentExporter(TraceExporter otlp) {
        this.otlp = otlp;
    }

    @Override
    public String name() {
        return "datadog_agent";
    }

    @Override
    public void begin(String group) {
        otlp.begin(group);
    }

    @Override
    public ExportOutcome export(List<SampledTrace> batch) {
        return otlp.export(batch.stream().map(DatadogAgentExporter::kept).toList());
    }

    private static SampledTrace kept(SampledTrace trace) {
        return new SampledTrace(trace.traceId(), withPriority(trace), trace.spanCount(), trace.policy(),
                trace.threshold());
    }

    private static byte[] withPriority(SampledTrace trace) {
        byte[] request = trace.otlp();
        TraceBytes copies = new TraceBytes(request.length + ADDED_BYTES * trace.spanCount());
        try {
            new OtlpSpans().forEach(request, 0, request.length, span -> copies.add(span, PRIORITY, USER_KEEP));
        } catch (MalformedOtlpException e) {
            // Left to the Agent to refuse.
            return request;
        }
        return Objects.requireNonNullElse(copies.take(), request);
    }

    @Override
    public ExportOutcome flush() {
        return otlp.flush();
    }

    @Override
    public void close() {
        otlp.close();
    }
}
