package dev.tailsampling.generate;

import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.toList;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import io.opentelemetry.proto.trace.v1.ResourceSpans;
import io.opentelemetry.proto.trace.v1.ScopeSpans;
import io.opentelemetry.proto.trace.v1.Span;
import io.opentelemetry.proto.trace.v1.TracesData;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What a load sends, read back with protobuf-java. */
final class SentTraces {

    /** One span with the time of its message, and the name of the resource's service. */
    record SentSpan(long sentMillis, String service, Span span) {

        boolean isRoot() {
            return span.getParentSpanId().isEmpty();
        }

        boolean has(String key) {
            return span.getAttributesList().stream().anyMatch(attribute -> attribute.getKey().equals(key));
        }
    }

    private final List<SentSpan> all = new ArrayList<>();

    static SentTraces of(TraceLoad load) {
        return of(new TraceGenerator(load));
    }

    static SentTraces of(Iterator<GeneratedMessage> messages) {
        SentTraces sent = new SentTraces();
        messages.forEachRemaining(sent::add);
        return sent;
    }

    static TracesData decode(GeneratedMessage message) {
        try {
            return TracesData.parseFrom(message.otlp());
        } catch (InvalidProtocolBufferException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void add(GeneratedMessage message) {
        for (ResourceSpans resource : decode(message).getResourceSpansList()) {
            String service = service(resource);
            for (ScopeSpans scope : resource.getScopeSpansList()) {
                scope.getSpansList().forEach(span -> all.add(new SentSpan(message.timestampMillis(), service, span)));
            }
        }
    }

    private static String service(ResourceSpans resource) {
        return resource.getResource().getAttributesList().stream()
                .filter(attribute -> attribute.getKey().equals("service.name")).findFirst().orElseThrow()
                .getValue().getStringValue();
    }

    /** Every span sent, as often as it was sent. */
    List<SentSpan> spans() {
        return all;
    }

    /** Spans by trace id, in the order in which they were sent. */
    Map<ByteString, List<SentSpan>> byTrace() {
        return all.stream().collect(groupingBy(sent -> sent.span().getTraceId(), LinkedHashMap::new,
                toList()));
    }

    /** Spans of the trace of a hex id. */
    List<SentSpan> trace(String hex) {
        ByteString id = ByteString.fromHex(hex);
        return all.stream().filter(sent -> sent.span().getTraceId().equals(id)).toList();
    }
}
