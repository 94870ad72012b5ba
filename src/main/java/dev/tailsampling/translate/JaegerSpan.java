package dev.tailsampling.translate;

import dev.tailsampling.otlp.RequestBuilder;
import dev.tailsampling.trace.AttributeValue;
import dev.tailsampling.trace.AttributeValue.LongValue;
import dev.tailsampling.trace.AttributeValue.StringValue;
import dev.tailsampling.trace.SpanKind;
import dev.tailsampling.trace.StatusCode;
import dev.tailsampling.trace.TraceId;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * A span of Jaeger's model ({@code jaeger.api_v2.Span}). Flags and warnings are not translated.
 *
 * @param startUnixNano nanoseconds since the epoch
 * @param endUnixNano nanoseconds since the epoch
 * @param tags used up by the translation
 * @param process null if the span names none
 */
record JaegerSpan(TraceId traceId, long spanId, String operationName, List<Reference> references, long startUnixNano,
        long endUnixNano, Tags tags, List<Log> logs, @Nullable Process process) {

    private static final String NO_SERVICE_NAME = "OTLPResourceNoServiceName";
    private static final int BAD_REQUEST = 400;
    private static final int SERVER_ERROR = 500;

    /** A reference to another span, child-of or follows-from. */
    record Reference(TraceId traceId, long spanId, boolean childOf) {}

    /** What happened at a time. */
    record Log(long timeUnixNano, Tags fields) {}

    /** Who emitted the span. */
    record Process(String serviceName, Tags tags) {}

    private record Status(StatusCode code, String message) {}

    /** Adds the span with its resource and scope. */
    void writeTo(RequestBuilder request) {
        writeResource(request.beginResource());
        String scope = takeFirst("otel.scope.name", "otel.library.name");
        String version = takeFirst("otel.scope.version", "otel.library.version");
        long parent = parentSpanId();
        SpanKind kind = takeKind();
        Status status = takeStatus(kind);
        String traceState = tags.takeText("w3c.tracestate");
        request.beginScope(scope, version).beginSpan(traceId.high(), traceId.low(), spanId).parentSpanId(parent)
                .name(operationName).times(startUnixNano, endUnixNano);
        if (traceState != null) {
            request.traceState(traceState);
        }
        if (kind != SpanKind.UNSPECIFIED) {
            request.kind(kind.ordinal());
        }
        if (status.code() != StatusCode.UNSET || !status.message().isEmpty()) {
            request.status(status.code(), status.message());
        }
        tags.writeTo(request);
        logs.forEach(log -> write(log, request));
        references.stream().filter(reference -> !(reference.childOf() && reference.spanId() == parent))
                .forEach(reference -> write(reference, request));
    }

    private void writeResource(RequestBuilder request) {
        if (process == null || process.serviceName().equals(NO_SERVICE_NAME)) {
            return;
        }
        if (!process.serviceName().isEmpty()) {
            request.attribute("service.name", process.serviceName());
            process.tags().remove("service.name");
        }
        process.tags().rename("hostname", "host.name");
        String version = process.tags().text("jaeger.version");
        if (version != null && !process.tags().has("opencensus.exporterversion")) {
            process.tags().remove("jaeger.version");
            process.tags().put("opencensus.exporterversion", "Jaeger-" + version);
        }
        process.tags().writeTo(request);
    }

    private String takeFirst(String key, String olderKey) {
        String value = tags.takeText(key);
        String older = value == null ? tags.takeText(olderKey) : null;
        return value != null ? value : older != null ? older : "";
    }

    /** As Jaeger finds it: the first child-of reference into the same trace, else the first follows-from. */
    private long parentSpanId() {
        List<Reference> inTrace = references.stream().filter(other -> other.traceId().equals(traceId)).toList();
        return inTrace.stream().filter(Reference::childOf).findFirst()
                .or(() -> inTrace.stream().findFirst()).map(Reference::spanId).orElse(0L);
    }

    private SpanKind takeKind() {
        String name = tags.takeText("span.kind");
        SpanKind kind = name == null ? null : SpanKind.ofName(name);
        return kind == null ? SpanKind.UNSPECIFIED : kind;
    }

    /** The error tag is the last word, then comes what an OpenTelemetry SDK wrote, then the HTTP status. */
    private Status takeStatus(SpanKind kind) {
        boolean error = tags.isTrue("error");
        String code = tags.takeText("otel.status_code");
        if (error) {
            tags.remove("error");
            String description = tags.takeText("otel.status_description");
            return new Status(StatusCode.ERROR, description != null ? description : httpStatusMessage());
        }
        if (code != null) {
            String description = tags.takeText("otel.status_description");
            StatusCode known = StatusCode.ofName(code.toUpperCase(Locale.ROOT));
            return new Status(known == null ? StatusCode.UNSET : known, description == null ? "" : description);
        }
        return isFailed(tags.get("http.status_code"), kind)
                ? new Status(StatusCode.ERROR, httpStatusMessage())
                : new Status(StatusCode.UNSET, "");
    }

    private String httpStatusMessage() {
        String message = tags.text("http.status_message");
        return message == null ? "" : message;
    }

    /** A server is not to blame for 4xx (OpenTelemetry's conventions for HTTP spans). */
    private static boolean isFailed(@Nullable AttributeValue httpStatus, SpanKind kind) {
        int status = switch (httpStatus) {
            case LongValue number -> (int) number.value();
            case StringValue text when text.value().matches("[0-9]{3}") -> Integer.parseInt(text.value());
            case null, default -> 0;
        };
        return status >= (kind == SpanKind.SERVER ? SERVER_ERROR : BAD_REQUEST);
    }

    private static void write(Log log, RequestBuilder request) {
        String name = log.fields().takeText("event");
        request.event(name == null ? "" : name, log.timeUnixNano());
        log.fields().writeTo(request);
    }

    private static void write(Reference reference, RequestBuilder request) {
        request.link(reference.traceId().high(), reference.traceId().low(), reference.spanId(), "")
                .attribute("opentracing.ref_type", reference.childOf() ? "child_of" : "follows_from");
    }
}
