package dev.tailsampling.otlp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.opentelemetry.proto.common.v1.AnyValue;
import io.opentelemetry.proto.common.v1.ArrayValue;
import io.opentelemetry.proto.trace.v1.Span;
import io.opentelemetry.proto.trace.v1.Status;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Values that tables hold in more than one way, and such as do not fit. All fields are in LayoutContractTest. */
class OtlpRecordEncoderTest {

    private final OtlpRecordEncoder encoder = new OtlpRecordEncoder();

    private static OtlpRecord record(Map<String, ?> fields) {
        return fields::get;
    }

    private byte[] encode(Map<String, ?> span) {
        OtlpRecord scopeSpans = record(Map.of("spans", List.of(record(span))));
        OtlpRecord resourceSpans = record(Map.of("scope_spans", List.of(scopeSpans)));
        return encoder.encode(record(Map.of("resource_spans", List.of(resourceSpans))));
    }

    private Span span(Map<String, ?> span) {
        return OwnedSpan.of(OwnedSpan.parse(encode(span))).getFirst().span();
    }

    @Test
    void enumsAreNamesInAnySpellingOrNumbers() {
        for (Object server : List.of("SPAN_KIND_SERVER", "SERVER", "Server", 2, 2L)) {
            assertThat(span(Map.of("kind", server)).getKind()).isEqualTo(Span.SpanKind.SPAN_KIND_SERVER);
        }
        for (Object error : List.of("STATUS_CODE_ERROR", "ERROR", "Error", 2)) {
            assertThat(span(Map.of("status", record(Map.of("code", error)))).getStatus().getCode())
                    .isEqualTo(Status.StatusCode.STATUS_CODE_ERROR);
        }
        assertThat(span(Map.of("kind", "UNKNOWN_ENUM_VALUE_SpanKind_99")).getKindValue()).isEqualTo(99);
        assertThat(span(Map.of("kind", "UNKNOWN_ENUM_VALUE_SpanKind_-1")).getKindValue()).isEqualTo(-1);
    }

    @Test
    void numbersAreUnsignedWhereOtlpSaysSo() {
        Span span = span(Map.of("flags", -1, "dropped_links_count", -2, "start_time_unix_nano", -3L));

        assertThat(span.getFlags()).isEqualTo(-1);
        assertThat(span.getDroppedLinksCount()).isEqualTo(-2);
        assertThat(span.getStartTimeUnixNano()).isEqualTo(-3);
    }

    @Test
    void messagesMayBeEncodedAlready() {
        ArrayValue array = ArrayValue.newBuilder().addValues(AnyValue.newBuilder().setIntValue(7)).build();
        OtlpRecord value = record(Map.of("array_value", array.toByteArray()));
        Span span = span(Map.of("attributes", List.of(record(Map.of("key", "k", "value", value)))));

        assertThat(span.getAttributes(0).getValue().getArrayValue()).isEqualTo(array);
    }

    @Test
    void nothingIsLeftOutSilently() {
        List<OtlpRecord> withNull = new ArrayList<>(Arrays.asList(null, record(Map.of("name", "e"))));
        assertThat(span(Map.of("events", withNull)).getEventsList()).extracting(Span.Event::getName)
                .containsExactly("e");
        assertUnfit(Map.of("name", 5), "name cannot be Integer");
        assertUnfit(Map.of("kind", "SPAN_KIND_ODD"), "kind cannot be \"SPAN_KIND_ODD\"");
        assertUnfit(Map.of("kind", "UNKNOWN_ENUM_VALUE_SpanKind_x"),
                "kind cannot be \"UNKNOWN_ENUM_VALUE_SpanKind_x\"");
        assertUnfit(Map.of("kind", new byte[1]), "kind cannot be byte[]");
        assertUnfit(Map.of("events", "none"), "events cannot be \"none\"");
        assertUnfit(Map.of("status", "OK"), "status cannot be \"OK\"");
    }

    private void assertUnfit(Map<String, ?> span, String problem) {
        assertThatThrownBy(() -> encode(span)).isInstanceOf(MalformedOtlpException.class)
                .hasMessage("not OTLP: " + problem);
    }
}
