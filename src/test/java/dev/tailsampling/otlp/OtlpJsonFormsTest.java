package dev.tailsampling.otlp;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.opentelemetry.proto.common.v1.AnyValue;
import io.opentelemetry.proto.trace.v1.Span;
import io.opentelemetry.proto.trace.v1.Status;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.Locale;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What JSON is read besides that of the specification: forms that exporters have been seen to write. */
class OtlpJsonFormsTest {

    private static final String TRACE_ID = "0102030405060708090a0b0c0d0e0f10";
    private static final String SPAN_ID = "a1a2a3a4a5a6a7a8";
    private static final long SECOND = 1_700_000_000_000_000_001L;

    private final OtlpJsonReader reader = new OtlpJsonReader();

    @ParameterizedTest
    @ValueSource(strings = {"{}", " {\n} ", "{\"resourceSpans\":[]}", "{\"resourceSpans\":null}",
            "{\"resourceSpans\":[null]}", "{\"partialSuccess\":{\"a\":[1,{}]}}"})
    void aRequestWithoutSpansIsEmpty(String json) {
        assertThat(reader.toProtobuf(json)).isEmpty();
        byte[] utf8 = json.getBytes(StandardCharsets.UTF_8);
        assertThat(reader.toProtobuf(utf8, 0, utf8.length)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {TRACE_ID, "0102030405060708090A0B0C0D0E0F10", "AQIDBAUGBwgJCgsMDQ4PEA==",
            "AQIDBAUGBwgJCgsMDQ4PEA"})
    void aTraceIdIsHexOfEitherCaseOrBase64(String id) {
        assertThat(hex(span("'traceId':'" + id + "'").getTraceId())).isEqualTo(TRACE_ID);
    }

    @ParameterizedTest
    @ValueSource(strings = {SPAN_ID, "A1A2A3A4A5A6A7A8", "oaKjpKWmp6g=", "oaKjpKWmp6g"})
    void aSpanIdIsHexOfEitherCaseOrBase64(String id) {
        Span span = span("'spanId':'" + id + "','parentSpanId':'" + id + "','links':[{'spanId':'" + id + "'}]");
        assertThat(hex(span.getSpanId())).isEqualTo(SPAN_ID);
        assertThat(hex(span.getParentSpanId())).isEqualTo(SPAN_ID);
        assertThat(hex(span.getLinks(0).getSpanId())).isEqualTo(SPAN_ID);
    }

    @Test
    void aTraceIdOf64BitsIsPaddedOnTheLeft() {
        assertThat(hex(span("'traceId':'" + SPAN_ID + "'").getTraceId())).isEqualTo("0".repeat(16) + SPAN_ID);
    }

    @Test
    void anEmptyOrNullFieldIsAbsent() {
        assertThat(span("'traceId':'','spanId':'','parentSpanId':null,'name':'','kind':0,'startTimeUnixNano':'0',"
                + "'attributes':null,'events':[],'links':[null],'status':null,'flags':0,'droppedLinksCount':0"))
                .isEqualTo(Span.getDefaultInstance());
        assertThat(span("'status':{}").hasStatus()).isTrue();
        assertThat(span("'attributes':[{'key':'k','value':null}]").getAttributes(0).hasValue()).isFalse();
        assertThat(value("'stringValue':null,'intValue':1").getIntValue()).isEqualTo(1);
    }

    @Test
    void namesMayBeInSnakeCase() {
        String json = """
                {"resource_spans":[{"schema_url":"r","resource":{"dropped_attributes_count":1,
                  "entity_refs":[{"id_keys":["i"],"description_keys":["d"]}]},
                  "scope_spans":[{"schema_url":"s","spans":[{"trace_id":"0102030405060708090a0b0c0d0e0f10",
                  "span_id":"a1a2a3a4a5a6a7a8","parent_span_id":"a1a2a3a4a5a6a7a8","trace_state":"a=b",
                  "start_time_unix_nano":1,"end_time_unix_nano":2,"dropped_attributes_count":3,"dropped_events_count":4,
                  "dropped_links_count":5,"events":[{"time_unix_nano":6}],
                  "attributes":[{"key":"k","value":{"array_value":{"values":[{"string_value":"s"},{"bool_value":true},
                  {"int_value":7},{"double_value":8},{"bytes_value":"AQ=="},{"kvlist_value":{}}]}}}]}]}]}]}""";
        String inCamelCase = Pattern.compile("_([a-z])").matcher(json)
                .replaceAll(letter -> letter.group(1).toUpperCase(Locale.ROOT));
        assertThat(reader.toProtobuf(json)).isEqualTo(reader.toProtobuf(inCamelCase));
        assertThat(OwnedSpan.of(OwnedSpan.parse(reader.toProtobuf(json))).getFirst().span().getEvents(0)
                .getTimeUnixNano()).isEqualTo(6);
    }

    @ParameterizedTest
    @ValueSource(strings = {"'instrumentationLibrarySpans':[{'instrumentationLibrary'",
            "'instrumentation_library_spans':[{'instrumentation_library'"})
    void instrumentationLibraryIsTheOldNameOfScope(String old) {
        String json = "{'resourceSpans':[{" + old + ":{'name':'lib','version':'1'},'spans':[{'name':'n'}]}]}]}";
        OwnedSpan span = OwnedSpan.of(OwnedSpan.parse(reader.toProtobuf(json.replace('\'', '"')))).getFirst();
        assertThat(span.scope().getScope().getName()).isEqualTo("lib");
        assertThat(span.span().getName()).isEqualTo("n");
    }

    @ParameterizedTest
    @CsvSource({"2, 2", "'SPAN_KIND_SERVER', 2", "'SPAN_KIND_CONSUMER', 5", "'SPAN_KIND_UNSPECIFIED', 0", "99, 99",
            "-1, -1"})
    void aKindIsANumberOrAName(String kind, int number) {
        String json = kind.startsWith("S") ? "'" + kind + "'" : kind;
        assertThat(span("'kind':" + json).getKindValue()).isEqualTo(number);
    }

    @Test
    void aStatusCodeIsANumberOrAName() {
        assertThat(span("'status':{'code':2}").getStatus().getCode()).isEqualTo(Status.StatusCode.STATUS_CODE_ERROR);
        assertThat(span("'status':{'code':'STATUS_CODE_ERROR'}").getStatus().getCode())
                .isEqualTo(Status.StatusCode.STATUS_CODE_ERROR);
        assertThat(span("'status':{'code':'STATUS_CODE_UNSET'}").getStatus().getCodeValue()).isZero();
    }

    @ParameterizedTest
    @ValueSource(strings = {"1700000000000000001", "'1700000000000000001'", "1700000000000000001.0",
            "'1.700000000000000001e18'"})
    void aTimeIsANumberWithOrWithoutQuotes(String time) {
        assertThat(span("'startTimeUnixNano':" + time).getStartTimeUnixNano()).isEqualTo(SECOND);
    }

    @Test
    void aTimeIsUnsigned() {
        assertThat(span("'endTimeUnixNano':18446744073709551615").getEndTimeUnixNano()).isEqualTo(-1);
        assertThat(span("'endTimeUnixNano':'9300000000000000000'").getEndTimeUnixNano())
                .isEqualTo(Long.parseUnsignedLong("9300000000000000000"));
    }

    @ParameterizedTest
    @CsvSource({"-9223372036854775808", "9223372036854775807", "9000000000000000000", "0", "-1"})
    void anIntegerHas64Bits(long number) {
        assertThat(value("'intValue':" + number).getIntValue()).isEqualTo(number);
        assertThat(value("'intValue':'" + number + "'").getIntValue()).isEqualTo(number);
        assertThat(value("'intValue':" + number).hasIntValue()).isTrue();
    }

    @ParameterizedTest
    @CsvSource({"1, 1", "-0.0, -0.0", "-0, -0.0", "1e-320, 1e-320", "'NaN', NaN", "'Infinity', Infinity",
            "'-Infinity', -Infinity", "'2.5e3', 2500"})
    void aDoubleIsANumberOrText(String text, Double number) {
        assertThat(value("'doubleValue':'" + text + "'").getDoubleValue()).isEqualTo(number);
        if (!number.isNaN() && !number.isInfinite()) {
            assertThat(value("'doubleValue':" + text).getDoubleValue()).isEqualTo(number);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"+/8=", "-_8=", "+/8", "-_8"})
    void bytesAreInEitherBase64(String text) {
        assertThat(hex(value("'bytesValue':'" + text + "'").getBytesValue())).isEqualTo("fbff");
    }

    @Test
    void aMemberOfAOneofIsThereEvenIfItIsTheDefault() {
        assertThat(value("'stringValue':''").hasStringValue()).isTrue();
        assertThat(value("'boolValue':false").hasBoolValue()).isTrue();
        assertThat(value("'intValue':0").hasIntValue()).isTrue();
        assertThat(value("'doubleValue':0").hasDoubleValue()).isTrue();
        assertThat(value("'bytesValue':''").hasBytesValue()).isTrue();
        assertThat(value("'arrayValue':{}").hasArrayValue()).isTrue();
        assertThat(value("'kvlistValue':{}").hasKvlistValue()).isTrue();
        assertThat(value("").getValueCase()).isEqualTo(AnyValue.ValueCase.VALUE_NOT_SET);
    }

    private AnyValue value(String members) {
        return span("'attributes':[{'key':'k','value':{" + members + "}}]").getAttributes(0).getValue();
    }

    private Span span(String fields) {
        String json = "{'resourceSpans':[{'scopeSpans':[{'spans':[{" + fields + "}]}]}]}";
        return OwnedSpan.of(OwnedSpan.parse(reader.toProtobuf(json.replace('\'', '"')))).getFirst().span();
    }

    private static String hex(ByteString bytes) {
        return HexFormat.of().formatHex(bytes.toByteArray());
    }
}
