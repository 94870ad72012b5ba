package dev.tailsampling.otlp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is not OTLP/JSON is refused with a sentence that names the field and the place. */
class OtlpJsonDefectsTest {

    private final OtlpJsonReader reader = new OtlpJsonReader();

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            'traceId':'xyz'                           | traceId must be a trace id of 32 hex digits, not "xyz"
            'traceId':'zz02030405060708090a0b0c0d0e0fff' | traceId must be a trace id
            'traceId':'AQIDBAUGBwgJCgsMDQ4P'          | traceId must be a trace id
            'traceId':1                               | traceId must be a trace id of 32 hex digits, not 1
            'spanId':'a1a2'                           | spanId must be a span id of 16 hex digits
            'parentSpanId':['a']                      | parentSpanId must be a span id
            'name':{}                                 | name must be a string, not an object
            'name':true                               | name must be a string, not true
            'kind':'SPAN_KIND_OTHER'                  | kind must be a span kind, not "SPAN_KIND_OTHER"
            'kind':4294967296                         | kind must be a span kind
            'status':{'code':'ERR'}                   | status/code must be a status code, not "ERR"
            'status':2                                | status must be an object, not 2
            'startTimeUnixNano':-1                    | startTimeUnixNano must be an unsigned integer of 64 bits
            'startTimeUnixNano':18446744073709551616  | startTimeUnixNano must be an unsigned integer of 64 bits
            'startTimeUnixNano':1.5                   | startTimeUnixNano must be an unsigned integer of 64 bits
            'startTimeUnixNano':'1e999999999'         | startTimeUnixNano must be an unsigned integer of 64 bits
            'startTimeUnixNano':'1e-999999999'        | startTimeUnixNano must be an unsigned integer of 64 bits
            'startTimeUnixNano':''                    | startTimeUnixNano must be an unsigned integer of 64 bits
            'startTimeUnixNano':'now'                 | startTimeUnixNano must be an unsigned integer of 64 bits
            'endTimeUnixNano':false                   | endTimeUnixNano must be an unsigned integer of 64 bits
            'flags':4294967296                        | flags must be an unsigned integer of 32 bits
            'droppedLinksCount':-1                    | droppedLinksCount must be an unsigned integer of 32 bits
            'attributes':{}                           | attributes must be an array, not an object
            'attributes':[1]                          | attributes/0 must be an object, not 1
            'events':[{},{'name':1}]                  | events/1/name must be a string
            """)
    void aBadFieldIsNamed(String field, String message) {
        assertRefused(() -> span(field), "not OTLP/JSON: /resourceSpans/0/scopeSpans/0/spans/0/" + message);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            'intValue':9223372036854775808   | intValue must be an integer of 64 bits
            'intValue':-9223372036854775809  | intValue must be an integer of 64 bits
            'intValue':true                  | intValue must be an integer of 64 bits, not true
            'boolValue':'true'               | boolValue must be true or false, not "true"
            'doubleValue':'nan'              | doubleValue must be a number, not "nan"
            'doubleValue':'0x1p3'            | doubleValue must be a number
            'doubleValue':1e999              | doubleValue must be a number within a double's range
            'bytesValue':'#'                 | bytesValue must be a string in base64
            'arrayValue':[]                  | arrayValue must be an object, not an array
            """)
    void aBadValueIsNamed(String member, String message) {
        assertRefused(() -> value(member), "/attributes/0/value/" + message);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            ``                          | the text must be an object, not empty
            []                          | the text must be an object, not an array
            null                        | the text must be an object, not null
            {} {}                       | something follows the request, at line 1, column 4
            {}}                         | Unexpected close marker
            {                           | Unexpected end-of-input
            {"resourceSpans":[}         | Unexpected close marker
            {"resourceSpans":[{]}       | Unexpected close marker
            {"unknown":NaN}             | Non-standard token 'NaN'
            {"resourceSpans":[1]}       | /resourceSpans/0 must be an object, not 1, at line 1, column 19
            """)
    void whatIsNotOneObjectIsRefused(String json, String message) {
        assertRefused(() -> reader.toProtobuf(json), message);
        byte[] utf8 = json.getBytes(StandardCharsets.UTF_8);
        assertRefused(() -> reader.toProtobuf(utf8, 0, utf8.length), message);
    }

    @Test
    void aDefectOfTheJsonItselfIsOneSentence() {
        assertThatThrownBy(() -> reader.toProtobuf("{\n\"resourceSpans\":[{]")).hasMessage(
                "not OTLP/JSON: Unexpected close marker ']': expected '}' (for Object starting at line: 2, column: 18)"
                        + ", at line 2, column 19");
    }

    @Test
    void aLongValueIsCutShortInTheMessage() {
        assertRefused(() -> span("'traceId':'" + "x".repeat(1000) + "'"), "not \"" + "x".repeat(40) + "…\", at line 1");
    }

    @Test
    void aValueMayBeNested64LevelsDeep() {
        String json = "{'resourceSpans':[{'resource':{'attributes':[{'key':'k','value':{" + nested(64) + "}}]}}]}";
        String strict = json.replace('\'', '"');
        assertThat(OtlpJsonWriter.toJson(reader.toProtobuf(strict))).isEqualTo(strict);
        assertRefused(() -> value(nested(65)), "must be nested at most 64 levels deep");
    }

    @Test
    void isUsableAfterADefect() {
        assertRefused(() -> span("'name':'a','attributes':[1]"), "must be an object");
        assertThat(span("'name':'b'")).isEqualTo(new OtlpJsonReader().toProtobuf(
                "{\"resourceSpans\":[{\"scopeSpans\":[{\"spans\":[{\"name\":\"b\"}]}]}]}"));
    }

    @Test
    void damagedJsonIsReadOrRefusedWithOneKindOfException() {
        for (long seed = 0; seed < 300; seed++) {
            byte[] json = OtlpJsonWriter.toJson(new RandomRequests(seed).next().toByteArray())
                    .getBytes(StandardCharsets.UTF_8);
            Random random = new Random(seed);
            for (int round = 0; round < 20; round++) {
                byte[] damaged = json.clone();
                damaged[random.nextInt(damaged.length)] ^= (byte) (1 << random.nextInt(8));
                try {
                    OwnedSpan.parse(reader.toProtobuf(damaged, 0, 1 + random.nextInt(damaged.length)));
                } catch (MalformedOtlpException e) {
                    assertThat(e).as("seed %d, round %d", seed, round).hasMessageStartingWith("not OTLP/JSON: ");
                }
            }
        }
    }

    private static String nested(int levels) {
        return levels == 1 ? "" : "'arrayValue':{'values':[{" + nested(levels - 1) + "}]}";
    }

    private byte[] value(String members) {
        return span("'attributes':[{'key':'k','value':{" + members + "}}]");
    }

    private byte[] span(String fields) {
        String json = "{'resourceSpans':[{'scopeSpans':[{'spans':[{" + fields + "}]}]}]}";
        return reader.toProtobuf(json.replace('\'', '"'));
    }

    private static void assertRefused(Runnable call, String message) {
        assertThatThrownBy(call::run).isInstanceOf(MalformedOtlpException.class).hasMessageContaining(message)
                .hasMessageContaining(", at line ");
    }
}
