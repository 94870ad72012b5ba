package dev.tailsampling.otlp;

import static dev.tailsampling.otlp.WireScanTest.anyValue;
import static dev.tailsampling.otlp.WireScanTest.id;
import static dev.tailsampling.otlp.WireScanTest.request;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnknownFieldSet;
import dev.tailsampling.trace.AttributeKey;
import dev.tailsampling.trace.AttributeValue;
import dev.tailsampling.trace.AttributesView;
import io.opentelemetry.proto.common.v1.AnyValue;
import io.opentelemetry.proto.common.v1.ArrayValue;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.trace.v1.Span;
import java.util.Arrays;
import java.util.Random;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Bytes that are not OTLP are refused with one kind of exception, and nothing outside the message is ever read. */
@Timeout(60)
class WireDefectsTest {

    private static final int REQUESTS = 300;

    private final OtlpSpans spans = new OtlpSpans();

    @Test
    void refusesASpanWithoutTraceId() {
        assertRefused(Span.newBuilder().setSpanId(id(8)).build(), "a span without a trace id");
        assertRefused(Span.newBuilder().setTraceId(ByteString.copyFrom(new byte[16])).build(),
                "a span without a trace id");
    }

    @Test
    void refusesIdsOfAnotherLength() {
        assertRefused(Span.newBuilder().setTraceId(id(15)).build(), "a trace id that is not 16 bytes long");
        assertRefused(Span.newBuilder().setTraceId(id(16)).setSpanId(id(7)).build(),
                "a span id that is not 8 bytes long");
        assertRefused(Span.newBuilder().setTraceId(id(16)).setParentSpanId(id(9)).build(),
                "a parent span id that is not 8 bytes long");
    }

    @Test
    void refusesAFieldThatReachesBeyondItsMessageIntoTheNext() {
        ByteString start = Span.newBuilder().setTraceId(id(16)).build().toByteString();
        assertSpanRefused(start.concat(bytes(7 << 3 | WireReader.FIXED64, 1, 2, 3)), "the message ends inside a field");
        assertSpanRefused(start.concat(bytes(5 << 3, 0x81)), "the message ends inside a number");
        assertSpanRefused(start.concat(bytes(5 << 3 | WireReader.LENGTH_DELIMITED, 9, 'a', 'b')),
                "a field of 9 bytes where 2 are left");
        assertSpanRefused(start.concat(bytes(0, 0)), "a field number of 0");
        assertSpanRefused(start.concat(bytes(1 << 3 | 3)), "wire type 3");
    }

    @Test
    void refusesAnAttributeThatIsNestedTooDeep() {
        AnyValue value = AnyValue.getDefaultInstance();
        for (int level = 1; level < AnyValueReader.MAX_DEPTH; level++) {
            value = AnyValue.newBuilder().setArrayValue(ArrayValue.newBuilder().addValues(value)).build();
        }
        AnyValue tooDeep = AnyValue.newBuilder().setArrayValue(ArrayValue.newBuilder().addValues(value)).build();
        byte[] request = request(Span.newBuilder().setTraceId(id(16))
                .addAttributes(KeyValue.newBuilder().setKey("deep").setValue(value))
                .addAttributes(KeyValue.newBuilder().setKey("too deep").setValue(tooDeep)).build());
        int count = spans.forEach(request, 0, request.length, span -> {
            assertThat(span.attributes().get(AttributeKey.of("deep"))).isInstanceOf(AttributeValue.ListValue.class);
            assertThatThrownBy(() -> span.attributes().get(AttributeKey.of("too deep")))
                    .isInstanceOf(MalformedOtlpException.class).hasMessageContaining("more than 64 levels deep");
        });
        assertThat(count).isEqualTo(1);
    }

    @Test
    void refusesAnEventALinkOrAScopeThatIsNotOneWhenItIsAskedFor() {
        ByteString start = Span.newBuilder().setTraceId(id(16)).build().toByteString();
        ByteString spanBytes = start.concat(nested(11, bytes(2 << 3 | WireReader.LENGTH_DELIMITED, 9, 'a')))
                .concat(nested(13, bytes(1 << 3 | WireReader.LENGTH_DELIMITED, 2, 1, 2)));
        byte[] request = nested(1, nested(2, nested(1, bytes(1 << 3 | 4)).concat(nested(2, spanBytes)))).toByteArray();
        int count = spans.forEach(request, 0, request.length, span -> {
            assertThat(span.eventCount()).isOne();
            assertThat(span.linkCount()).isOne();
            assertMalformed(() -> span.anyEvent(event -> true), "a field of 9 bytes where 1 are left");
            assertMalformed(() -> span.anyLink(link -> true), "a linked trace id that is not 16 bytes long");
            assertMalformed(() -> span.scope().name(), "wire type 4");
            assertMalformed(() -> span.scope().attributes().get(AttributeKey.of("k")), "wire type 4");
        });
        assertThat(count).isEqualTo(1);
    }

    @Test
    void aTruncatedMessageIsMalformedOrShorterAndNothingBehindItIsRead() {
        for (long seed = 0; seed < 10; seed++) {
            byte[] request = new UnusualEncoding(seed).of(new RandomRequests(seed).next());
            for (int length = 0; length < request.length; length++) {
                byte[] zeros = new byte[request.length + 16];
                byte[] ones = new byte[request.length + 16];
                Arrays.fill(ones, (byte) 0xff);
                System.arraycopy(request, 0, zeros, 8, length);
                System.arraycopy(request, 0, ones, 8, length);
                assertThat(outcome(zeros, 8, length)).as("seed %d, %d bytes", seed, length)
                        .isEqualTo(outcome(ones, 8, length));
            }
        }
    }

    @Test
    void damagedBytesGiveSpansOrOneKindOfException() {
        for (long seed = 0; seed < REQUESTS; seed++) {
            byte[] request = new RandomRequests(seed).next().toByteArray();
            Random random = new Random(seed);
            for (int round = 0; round < 20 && request.length > 0; round++) {
                byte[] damaged = request.clone();
                for (int flips = 1 + random.nextInt(4); flips > 0; flips--) {
                    damaged[random.nextInt(damaged.length)] ^= (byte) (1 << random.nextInt(8));
                }
                assertThat(outcome(damaged, 0, damaged.length)).as("seed %d, round %d", seed, round).isNotNull();
            }
        }
    }

    /** All that a reader finds in the bytes, or what it says of them. */
    private String outcome(byte[] bytes, int offset, int length) {
        StringBuilder found = new StringBuilder();
        try {
            spans.forEach(bytes, offset, length, span -> {
                found.append(span.traceId()).append(span.spanId()).append(span.parentSpanId()).append(span.name())
                        .append(span.traceState()).append(span.startUnixNano()).append(span.endUnixNano())
                        .append(span.status()).append(span.encodedSize()).append(span.statusMessage())
                        .append(span.kind()).append(span.flags()).append(span.scope().name())
                        .append(span.scope().version()).append(span.eventCount()).append(span.linkCount());
                describe(span.attributes(), found);
                describe(span.resource(), found);
                describe(span.scope().attributes(), found);
                span.anyEvent(event -> {
                    describe(event.attributes(), found.append(event.name()).append(event.timeUnixNano()));
                    return false;
                });
                span.anyLink(link -> {
                    describe(link.attributes(), found.append(link.traceIdHigh()).append(link.traceIdLow())
                            .append(link.spanId()).append(link.traceState()));
                    return false;
                });
            });
        } catch (MalformedOtlpException e) {
            found.append(e.getMessage());
        }
        return found.toString();
    }

    private static void describe(AttributesView attributes, StringBuilder description) {
        for (String key : RandomRequests.WORDS) {
            describe(attributes.get(AttributeKey.of(key)), description);
        }
        description.append(attributes.size());
    }

    private static void describe(@Nullable AttributeValue value, StringBuilder description) {
        description.append(value == null ? "absent" : anyValue(value).hashCode());
    }

    private void assertRefused(Span span, String why) {
        assertRefused(request(span), why);
    }

    private void assertSpanRefused(ByteString span, String why) {
        ByteString next = Span.newBuilder().setTraceId(id(16)).setName("next").build().toByteString();
        ByteString scopeSpans = nested(2, span, next);
        assertRefused(nested(1, nested(2, scopeSpans)).toByteArray(), why);
    }

    private void assertRefused(byte[] request, String why) {
        assertMalformed(() -> spans.forEach(request, 0, request.length, view -> {}), why);
    }

    private static void assertMalformed(ThrowingCallable reading, String why) {
        assertThatThrownBy(reading)
                .isInstanceOf(MalformedOtlpException.class).hasMessageContaining(why).hasMessageContaining("at byte");
    }

    private static ByteString nested(int field, ByteString... contents) {
        UnknownFieldSet.Field.Builder occurrences = UnknownFieldSet.Field.newBuilder();
        for (ByteString content : contents) {
            occurrences.addLengthDelimited(content);
        }
        return UnknownFieldSet.newBuilder().addField(field, occurrences.build()).build().toByteString();
    }

    private static ByteString bytes(int... values) {
        byte[] bytes = new byte[values.length];
        for (int i = 0; i < values.length; i++) {
            bytes[i] = (byte) values[i];
        }
        return ByteString.copyFrom(bytes);
    }
}
