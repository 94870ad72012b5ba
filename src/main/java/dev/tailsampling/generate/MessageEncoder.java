package dev.tailsampling.generate;

import dev.tailsampling.generate.SpanContent.Detail;
import dev.tailsampling.otlp.RequestBuilder;
import dev.tailsampling.trace.StatusCode;
import dev.tailsampling.trace.TraceId;
import java.util.Comparator;
import java.util.List;

/** Encodes batches of spans as OTLP requests, each service's spans under its resource. Not thread-safe. */
final class MessageEncoder {

    /** Keeps the order in time among the spans of a service. */
    private static final Comparator<PlannedSpan> BY_SERVICE =
            Comparator.comparingInt(span -> span.operation().service());

    private static final String SCOPE = "dev.tailsampling.generate";
    private static final String SCOPE_VERSION = "1";

    private final RequestBuilder request = new RequestBuilder();
    private final ResourceAttributes resources;
    private final SpanAttributes attributes;

    MessageEncoder(ServiceCatalog catalog, Detail detail) {
        resources = new ResourceAttributes(catalog, detail);
        attributes = new SpanAttributes(catalog, detail);
    }

    /** One request with all spans of the batch, which is sorted by service. */
    byte[] encode(List<PlannedSpan> batch) {
        batch.sort(BY_SERVICE);
        int service = -1;
        for (PlannedSpan span : batch) {
            if (span.operation().service() != service) {
                service = span.operation().service();
                request.beginResource();
                resources.write(service, request);
                request.beginScope(SCOPE, SCOPE_VERSION);
            }
            write(span);
        }
        return request.take();
    }

    private void write(PlannedSpan span) {
        TraceId id = span.trace().id();
        request.beginSpan(id.high(), id.low(), span.id()).parentSpanId(span.parentId());
        String traceState = span.trace().traceState();
        if (traceState != null) {
            request.traceState(traceState);
        }
        request.name(span.operation().name()).kind(span.operation().role().kind());
        request.times(span.startNanos(), span.endNanos());
        attributes.write(span, request);
        if (span.status() == StatusCode.ERROR) {
            writeFailure(span);
        }
    }

    private void writeFailure(PlannedSpan span) {
        request.status(StatusCode.ERROR, SpanAttributes.ERROR_MESSAGE);
        request.event("exception", span.endNanos());
        request.attribute("exception.type", "java.io.IOException");
        request.attribute("exception.message", SpanAttributes.ERROR_MESSAGE);
    }
}
