package dev.tailsampling.lake;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import dev.tailsampling.trace.TraceId;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.common.v1.AnyValue;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.resource.v1.Resource;
import io.opentelemetry.proto.trace.v1.ResourceSpans;
import io.opentelemetry.proto.trace.v1.ScopeSpans;
import io.opentelemetry.proto.trace.v1.Span;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** OTLP messages made and read by the official classes. Spans are known by their number, their span id. */
final class Otlp {

    private Otlp() {}

    static TraceId trace(int number) {
        return new TraceId(0x7000_0000_0000_0000L + number, number);
    }

    static Span span(int trace, long spanId) {
        return span(trace, spanId, "span " + spanId);
    }

    static Span span(int trace, long spanId, String name) {
        TraceId id = trace(trace);
        return Span.newBuilder().setTraceId(ByteString.copyFrom(bytes(id.high(), id.low())))
                .setSpanId(ByteString.copyFrom(bytes(spanId))).setName(name).setStartTimeUnixNano(1_000)
                .setEndTimeUnixNano(2_000).build();
    }

    /** A message with these spans, all of one service. */
    static byte[] message(Span... spans) {
        return message(Arrays.asList(spans));
    }

    static byte[] message(List<Span> spans) {
        Resource resource = Resource.newBuilder().addAttributes(KeyValue.newBuilder().setKey("service.name")
                .setValue(AnyValue.newBuilder().setStringValue("shop"))).build();
        return ExportTraceServiceRequest.newBuilder().addResourceSpans(ResourceSpans.newBuilder()
                .setResource(resource).addScopeSpans(ScopeSpans.newBuilder().addAllSpans(spans))).build().toByteArray();
    }

    /** The spans' numbers in a request. */
    static List<Long> spanIds(byte[] otlp) {
        List<Long> ids = new ArrayList<>();
        for (Span span : spans(otlp)) {
            ids.add(ByteBuffer.wrap(span.getSpanId().toByteArray()).getLong());
        }
        return ids;
    }

    private static List<Span> spans(byte[] otlp) {
        try {
            return ExportTraceServiceRequest.parseFrom(otlp).getResourceSpansList().stream()
                    .flatMap(resource -> resource.getScopeSpansList().stream())
                    .flatMap(scope -> scope.getSpansList().stream()).toList();
        } catch (InvalidProtocolBufferException e) {
            throw new AssertionError(e);
        }
    }

    private static byte[] bytes(long... words) {
        ByteBuffer buffer = ByteBuffer.allocate(8 * words.length);
        for (long word : words) {
            buffer.putLong(word);
        }
        return buffer.array();
    }
}
