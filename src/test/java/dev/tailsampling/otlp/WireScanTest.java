package dev.tailsampling.otlp;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import dev.tailsampling.trace.AttributeKey;
import dev.tailsampling.trace.AttributeValue;
import dev.tailsampling.trace.AttributesView;
import dev.tailsampling.trace.ScopeView;
import dev.tailsampling.trace.SpanKind;
import dev.tailsampling.trace.StatusCode;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.common.v1.AnyValue;
import io.opentelemetry.proto.common.v1.ArrayValue;
import io.opentelemetry.proto.common.v1.InstrumentationScope;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.common.v1.KeyValueList;
import io.opentelemetry.proto.trace.v1.ResourceSpans;
import io.opentelemetry.proto.trace.v1.ScopeSpans;
import io.opentelemetry.proto.trace.v1.Span;
import io.opentelemetry.proto.trace.v1.Status;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Spans on the wire are read as protobuf-java reads them. */
class WireScanTest {

    private static final int REQUESTS = 300;

    private final OtlpSpans spans = new OtlpSpans();

    @Test
    void readsWhatProtobufReads() {
        for (long seed = 0; seed < REQUESTS; seed++) {
            assertReadsLikeProtobuf(new RandomRequests(seed).next().toByteArray(), seed);
        }
    }

    @Test
    void readsWhatProtobufReadsInAnyOrderOfFieldsAmongUnknownAndRepeatedOnes() {
        for (long seed = 0; seed < REQUESTS; seed++) {
            byte[] request = new UnusualEncoding(seed).of(new RandomRequests(seed).next());
            assertReadsLikeProtobuf(request, seed);
        }
    }

    @Test
    void knowsTheSizeOfASpan() {
        for (long seed = 0; seed < REQUESTS; seed++) {
            ExportTraceServiceRequest request = new RandomRequests(seed).next();
            List<Integer> sizes = new ArrayList<>();
            scan(request.toByteArray(), span -> sizes.add(span.encodedSize()));
            assertThat(sizes).as("seed %d", seed)
                    .isEqualTo(OwnedSpan.of(request).stream().map(owned -> owned.span().getSerializedSize()).toList());
        }
    }

    @Test
    void givesOneViewOfTheResourceForAllItsSpans() {
        Span span = Span.newBuilder().setTraceId(id(16)).build();
        List<AttributesView> resources = new ArrayList<>();
        scan(request(span, span), view -> resources.add(view.resource()));
        assertThat(resources).hasSize(2);
        assertThat(resources.get(0)).isSameAs(resources.get(1));
    }

    @Test
    void givesOneViewOfTheScopeForAllItsSpans() {
        Span span = Span.newBuilder().setTraceId(id(16)).build();
        List<ScopeView> scopes = new ArrayList<>();
        scan(request(span, span), view -> scopes.add(view.scope()));
        assertThat(scopes).hasSize(2);
        assertThat(scopes.get(0)).isSameAs(scopes.get(1));
    }

    @Test
    void stopsAtTheFirstEventOrLinkThatPasses() {
        Span span = Span.newBuilder().setTraceId(id(16))
                .addEvents(Span.Event.newBuilder().setName("first"))
                .addEvents(Span.Event.newBuilder().setName("second"))
                .addLinks(Span.Link.newBuilder().setTraceId(id(16))).addLinks(Span.Link.newBuilder()).build();
        scan(request(span), view -> {
            List<String> seen = new ArrayList<>();
            assertThat(view.anyEvent(event -> seen.add(event.name()))).isTrue();
            assertThat(view.anyLink(link -> seen.add(Long.toHexString(link.traceIdHigh())))).isTrue();
            assertThat(seen).containsExactly("first", "102030405060708");
        });
    }

    @Test
    void readsAShortMessageAfterALongOne() {
        Span named =
                Span.newBuilder().setTraceId(id(16)).setName("n".repeat(1000)).setTraceState("t".repeat(1000))
                        .setStatus(Status.newBuilder().setMessage("m".repeat(1000)).setCodeValue(2)).setKindValue(2)
                        .setFlags(1).setDroppedLinksCount(1).addEvents(Span.Event.newBuilder().setName("e"))
                        .addLinks(Span.Link.newBuilder().setTraceState("t")).build();
        Span nameless = Span.newBuilder().setTraceId(id(16)).build();
        List<String> names = new ArrayList<>();
        scan(request(named), span -> names.add(span.name()));
        scan(request(nameless), span -> {
            assertThat(span.traceState()).isNull();
            assertSame(span,
                    new OwnedSpan(ResourceSpans.getDefaultInstance(), ScopeSpans.getDefaultInstance(), nameless), 0);
            assertThat(span.attributes().get(AttributeKey.of("any"))).isNull();
            names.add(span.name());
        });
        assertThat(names).containsExactly(named.getName(), "");
    }

    private void assertReadsLikeProtobuf(byte[] request, long seed) {
        List<OwnedSpan> expected = OwnedSpan.of(OwnedSpan.parse(request));
        List<OwnedSpan> rest = new ArrayList<>(expected);
        byte[] amidst = new byte[request.length + 20];
        System.arraycopy(request, 0, amidst, 10, request.length);
        int count = spans.forEach(amidst, 10, request.length, span -> assertSame(span, rest.removeFirst(), seed));
        assertThat(count).as("seed %d", seed).isEqualTo(expected.size());
    }

    private static void assertSame(WireSpan span, OwnedSpan owned, long seed) {
        Span expected = owned.span();
        ByteBuffer traceId = expected.getTraceId().asReadOnlyByteBuffer();
        assertThat(span.traceIdHigh()).as("seed %d", seed).isEqualTo(traceId.getLong(0));
        assertThat(span.traceIdLow()).as("seed %d", seed).isEqualTo(traceId.getLong(8));
        assertThat(span.spanId()).as("seed %d", seed).isEqualTo(number(expected.getSpanId()));
        assertThat(span.parentSpanId()).as("seed %d", seed).isEqualTo(number(expected.getParentSpanId()));
        assertThat(span.isRoot()).as("seed %d", seed).isEqualTo(expected.getParentSpanId().isEmpty());
        assertThat(span.startUnixNano()).as("seed %d", seed).isEqualTo(expected.getStartTimeUnixNano());
        assertThat(span.endUnixNano()).as("seed %d", seed).isEqualTo(expected.getEndTimeUnixNano());
        assertThat(span.status()).as("seed %d", seed)
                .isEqualTo(StatusCode.ofNumber(expected.getStatus().getCodeValue()));
        assertThat(span.name()).as("seed %d", seed).isEqualTo(expected.getName());
        assertThat(span.traceState()).as("seed %d", seed)
                .isEqualTo(expected.getTraceState().isEmpty() ? null : expected.getTraceState());
        assertSame(span.attributes(), expected.getAttributesList(), seed);
        assertSame(span.resource(), owned.resource().getResource().getAttributesList(), seed);
        assertThat(span.statusMessage()).as("seed %d", seed).isEqualTo(expected.getStatus().getMessage());
        assertThat(span.kind()).as("seed %d", seed).isEqualTo(SpanKind.ofNumber(expected.getKindValue()));
        assertThat(span.flags()).as("seed %d", seed).isEqualTo(expected.getFlags());
        assertThat(span.droppedAttributesCount()).as("seed %d", seed)
                .isEqualTo(Integer.toUnsignedLong(expected.getDroppedAttributesCount()));
        assertThat(span.droppedEventsCount()).as("seed %d", seed).isEqualTo(expected.getDroppedEventsCount());
        assertThat(span.droppedLinksCount()).as("seed %d", seed).isEqualTo(expected.getDroppedLinksCount());
        assertSame(span.scope(), owned.scope().getScope(), seed);
        assertSameEvents(span, expected.getEventsList(), seed);
        assertSameLinks(span, expected.getLinksList(), seed);
    }

    private static void assertSame(ScopeView view, InstrumentationScope expected, long seed) {
        assertThat(view.name()).as("seed %d", seed).isEqualTo(expected.getName());
        assertThat(view.version()).as("seed %d", seed).isEqualTo(expected.getVersion());
        assertThat(view.droppedAttributesCount()).as("seed %d", seed).isEqualTo(expected.getDroppedAttributesCount());
        assertSame(view.attributes(), expected.getAttributesList(), seed);
    }

    private static void assertSameEvents(WireSpan span, List<Span.Event> expected, long seed) {
        assertThat(span.eventCount()).as("seed %d", seed).isEqualTo(expected.size());
        Iterator<Span.Event> rest = expected.iterator();
        assertThat(span.anyEvent(view -> {
            Span.Event event = rest.next();
            assertThat(view.name()).as("seed %d", seed).isEqualTo(event.getName());
            assertThat(view.timeUnixNano()).as("seed %d", seed).isEqualTo(event.getTimeUnixNano());
            assertThat(view.droppedAttributesCount()).as("seed %d", seed).isEqualTo(event.getDroppedAttributesCount());
            assertSame(view.attributes(), event.getAttributesList(), seed);
            return false;
        })).isFalse();
        assertThat(rest).as("seed %d", seed).isExhausted();
    }

    private static void assertSameLinks(WireSpan span, List<Span.Link> expected, long seed) {
        assertThat(span.linkCount()).as("seed %d", seed).isEqualTo(expected.size());
        Iterator<Span.Link> rest = expected.iterator();
        assertThat(span.anyLink(view -> {
            Span.Link link = rest.next();
            ByteBuffer traceId = link.getTraceId().asReadOnlyByteBuffer();
            assertThat(view.traceIdHigh()).as("seed %d", seed).isEqualTo(traceId.getLong(0));
            assertThat(view.traceIdLow()).as("seed %d", seed).isEqualTo(traceId.getLong(8));
            assertThat(view.spanId()).as("seed %d", seed).isEqualTo(number(link.getSpanId()));
            assertThat(view.traceState()).as("seed %d", seed)
                    .isEqualTo(link.getTraceState().isEmpty() ? null : link.getTraceState());
            assertSame(view.attributes(), link.getAttributesList(), seed);
            return false;
        })).isFalse();
        assertThat(rest).as("seed %d", seed).isExhausted();
    }

    /** Of a repeated key the first value counts. */
    private static void assertSame(AttributesView view, List<KeyValue> expected, long seed) {
        for (KeyValue attribute : expected) {
            KeyValue first = expected.stream().filter(each -> each.getKey().equals(attribute.getKey())).findFirst()
                    .orElseThrow();
            AttributeValue value = view.get(AttributeKey.of(attribute.getKey()));
            assertThat(value).as("seed %d", seed).isNotNull();
            assertThat(anyValue(value)).as("seed %d", seed).isEqualTo(first.getValue());
        }
        assertThat(view.get(AttributeKey.of("no such key"))).as("seed %d", seed).isNull();
        assertThat(view.size()).as("seed %d", seed).isEqualTo(expected.size());
    }

    static AnyValue anyValue(AttributeValue value) {
        AnyValue.Builder builder = AnyValue.newBuilder();
        switch (value) {
            case AttributeValue.StringValue string -> builder.setStringValue(string.value());
            case AttributeValue.BoolValue bool -> builder.setBoolValue(bool.value());
            case AttributeValue.LongValue number -> builder.setIntValue(number.value());
            case AttributeValue.DoubleValue number -> builder.setDoubleValue(number.value());
            case AttributeValue.BytesValue bytes -> builder.setBytesValue(ByteString.copyFrom(bytes.value()));
            case AttributeValue.ListValue list -> builder.setArrayValue(ArrayValue.newBuilder()
                    .addAllValues(list.values().stream().map(WireScanTest::anyValue).toList()));
            case AttributeValue.MapValue map -> {
                KeyValueList.Builder entries = builder.getKvlistValueBuilder();
                map.entries().forEach(entry -> entries.addValuesBuilder().setKey(entry.key())
                        .setValue(anyValue(entry.value())));
            }
            case AttributeValue.EmptyValue empty -> builder.clearValue();
        }
        return builder.build();
    }

    private void scan(byte[] request, OtlpSpans.Visitor visitor) {
        spans.forEach(request, 0, request.length, visitor);
    }

    static byte[] request(Span... spans) {
        return ExportTraceServiceRequest.newBuilder().addResourceSpans(ResourceSpans.newBuilder()
                .addScopeSpans(ScopeSpans.newBuilder().addAllSpans(List.of(spans)))).build().toByteArray();
    }

    static ByteString id(int length) {
        return ByteString.copyFrom(new byte[]{1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16}, 0, length);
    }

    private static long number(ByteString spanId) {
        return spanId.isEmpty() ? 0 : spanId.asReadOnlyByteBuffer().getLong();
    }
}
