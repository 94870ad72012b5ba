package dev.tailsampling.selector;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import dev.tailsampling.otlp.CompressedSpans;
import dev.tailsampling.otlp.SpanCompression;
import dev.tailsampling.trace.OutgoingTraceState;
import dev.tailsampling.trace.Threshold;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.trace.v1.Span;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class OutgoingSpansTest {

    /** Incoming and outgoing tracestate under threshold 8, randomness f. */
    private static final Map<String, String> CASES = Map.of("", "ot=th:8", "ot=th:c", "ot=th:c", "a=b,ot=th:4;x:y",
            "ot=th:8;x:y,a=b", "ot=th:4;rv:00000000000000", "ot=rv:00000000000000", "ot=broken", "ot=broken");

    private static final OutgoingTraceState RULE =
            new OutgoingTraceState(Threshold.parse("f").value(), Threshold.parse("8"));

    private static ExportTraceServiceRequest request(List<String> traceStates) {
        var request = ExportTraceServiceRequest.newBuilder();
        for (String traceState : traceStates) {
            int number = request.getResourceSpansCount();
            var resource = request.addResourceSpansBuilder().setSchemaUrl("https://example.test/" + number);
            resource.getResourceBuilder().setDroppedAttributesCount(number);
            resource.addScopeSpansBuilder().addSpans(Span.newBuilder()
                    .setTraceId(ByteString.copyFromUtf8("0123456789abcdef"))
                    .setSpanId(ByteString.copyFromUtf8("span-one"))
                    .setTraceState(traceState).setName("work"));
        }
        return request.build();
    }

    @Test
    void onlyTraceStateChangesAndMalformedOnesAreCounted() throws Exception {
        OutgoingSpans spans = new OutgoingSpans();
        List<String> incoming = List.copyOf(CASES.keySet());

        byte[] outgoing = spans.of(request(incoming).toByteArray(), RULE);

        assertThat(ExportTraceServiceRequest.parseFrom(outgoing))
                .isEqualTo(request(incoming.stream().map(CASES::get).toList()));
        assertThat(spans.malformed()).isEqualTo(1);
        spans.of(request(List.of("")).toByteArray(), RULE);
        assertThat(spans.malformed()).as("of the last request").isZero();
    }

    @Test
    void anUnknownProbabilityIsErased() throws Exception {
        byte[] outgoing = new OutgoingSpans().of(request(List.of("ot=th:4", "")).toByteArray(),
                new OutgoingTraceState(0, null));

        assertThat(ExportTraceServiceRequest.parseFrom(outgoing).getResourceSpansList())
                .allSatisfy(resource -> assertThat(resource.getScopeSpans(0).getSpans(0).getTraceState()).isEmpty());
    }

    @Test
    void similarSpansAreJoinedAndHaveTheTraceState() throws Exception {
        var request = ExportTraceServiceRequest.newBuilder();
        var spans = request.addResourceSpansBuilder().addScopeSpansBuilder();
        for (int i = 0; i < 5; i++) {
            spans.addSpans(Span.newBuilder().setTraceId(ByteString.copyFromUtf8("0123456789abcdef"))
                    .setSpanId(ByteString.copyFromUtf8("span-no" + i)).setKind(Span.SpanKind.SPAN_KIND_CLIENT)
                    .setParentSpanId(ByteString.copyFromUtf8("a-parent")).setStartTimeUnixNano(1 + i)
                    .setEndTimeUnixNano(10));
        }
        SpanCompression settings = new SpanCompression(5, Duration.ofNanos(4), Duration.ofSeconds(1));

        byte[] outgoing = new OutgoingSpans(new CompressedSpans(settings, "topic/3"))
                .of(request.build().toByteArray(), RULE);

        List<Span> left =
                ExportTraceServiceRequest.parseFrom(outgoing).getResourceSpans(0).getScopeSpans(0).getSpansList();
        assertThat(left).hasSize(1);
        assertThat(left.getFirst().getTraceState()).isEqualTo("ot=th:8");
        assertThat(left.getFirst().getAttributesList())
                .anySatisfy(attribute -> assertThat(attribute.getValue().getStringValue()).isEqualTo("topic/3"));
    }

    @Test
    void aRequestWithoutSpansStays() {
        assertThat(new OutgoingSpans().of(new byte[0], RULE)).isEmpty();
    }
}
