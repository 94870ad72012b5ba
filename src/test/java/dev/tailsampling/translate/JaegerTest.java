package dev.tailsampling.translate;

import static dev.tailsampling.translate.Expected.attribute;
import static dev.tailsampling.translate.Expected.hex;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import dev.tailsampling.otlp.MalformedOtlpException;
import io.opentelemetry.proto.common.v1.AnyValue;
import io.opentelemetry.proto.trace.v1.ResourceSpans;
import io.opentelemetry.proto.trace.v1.Span;
import io.opentelemetry.proto.trace.v1.Status;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class JaegerTest {

    private static final String TRACE = "000102030405060708090a0b0c0d0e0f";
    private static final String SPAN = "a1a2a3a4a5a6a7a8";
    private static final String PARENT = "b1b2b3b4b5b6b7b8";
    private static final String OTHER_TRACE = "ffffffffffffffffffffffffffffffff";
    private static final long START_SECONDS = 1_485_467_191;
    private static final long START = START_SECONDS * 1_000_000_000 + 639_875_139;
    private static final long DURATION = 1_000_005_000;

    /** The message as Jaeger's model.proto numbers it. */
    private static final byte[] PROTO = new Proto()
            .hex(1, TRACE).hex(2, SPAN).text(3, "GET /cart")
            .message(4, new Proto().hex(1, OTHER_TRACE).hex(2, PARENT))
            .message(4, new Proto().hex(1, TRACE).hex(2, PARENT))
            .message(4, new Proto().hex(1, TRACE).hex(2, "0000000000000007").number(3, 1))
            .number(5, 1).message(6, new Proto().number(1, START_SECONDS).number(2, 639_875_139))
            .message(7, new Proto().number(1, 1).number(2, 5_000))
            .message(8, text("span.kind", "client")).message(8, text("peer.service", "shop"))
            .message(8, new Proto().text(1, "retries").number(2, 2).number(5, -3))
            .message(8, new Proto().text(1, "none").number(2, 2))
            .message(8, new Proto().text(1, "error").number(2, 1).number(4, 1))
            .message(8, new Proto().text(1, "load").number(2, 3).real(6, 72.5))
            .message(8, new Proto().text(1, "blob").number(2, 4).hex(7, "00003039"))
            .message(8, text("otel.scope.name", "io.shop")).message(8, text("otel.scope.version", "2"))
            .message(8, text("otel.status_description", "boom")).message(8, text("w3c.tracestate", "ot=rv:1"))
            .message(9, new Proto().message(1, new Proto().number(1, START_SECONDS))
                    .message(2, text("event", "exception")).message(2, text("x", "y")))
            .message(10, new Proto().text(1, "cart").message(2, text("hostname", "node-1"))
                    .message(2, text("jaeger.version", "Go-2")))
            .text(11, "p1").text(12, "clock skew").take();

    /** The same as protobuf's JSON has it, with ids in base64. */
    private static final String JSON = """
            {"traceId":"AAECAwQFBgcICQoLDA0ODw==","spanId":"oaKjpKWmp6g=","operationName":"GET /cart",
            "references":[{"traceId":"/////////////////////w==","spanId":"sbKztLW2t7g=","refType":"CHILD_OF"},
            {"traceId":"AAECAwQFBgcICQoLDA0ODw==","spanId":"sbKztLW2t7g="},
            {"traceId":"AAECAwQFBgcICQoLDA0ODw==","spanId":"AAAAAAAAAAc=","refType":"FOLLOWS_FROM"}],
            "flags":1,"startTime":"2017-01-26T16:46:31.639875139-05:00","duration":"1.000005s",
            "tags":[{"key":"span.kind","vStr":"client"},{"key":"peer.service","vType":"STRING","vStr":"shop"},
            {"key":"retries","vType":"INT64","vInt64":"-3"},{"key":"none","vType":2},
            {"key":"error","vType":"BOOL","vBool":true},{"key":"load","vType":"FLOAT64","vFloat64":72.5},
            {"key":"blob","vType":"BINARY","vBinary":"AAAwOQ=="},
            {"key":"otel.scope.name","vStr":"io.shop"},{"key":"otel.scope.version","vStr":"2"},
            {"key":"otel.status_description","vStr":"boom"},{"key":"w3c.tracestate","vStr":"ot=rv:1"}],
            "logs":[{"timestamp":"2017-01-26T21:46:31Z","fields":[{"key":"event","vStr":"exception"},
            {"key":"x","vStr":"y"}]}],
            "process":{"service_name":"cart","tags":[{"key":"hostname","vStr":"node-1"},
            {"key":"jaeger.version","vStr":"Go-2"}]},"processId":"p1","warnings":["clock skew"]}""";

    private static Proto text(String key, String value) {
        return new Proto().text(1, key).text(3, value);
    }

    @Test
    void everyFieldOfProtobufHasItsPlace() {
        assertThat(Expected.only(SpanEncoding.JAEGER_PROTO.translator().toOtlp(PROTO))).isEqualTo(expected());
    }

    @Test
    void everyFieldOfJsonHasItsPlace() {
        assertThat(Expected.only(json(JSON))).isEqualTo(expected());
    }

    private static ResourceSpans expected() {
        Span span = Span.newBuilder().setTraceId(hex(TRACE)).setSpanId(hex(SPAN)).setParentSpanId(hex(PARENT))
                .setName("GET /cart").setStartTimeUnixNano(START).setEndTimeUnixNano(START + DURATION)
                .setKind(Span.SpanKind.SPAN_KIND_CLIENT).setTraceState("ot=rv:1")
                .setStatus(Status.newBuilder().setCode(Status.StatusCode.STATUS_CODE_ERROR).setMessage("boom"))
                .addAttributes(attribute("peer.service", "shop")).addAttributes(attribute("retries", -3))
                .addAttributes(attribute("none", 0))
                .addAttributes(attribute("load", AnyValue.newBuilder().setDoubleValue(72.5)))
                .addAttributes(attribute("blob", AnyValue.newBuilder().setBytesValue(hex("00003039"))))
                .addEvents(Span.Event.newBuilder().setTimeUnixNano(START_SECONDS * 1_000_000_000).setName("exception")
                        .addAttributes(attribute("x", "y")))
                .addLinks(Span.Link.newBuilder().setTraceId(hex(TRACE)).setSpanId(hex("0000000000000007"))
                        .addAttributes(attribute("opentracing.ref_type", "follows_from")))
                .build();
        ResourceSpans.Builder resource = ResourceSpans.newBuilder();
        resource.getResourceBuilder().addAttributes(attribute("service.name", "cart"))
                .addAttributes(attribute("host.name", "node-1"))
                .addAttributes(attribute("opencensus.exporterversion", "Jaeger-Go-2"));
        resource.addScopeSpansBuilder().addSpans(span).getScopeBuilder().setName("io.shop").setVersion("2");
        return resource.build();
    }

    @Test
    void aReferenceIntoAnotherTraceIsALink() {
        Span span = Expected.onlySpan(json("""
                {"traceId":"1","spanId":"2","references":[{"traceId":"ff","spanId":"ee"}]}"""));

        assertThat(span.getParentSpanId()).isEqualTo(ByteString.EMPTY);
        assertThat(span.getLinksList()).containsExactly(Span.Link.newBuilder()
                .setTraceId(hex("000000000000000000000000000000ff")).setSpanId(hex("00000000000000ee"))
                .addAttributes(attribute("opentracing.ref_type", "child_of")).build());
    }

    @Test
    void withoutChildOfTheFirstFollowsFromIsTheParent() {
        Span span = Expected.onlySpan(json("""
                {"traceId":"1","spanId":"2","references":[{"refType":"FOLLOWS_FROM","traceId":"1","spanId":"3"}]}"""));

        assertThat(span.getParentSpanId()).isEqualTo(hex("0000000000000003"));
        assertThat(span.getLinksCount()).isOne();
    }

    @ParameterizedTest
    @CsvSource(textBlock = """
            client, 404, ERROR
            server, 404, UNSET
            server, 503, ERROR
            client, 302, UNSET
            '',     404, ERROR
            """)
    void httpStatusTellsWhereNothingElseDoes(String kind, int status, String expected) {
        Span span = Expected.onlySpan(json("""
                {"traceId":"1","spanId":"2","tags":[{"key":"span.kind","vStr":"%s"},
                {"key":"http.status_code","vType":"INT64","vInt64":%d}]}""".formatted(kind, status)));

        assertThat(span.getStatus().getCode().name()).isEqualTo("STATUS_CODE_" + expected);
    }

    @Test
    void whatAnSdkSaidGoesBeforeTheHttpStatus() {
        Span span = Expected.onlySpan(json("""
                {"traceId":"1","spanId":"2","tags":[{"key":"otel.status_code","vStr":"OK"},
                {"key":"http.status_code","vType":"INT64","vInt64":500},{"key":"error","vType":"BOOL"}]}"""));

        assertThat(span.getStatus().getCode()).isEqualTo(Status.StatusCode.STATUS_CODE_OK);
        assertThat(span.getAttributesList()).containsExactly(attribute("http.status_code", 500),
                attribute("error", false));
    }

    @ParameterizedTest
    @CsvSource({"5000ns, 5000", "1.5ms, 1500000", "1m0.5s, 60500000000", "'', 0", ".5us, 500"})
    void durationsAreAsGoWritesThem(String text, long nanos) {
        Span span = Expected.onlySpan(json("{\"traceId\":\"1\",\"spanId\":\"2\",\"duration\":\"" + text + "\"}"));

        assertThat(span.getEndTimeUnixNano() - span.getStartTimeUnixNano()).isEqualTo(nanos);
    }

    @ParameterizedTest
    @ValueSource(strings = {"{}", "[]", "", "{\"traceId\":\"1\"", "{\"traceId\":\"xyz\"}", "{\"traceId\":7}",
            "{\"traceId\":\"1\",\"duration\":\"soon\"}", "{\"traceId\":\"1\",\"startTime\":\"now\"}",
            "{\"traceId\":\"1\",\"tags\":{}}", "{\"traceId\":\"1\",\"tags\":[{\"key\":\"a\",\"vType\":\"X\"}]}",
            "{\"traceId\":\"1\",\"tags\":[{\"vType\":\"INT64\",\"vInt64\":\"1.5\"}]}", "{\"traceId\":\"1\"}{}"})
    void saysWhatIsWrongWithJson(String text) {
        assertThatThrownBy(() -> json(text)).isInstanceOf(MalformedOtlpException.class)
                .hasMessageStartingWith("not a Jaeger span in JSON: ");
    }

    @Test
    void damagedProtobufIsRefusedOrRead() {
        Random random = new Random(7);
        SpanTranslator translator = SpanEncoding.JAEGER_PROTO.translator();
        for (int i = 0; i < 2_000; i++) {
            byte[] damaged = Arrays.copyOf(PROTO, random.nextInt(PROTO.length) + 1);
            damaged[random.nextInt(damaged.length)] = (byte) random.nextInt();
            try {
                Expected.parse(translator.toOtlp(damaged));
            } catch (MalformedOtlpException e) {
                assertThat(e).as("seed 7, case %d", i).hasMessageStartingWith("not a Jaeger span in protobuf: ");
            }
        }
        // What went wrong before must not show.
        assertThat(Expected.only(translator.toOtlp(PROTO))).isEqualTo(expected());
    }

    private static byte[] json(String text) {
        return SpanEncoding.JAEGER_JSON.translator().toOtlp(text.getBytes(StandardCharsets.UTF_8));
    }
}
