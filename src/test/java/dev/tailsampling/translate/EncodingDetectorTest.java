package dev.tailsampling.translate;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.trace.v1.ResourceSpans;
import io.opentelemetry.proto.trace.v1.Span;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EncodingDetectorTest {

    private static final String TRACE = "000102030405060708090a0b0c0d0e0f";
    private static final String ID = "a1a2a3a4a5a6a7a8";

    @ParameterizedTest
    @CsvSource(delimiter = ';', textBlock = """
            {"resourceSpans":[]}                      ; OTLP_JSON
            {"note":{"a":[1]}, "resource_spans":[]}; OTLP_JSON
            {}                                        ; OTLP_JSON
            {"broken                                  ; OTLP_JSON
            {"traceId":"AAECAwQFBgcICQoLDA0ODw=="}    ; JAEGER_JSON
            {"flags":1,"trace_id":"1"}                ; JAEGER_JSON
            [{"traceId":"1"}]                         ; ZIPKIN_JSON
            []                                        ; ZIPKIN_JSON
            """)
    void tellsJsonByItsNames(String text, SpanEncoding expected) {
        assertThat(EncodingDetector.detect(text.getBytes(StandardCharsets.UTF_8))).isEqualTo(expected);
    }

    @Test
    void tellsProtobufByItsIds() {
        assertThat(EncodingDetector.detect(new Proto().hex(1, TRACE).hex(2, ID).text(3, "name").take()))
                .isEqualTo(SpanEncoding.JAEGER_PROTO);
        assertThat(EncodingDetector.detect(list(new Proto().hex(1, TRACE).hex(3, ID))))
                .isEqualTo(SpanEncoding.ZIPKIN_PROTO);
        assertThat(EncodingDetector.detect(list(new Proto().hex(1, TRACE).hex(2, ID).hex(3, ID))))
                .isEqualTo(SpanEncoding.ZIPKIN_PROTO);
        assertThat(EncodingDetector.detect(list(new Proto().hex(1, ID).hex(3, ID).text(5, "x".repeat(300)))))
                .isEqualTo(SpanEncoding.ZIPKIN_PROTO);
        assertThat(EncodingDetector.detect(new byte[0])).isEqualTo(SpanEncoding.OTLP_PROTO);
    }

    @Test
    void textMayBeginWithALineFeed() {
        assertThat(EncodingDetector.detect("\n[]".getBytes(StandardCharsets.UTF_8)))
                .isEqualTo(SpanEncoding.ZIPKIN_JSON);
        assertThat(EncodingDetector.detect("\n {\"traceId\": \"1\"}".getBytes(StandardCharsets.UTF_8)))
                .isEqualTo(SpanEncoding.JAEGER_JSON);
    }

    private static byte[] list(Proto span) {
        return new Proto().message(1, span).take();
    }

    /** Among them are requests whose length is a bracket, and resources of 8 and 16 bytes. */
    @Test
    void takesNoOtlpForAnythingElse() {
        Random random = new Random(11);
        for (int size = 0; size < 300; size++) {
            byte[] traceId = new byte[16];
            byte[] spanId = new byte[8];
            random.nextBytes(traceId);
            random.nextBytes(spanId);
            ResourceSpans.Builder resource = ResourceSpans.newBuilder().setSchemaUrl("x".repeat(random.nextInt(20)));
            resource.getResourceBuilder().addAttributesBuilder().setKey("k".repeat(size % 40));
            resource.addScopeSpansBuilder().addSpans(Span.newBuilder().setTraceId(ByteString.copyFrom(traceId))
                    .setSpanId(ByteString.copyFrom(spanId)).setName("n".repeat(size)));
            byte[] otlp = ExportTraceServiceRequest.newBuilder().addResourceSpans(resource).build().toByteArray();

            assertThat(EncodingDetector.detect(otlp)).as("seed 11, size %d", size).isEqualTo(SpanEncoding.OTLP_PROTO);
        }
    }
}
