package dev.tailsampling.otlp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import dev.tailsampling.trace.StatusCode;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.common.v1.AnyValue;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.resource.v1.Resource;
import io.opentelemetry.proto.trace.v1.ResourceSpans;
import io.opentelemetry.proto.trace.v1.ScopeSpans;
import io.opentelemetry.proto.trace.v1.Span;
import io.opentelemetry.proto.trace.v1.Status;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class RequestBuilderTest {

    private static final long START = 1_700_000_000_000_000_000L;

    private final RequestBuilder builder = new RequestBuilder();

    @Test
    void encodesEveryField() {
        builder.beginResource().attribute("service.name", "cart").attribute("process.pid", 42)
                .beginScope("io.opentelemetry.http", "1.2").attribute("short_name", true)
                .beginSpan(0x0102030405060708L, 0x090a0b0c0d0e0f10L, 0x1112131415161718L)
                .parentSpanId(0xa1a2a3a4a5a6a7a8L).traceState("ot=rv:00000000000001").flags(0x101).name("GET /cart")
                .kind(2).times(START, START + 5).status(StatusCode.ERROR, "boom")
                .attribute("http.method", "GET").attribute("retries", -1L).attribute("load", 0.5)
                .attribute("hit", false)
                .event("exception", START + 1).attribute("exception.type", "IOException")
                .event("retry", START + 2).attribute("attempt", 1L);

        Span expected = Span.newBuilder().setTraceId(bytes("0102030405060708090a0b0c0d0e0f10"))
                .setSpanId(bytes("1112131415161718")).setParentSpanId(bytes("a1a2a3a4a5a6a7a8"))
                .setTraceState("ot=rv:00000000000001").setFlags(0x101).setName("GET /cart")
                .setKind(Span.SpanKind.SPAN_KIND_SERVER).setStartTimeUnixNano(START).setEndTimeUnixNano(START + 5)
                .setStatus(Status.newBuilder().setCode(Status.StatusCode.STATUS_CODE_ERROR).setMessage("boom"))
                .addAttributes(string("http.method", "GET"))
                .addAttributes(keyValue("retries", AnyValue.newBuilder().setIntValue(-1)))
                .addAttributes(keyValue("load", AnyValue.newBuilder().setDoubleValue(0.5)))
                .addAttributes(keyValue("hit", AnyValue.newBuilder().setBoolValue(false)))
                .addEvents(Span.Event.newBuilder().setName("exception").setTimeUnixNano(START + 1)
                        .addAttributes(string("exception.type", "IOException")))
                .addEvents(Span.Event.newBuilder().setName("retry").setTimeUnixNano(START + 2)
                        .addAttributes(keyValue("attempt", AnyValue.newBuilder().setIntValue(1))))
                .build();
        ScopeSpans.Builder scope = ScopeSpans.newBuilder().addSpans(expected);
        scope.getScopeBuilder().setName("io.opentelemetry.http").setVersion("1.2")
                .addAttributes(keyValue("short_name", AnyValue.newBuilder().setBoolValue(true)));
        Resource.Builder resource = Resource.newBuilder().addAttributes(string("service.name", "cart"))
                .addAttributes(keyValue("process.pid", AnyValue.newBuilder().setIntValue(42)));
        assertThat(OwnedSpan.parse(builder.take())).isEqualTo(ExportTraceServiceRequest.newBuilder()
                .addResourceSpans(ResourceSpans.newBuilder().setResource(resource).addScopeSpans(scope)).build());
    }

    @Test
    void keepsSpansUnderTheScopeAndResourceBegunLast() {
        builder.beginResource().beginScope("a", "").beginSpan(1, 1, 1).beginSpan(1, 1, 2).event("e", START)
                .beginSpan(1, 1, 3).beginScope("b", "").beginSpan(1, 1, 4)
                .beginResource().attribute("service.name", "second").beginScope("c", "").beginSpan(1, 1, 5);
        List<OwnedSpan> spans = OwnedSpan.of(OwnedSpan.parse(builder.take()));
        assertThat(spans).extracting(owned -> owned.span().getSpanId().byteAt(7)).containsExactly(
                (byte) 1, (byte) 2, (byte) 3, (byte) 4, (byte) 5);
        assertThat(spans).extracting(owned -> owned.scope().getScope().getName()).containsExactly("a", "a", "a", "b",
                "c");
        assertThat(spans).extracting(owned -> owned.resource().getResource().getAttributesCount())
                .containsExactly(0, 0, 0, 0, 1);
    }

    @Test
    void leavesOutTheParentOfARootAndAnEmptyStatusMessage() {
        builder.beginResource().beginScope("", "").beginSpan(1, 2, 3).parentSpanId(0).status(StatusCode.OK, "");
        Span span = OwnedSpan.of(OwnedSpan.parse(builder.take())).getFirst().span();
        assertThat(span.getParentSpanId()).isEqualTo(ByteString.EMPTY);
        assertThat(span.getStatus()).isEqualTo(Status.newBuilder().setCode(Status.StatusCode.STATUS_CODE_OK).build());
    }

    @Test
    void isReadableAtAnySize() {
        for (long seed = 0; seed < 100; seed++) {
            Random random = new Random(seed);
            int spans = random.nextInt(1, 200);
            builder.beginResource().attribute("service.name", "s".repeat(random.nextInt(300))).beginScope("scope", "");
            for (int i = 1; i <= spans; i++) {
                builder.beginSpan(seed, i, i).name("n".repeat(random.nextInt(300)));
                for (int attributes = random.nextInt(5); attributes > 0; attributes--) {
                    builder.attribute("k".repeat(random.nextInt(150)), "v".repeat(random.nextInt(20_000)));
                }
            }
            byte[] request = builder.take();
            assertThat(OwnedSpan.of(OwnedSpan.parse(request))).as("seed %d", seed).hasSize(spans);
        }
    }

    @Test
    void isEmptyAfterATake() {
        assertThat(builder.take()).isEmpty();
        builder.beginResource().beginScope("a", "1").beginSpan(1, 2, 3);
        assertThat(builder.size()).isPositive();
        byte[] first = builder.take();
        assertThat(builder.size()).isZero();
        builder.beginResource().beginScope("a", "1").beginSpan(1, 2, 3);
        assertThat(builder.take()).isEqualTo(first);
    }

    @Test
    void refusesWhatHasNoPlace() {
        assertMisplaced(() -> builder.attribute("key", "value"), "an attribute needs a resource");
        assertMisplaced(() -> builder.beginScope("a", ""), "a scope needs a resource");
        builder.beginResource();
        assertMisplaced(() -> builder.beginSpan(1, 2, 3), "a span needs a scope");
        builder.beginScope("a", "");
        assertMisplaced(() -> builder.name("name"), "a field of a span");
        assertMisplaced(() -> builder.event("event", START), "an event needs a span");
        builder.beginSpan(1, 2, 3).event("event", START);
        assertMisplaced(() -> builder.kind(2), "comes before its events");
        builder.take();
        assertMisplaced(() -> builder.attribute("key", 1), "an attribute needs a resource");
    }

    private static void assertMisplaced(Runnable call, String why) {
        assertThatThrownBy(call::run).isInstanceOf(IllegalStateException.class).hasMessageContaining(why);
    }

    private static KeyValue string(String key, String value) {
        return keyValue(key, AnyValue.newBuilder().setStringValue(value));
    }

    private static KeyValue keyValue(String key, AnyValue.Builder value) {
        return KeyValue.newBuilder().setKey(key).setValue(value).build();
    }

    private static ByteString bytes(String hex) {
        return ByteString.copyFrom(HexFormat.of().parseHex(hex));
    }
}
