package dev.tailsampling.translate;

import static dev.tailsampling.translate.Expected.attribute;
import static dev.tailsampling.translate.Expected.hex;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

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

class ZipkinTest {

    private static final long START_MICROS = 1_502_787_600_000_000L;

    private static final byte[] PROTO = new Proto().message(1, new Proto()
            .hex(1, "000102030405060708090a0b0c0d0e0f").hex(2, "b1b2b3b4b5b6b7b8").hex(3, "a1a2a3a4a5a6a7a8")
            .number(4, 2).text(5, "get /cart").fixed(6, START_MICROS).number(7, 150)
            .message(8, new Proto().text(1, "cart").hex(2, "0a000001").number(4, 8080))
            .message(9, new Proto().text(1, "front").hex(3, "20010db8000000000000000000000001").number(4, 9))
            .message(10, new Proto().fixed(1, START_MICROS + 5).text(2, "ws"))
            .message(10,
                    new Proto().fixed(1, START_MICROS + 6).text(2, "retry|{\"attempt\":2,\"f\":0.5,\"ok\":true}|0"))
            .message(11, tag("http.path", "/cart")).message(11, tag("error", "timeout"))
            .message(11, tag("otel.scope.name", "io.shop")).message(11, tag("otel.library.name", "io.shop"))
            .message(11, tag("telemetry.sdk.name", "opentelemetry")).message(11, tag("w3c.tracestate", "ot=rv:1"))
            .message(11, tag("otlp.link.0",
                    "ffffffffffffffffffffffffffffffff|0000000000000007|a=b|{\"k\":\"v|w\"}|0"))
            .number(12, 1)).take();

    private static final String JSON = """
            [{"traceId":"000102030405060708090a0b0c0d0e0f","parentId":"b1b2b3b4b5b6b7b8","id":"a1a2a3a4a5a6a7a8",
            "kind":"SERVER","name":"get /cart","timestamp":1502787600000000,"duration":150,
            "localEndpoint":{"serviceName":"cart","ipv4":"10.0.0.1","port":8080},
            "remoteEndpoint":{"serviceName":"front","ipv6":"2001:db8:0:0:0:0:0:1","port":9},
            "annotations":[{"timestamp":1502787600000005,"value":"ws"},
            {"timestamp":1502787600000006,"value":"retry|{\\"attempt\\":2,\\"f\\":0.5,\\"ok\\":true}|0"}],
            "tags":{"http.path":"/cart","error":"timeout","otel.scope.name":"io.shop","otel.library.name":"io.shop",
            "telemetry.sdk.name":"opentelemetry","w3c.tracestate":"ot=rv:1",
            "otlp.link.0":"ffffffffffffffffffffffffffffffff|0000000000000007|a=b|{\\"k\\":\\"v|w\\"}|0"},
            "debug":true}]""";

    private static Proto tag(String key, String value) {
        return new Proto().text(1, key).text(2, value);
    }

    @Test
    void everyFieldOfProtobufHasItsPlace() {
        assertThat(Expected.only(SpanEncoding.ZIPKIN_PROTO.translator().toOtlp(PROTO))).isEqualTo(expected());
    }

    @Test
    void everyFieldOfJsonHasItsPlace() {
        assertThat(Expected.only(json(JSON))).isEqualTo(expected());
    }

    private static ResourceSpans expected() {
        Span span = Span.newBuilder().setTraceId(hex("000102030405060708090a0b0c0d0e0f"))
                .setSpanId(hex("a1a2a3a4a5a6a7a8")).setParentSpanId(hex("b1b2b3b4b5b6b7b8")).setName("get /cart")
                .setStartTimeUnixNano(START_MICROS * 1_000).setEndTimeUnixNano((START_MICROS + 150) * 1_000)
                .setKind(Span.SpanKind.SPAN_KIND_SERVER).setTraceState("ot=rv:1")
                .setStatus(Status.newBuilder().setCode(Status.StatusCode.STATUS_CODE_ERROR).setMessage("timeout"))
                .addAttributes(attribute("net.host.ip", "10.0.0.1")).addAttributes(attribute("net.host.port", 8080))
                .addAttributes(attribute("peer.service", "front"))
                .addAttributes(attribute("net.peer.ip", "2001:db8:0:0:0:0:0:1"))
                .addAttributes(attribute("net.peer.port", 9)).addAttributes(attribute("http.path", "/cart"))
                .addEvents(Span.Event.newBuilder().setTimeUnixNano((START_MICROS + 5) * 1_000).setName("ws"))
                .addEvents(Span.Event.newBuilder().setTimeUnixNano((START_MICROS + 6) * 1_000).setName("retry")
                        .addAttributes(attribute("attempt", 2))
                        .addAttributes(attribute("f", AnyValue.newBuilder().setDoubleValue(0.5)))
                        .addAttributes(attribute("ok", true)))
                .addLinks(Span.Link.newBuilder().setTraceId(hex("ffffffffffffffffffffffffffffffff"))
                        .setSpanId(hex("0000000000000007")).setTraceState("a=b")
                        .addAttributes(attribute("k", "v|w")))
                .build();
        ResourceSpans.Builder resource = ResourceSpans.newBuilder();
        resource.getResourceBuilder().addAttributes(attribute("service.name", "cart"))
                .addAttributes(attribute("telemetry.sdk.name", "opentelemetry"));
        resource.addScopeSpansBuilder().addSpans(span).getScopeBuilder().setName("io.shop");
        return resource.build();
    }

    @ParameterizedTest
    @CsvSource({"true, ERROR, ''", "'', ERROR, ''", "no route, ERROR, no route", "false, UNSET, ''"})
    void anErrorTagIsAnErrorAndItsDescription(String tag, String code, String message) {
        Status status =
                Expected.onlySpan(json("[{\"traceId\":\"1\",\"id\":\"2\",\"tags\":{\"error\":\"" + tag + "\"}}]"))
                        .getStatus();

        assertThat(status.getCode().name()).isEqualTo("STATUS_CODE_" + code);
        assertThat(status.getMessage()).isEqualTo(message);
    }

    @Test
    void takesWhatAnSdkSaid() {
        Span span = Expected.onlySpan(json("""
                [{"traceId":"1","id":"2","tags":{"otel.status_code":"OK","span.kind":"internal"}}]"""));

        assertThat(span.getStatus().getCode()).isEqualTo(Status.StatusCode.STATUS_CODE_OK);
        assertThat(span.getKind()).isEqualTo(Span.SpanKind.SPAN_KIND_INTERNAL);
        assertThat(span.getTraceId()).isEqualTo(hex("00000000000000000000000000000001"));
    }

    @Test
    void lateDataBeginsWithItsFirstAnnotation() {
        Span span = Expected.onlySpan(json("""
                [{"traceId":"1","id":"2","annotations":[{"timestamp":20,"value":"b"},{"timestamp":10,"value":"a|b|c"}]}]
                """));

        assertThat(span.getStartTimeUnixNano()).isEqualTo(10_000);
        assertThat(span.getAttributesList()).containsExactly(attribute("otel.zipkin.absentField.startTime", true));
        assertThat(span.getEvents(1).getName()).isEqualTo("a|b|c");
    }

    @Test
    void neighboursShareTheirResource() {
        var request = Expected.parse(json("""
                [{"traceId":"1","id":"1","localEndpoint":{"serviceName":"a"}},
                {"traceId":"2","id":"2","localEndpoint":{"serviceName":"a"}},
                {"traceId":"1","id":"3","localEndpoint":{"serviceName":"b"}}, {"traceId":"1","id":"4"}]"""));

        assertThat(request.getResourceSpansList()).extracting(resource -> resource.getScopeSpans(0).getSpansCount())
                .containsExactly(2, 1, 1);
        assertThat(request.getResourceSpans(2).getResource().getAttributesList()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"{}", "", "[1]", "[{}]", "[{\"traceId\":\"1\",\"kind\":\"X\"}]", "[{\"traceId\":\"-1\"}]",
            "[{\"traceId\":\"1\",\"id\":\"12345678901234567\"}]", "[{\"traceId\":\"1\",\"timestamp\":1.5}]",
            "[{\"traceId\":\"1\",\"tags\":{\"a\":[]}}]", "[{\"traceId\":\"1\"}"})
    void saysWhatIsWrongWithJson(String text) {
        assertThatThrownBy(() -> json(text)).isInstanceOf(MalformedOtlpException.class)
                .hasMessageStartingWith("not a list of Zipkin v2 spans in JSON: ");
    }

    @Test
    void damagedProtobufIsRefusedOrRead() {
        Random random = new Random(7);
        SpanTranslator translator = SpanEncoding.ZIPKIN_PROTO.translator();
        for (int i = 0; i < 2_000; i++) {
            byte[] damaged = Arrays.copyOf(PROTO, random.nextInt(PROTO.length) + 1);
            damaged[random.nextInt(damaged.length)] = (byte) random.nextInt();
            try {
                Expected.parse(translator.toOtlp(damaged));
            } catch (MalformedOtlpException e) {
                assertThat(e).as("seed 7, case %d", i)
                        .hasMessageStartingWith("not a list of Zipkin spans in protobuf: ");
            }
        }
    }

    @Test
    void linksThatAreNoneAreLeftOut() {
        Span span = Expected.onlySpan(json("""
                [{"traceId":"1","id":"2","tags":{"otlp.link.0":"nonsense","otlp.link.1":"xyz|1||{}|0",
                "otlp.link.2":"1|2||{}|0"}}]"""));

        assertThat(span.getLinksList()).extracting(link -> link.getSpanId().byteAt(7)).containsExactly((byte) 2);
    }

    private static byte[] json(String text) {
        return SpanEncoding.ZIPKIN_JSON.translator().toOtlp(text.getBytes(StandardCharsets.UTF_8));
    }
}
