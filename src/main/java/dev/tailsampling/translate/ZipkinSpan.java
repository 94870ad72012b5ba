package dev.tailsampling.translate;

import dev.tailsampling.otlp.MalformedOtlpException;
import dev.tailsampling.otlp.RequestBuilder;
import dev.tailsampling.trace.AttributeValue;
import dev.tailsampling.trace.SpanKind;
import dev.tailsampling.trace.StatusCode;
import dev.tailsampling.trace.TraceId;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * A span of Zipkin's v2 model.
 *
 * @param parentId 0 for a root span
 * @param timestampMicros start, microseconds since the epoch, 0 if it is not known
 * @param durationMicros 0 if it is not known
 * @param tags used up by the translation
 */
record ZipkinSpan(TraceId traceId, long parentId, long id, SpanKind kind, String name, long timestampMicros,
        long durationMicros, @Nullable Endpoint localEndpoint, @Nullable Endpoint remoteEndpoint,
        List<Annotation> annotations, Tags tags) {

    private static final long NANOS_PER_MICRO = 1_000;
    private static final String ERROR = "error";
    /** Zipkin knows no resources, so OpenTelemetry's exporters write theirs as tags. */
    private static final List<String> RESOURCE_KEYS = List.of("service.", "telemetry.sdk.", "deployment.environment",
            "host.", "k8s.", "container.", "cloud.", "process.");
    private static final int MAX_LINKS = 128;
    /** Parts of a link that an OpenTelemetry exporter wrote: ids, tracestate, and attributes|dropped. */
    private static final int LINK_PARTS = 4;

    /**
     * A side of the connection.
     *
     * @param addresses IPv4, IPv6, as texts
     * @param port 0 if it is not known
     */
    record Endpoint(String serviceName, List<String> addresses, int port) {}

    /** What happened at a time, in microseconds since the epoch. */
    record Annotation(long timestampMicros, String value) {}

    /** The attributes of its resource, taken from the tags. */
    Tags takeResource() {
        Tags resource = new Tags();
        String key = tags.takeText("otlp.service.name.source");
        if (localEndpoint != null && !localEndpoint.serviceName().isEmpty()) {
            resource.put(key == null ? "service.name" : key, localEndpoint.serviceName());
        }
        tags.moveTo(resource, tag -> !resource.has(tag) && RESOURCE_KEYS.stream().anyMatch(tag::startsWith));
        return resource;
    }

    /** Name or version of the scope, taken from the tags, empty if there is none. */
    String takeScope(String part) {
        String value = tags.takeText("otel.scope." + part);
        String older = tags.takeText("otel.library." + part);
        return value != null ? value : older != null ? older : "";
    }

    /** Adds the span; resource and scope have been begun. */
    void writeTo(RequestBuilder request) {
        long start = startMicros() * NANOS_PER_MICRO;
        request.beginSpan(traceId.high(), traceId.low(), id).parentSpanId(parentId == id ? 0 : parentId).name(name)
                .times(start, start + durationMicros * NANOS_PER_MICRO);
        writeKind(request);
        writeStatus(request);
        String traceState = tags.takeText("w3c.tracestate");
        if (traceState != null) {
            request.traceState(traceState);
        }
        if (timestampMicros == 0) {
            request.attribute("otel.zipkin.absentField.startTime", true);
        }
        List<String> links = takeLinks();
        writeEndpoints(request);
        tags.writeTo(request);
        annotations.forEach(annotation -> write(annotation, request));
        links.forEach(link -> writeLink(link, request));
    }

    /** Late data has no timestamp; what happened first is the best that is known. */
    private long startMicros() {
        return timestampMicros != 0
                ? timestampMicros
                : annotations.stream().mapToLong(Annotation::timestampMicros).min().orElse(0);
    }

    private void writeKind(RequestBuilder request) {
        String tag = kind == SpanKind.UNSPECIFIED ? tags.takeText("span.kind") : null;
        SpanKind tagged = tag == null ? null : SpanKind.ofName(tag);
        SpanKind known = tagged == null ? kind : tagged;
        if (known != SpanKind.UNSPECIFIED) {
            request.kind(known.ordinal());
        }
    }

    /** A span is failed if it has an error tag; the tag's value is the description. */
    private void writeStatus(RequestBuilder request) {
        String codeName = tags.takeText("otel.status_code");
        StatusCode code = codeName == null ? null : StatusCode.ofName(codeName);
        String description = tags.takeText("otel.status_description");
        String error = tags.text(ERROR);
        if (error != null && !error.equals("false")) {
            tags.remove(ERROR);
            String message = description != null ? description : error.equals("true") ? "" : error;
            request.status(StatusCode.ERROR, message);
        } else if (code != null) {
            request.status(code, description == null ? "" : description);
        }
    }

    private void writeEndpoints(RequestBuilder request) {
        if (localEndpoint != null) {
            writeAddress(localEndpoint, "net.host", request);
        }
        if (remoteEndpoint != null) {
            if (!remoteEndpoint.serviceName().isEmpty() && !tags.has("peer.service")) {
                request.attribute("peer.service", remoteEndpoint.serviceName());
            }
            writeAddress(remoteEndpoint, "net.peer", request);
        }
    }

    /** Of two addresses the last one stays, as in the Collector. */
    private void writeAddress(Endpoint endpoint, String side, RequestBuilder request) {
        if (!endpoint.addresses().isEmpty() && !tags.has(side + ".ip")) {
            request.attribute(side + ".ip", endpoint.addresses().getLast());
        }
        if (endpoint.port() > 0 && !tags.has(side + ".port")) {
            request.attribute(side + ".port", endpoint.port());
        }
    }

    /** An annotation, or the event of OpenTelemetry that an exporter wrote as name|attributes|dropped. */
    private static void write(Annotation annotation, RequestBuilder request) {
        String value = annotation.value();
        int first = value.indexOf('|');
        int last = value.lastIndexOf('|');
        Tags attributes = first < 0 || first == last ? null : attributes(value.substring(first + 1, last));
        request.event(attributes == null ? value : value.substring(0, first),
                annotation.timestampMicros() * NANOS_PER_MICRO);
        if (attributes != null) {
            attributes.writeTo(request);
        }
    }

    private List<String> takeLinks() {
        return IntStream.range(0, MAX_LINKS).mapToObj(number -> "otlp.link." + number)
                .takeWhile(tags::has).map(key -> Objects.requireNonNullElse(tags.takeText(key), "")).toList();
    }

    /** What is no link is left out. */
    private static void writeLink(String link, RequestBuilder request) {
        String[] parts = link.split("\\|", LINK_PARTS);
        int end = parts.length == LINK_PARTS ? parts[LINK_PARTS - 1].lastIndexOf('|') : -1;
        if (end < 0) {
            return;
        }
        try {
            TraceId traceId = ZipkinJson.traceId(parts[0]);
            request.link(traceId.high(), traceId.low(), ZipkinJson.spanId(parts[1]), parts[2]);
        } catch (IllegalArgumentException e) {
            return;
        }
        Tags attributes = attributes(parts[LINK_PARTS - 1].substring(0, end));
        if (attributes != null) {
            attributes.writeTo(request);
        }
    }

    private static @Nullable Tags attributes(String json) {
        try {
            Tags tags = new Tags();
            JsonObject.parse("attributes", json.getBytes(StandardCharsets.UTF_8)).content()
                    .forEach((key, value) -> tags.put(key, attribute(value)));
            return tags;
        } catch (MalformedOtlpException e) {
            return null;
        }
    }

    private static AttributeValue attribute(Object value) {
        return switch (value) {
            case Boolean flag -> new AttributeValue.BoolValue(flag);
            case BigDecimal number when number.stripTrailingZeros().scale() <= 0 ->
                new AttributeValue.LongValue(number.longValue());
            case BigDecimal number -> new AttributeValue.DoubleValue(number.doubleValue());
            default -> new AttributeValue.StringValue(value.toString());
        };
    }

    /** All spans as one request; neighbours of equal resource and scope share them. */
    static byte[] toOtlp(List<ZipkinSpan> spans) {
        RequestBuilder request = new RequestBuilder();
        Tags resource = null;
        List<String> scope = List.of();
        for (ZipkinSpan span : spans) {
            Tags itsResource = span.takeResource();
            List<String> itsScope = List.of(span.takeScope("name"), span.takeScope("version"));
            if (!itsResource.equals(resource)) {
                itsResource.writeTo(request.beginResource());
                resource = itsResource;
                scope = List.of();
            }
            if (!itsScope.equals(scope)) {
                request.beginScope(itsScope.getFirst(), itsScope.getLast());
                scope = itsScope;
            }
            span.writeTo(request);
        }
        return request.take();
    }
}
