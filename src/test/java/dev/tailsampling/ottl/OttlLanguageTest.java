package dev.tailsampling.ottl;

import static dev.tailsampling.ottl.OttlResult.ERROR;
import static dev.tailsampling.ottl.OttlResult.FALSE;
import static dev.tailsampling.ottl.OttlResult.TRUE;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tailsampling.trace.AttributeValue.BytesValue;
import dev.tailsampling.trace.AttributeValue.EmptyValue;
import dev.tailsampling.trace.AttributeValue.ListValue;
import dev.tailsampling.trace.AttributeValue.LongValue;
import dev.tailsampling.trace.TestSpan;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Precedence, comparison, arithmetic and literals. */
class OttlLanguageTest {

    private static final TestSpan SPAN =
            TestSpan.span().name("op").millis(1000, 4000).with("int", 7).with("double", 7.5)
                    .with("seven", 7.0).with("nan", Double.NaN).with("true", true).with("text", "b")
                    .with("bytes", new BytesValue(new byte[]{1, -1})).with("empty", new EmptyValue())
                    .with("list", new ListValue(List.of(new LongValue(1), new LongValue(2))));

    @ParameterizedTest
    @ValueSource(strings = {
            "true",
            "not false",
            "true or false and false",
            "(true or false) and true",
            "not false and true",
            "not (true and false)",
            "((((true))))",
            "not name == \"other\"",
            "name == \"op\" and (attributes[\"int\"] == 8 or attributes[\"double\"] > 7)",
            "true == true",
            "IsString(name) == true",
            "true\n\tor\r\nfalse",
            "1 + 2 * 3 == 7",
            "(1 + 2) * 3 == 9",
            "10 - 2 - 3 == 5",
            "12 / 4 / 3 == 1",
            "-7 / 2 == -3",
            "2 * -3 == -6",
            "1-1 == 0",
            "+1 == 1",
            "-(1 + 2) == -3",
            "-attributes[\"int\"] == -7",
            "-9223372036854775808 < 0",
            "9223372036854775807 + 1 == -9223372036854775808",
            "attributes[\"int\"] * 2 == 14",
            "attributes[\"int\"] + 0.5 == attributes[\"double\"]",
            "1 + 1.0 == 2",
            "7 / 2.0 == 3.5",
            ".5 + 1. == 1.5",
            "1.5e2 == 150",
            "(end_time_unix_nano - start_time_unix_nano) / 1000000 == 3000",
            "end_time - start_time > Duration(\"2s\")",
            "start_time + Duration(\"3s\") == end_time",
            "Duration(\"3s\") + start_time == end_time",
            "end_time - Duration(\"3s\") == start_time",
            "Duration(\"1m\") - Duration(\"1s\") == Duration(\"59s\")",
            "Duration(\"1m\") + Duration(\"1s\") == Duration(\"61s\")"})
    void holds(String condition) {
        assertThat(OttlCondition.parseSpan(condition).test(SPAN)).isEqualTo(TRUE);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
            "nil           | nil                  | == <= >=",
            "nil           | attributes[\"none\"] | == <= >=",
            "nil           | attributes[\"empty\"]| == <= >=",
            "nil           | 0                    | !=",
            "\"\"          | nil                  | !=",
            "1             | 1                    | == <= >=",
            "1             | 2                    | != < <=",
            "2             | 1                    | != > >=",
            "1             | 1.0                  | == <= >=",
            "1.5           | 1                    | != > >=",
            "attributes[\"int\"] | attributes[\"seven\"] | == <= >=",
            "attributes[\"nan\"] | attributes[\"nan\"]   | !=",
            "attributes[\"nan\"] | 1              | !=",
            "\"a\"         | \"b\"                | != < <=",
            "\"Z\"         | \"a\"                | != < <=",
            "\"\\uffff\"   | \"\\U00010000\"      | != < <=",
            "\"1\"         | 1                    | !=",
            "true          | false                | != > >=",
            "true          | attributes[\"true\"] | == <= >=",
            "true          | 1                    | !=",
            "0x01ff        | attributes[\"bytes\"]| == <= >=",
            "0x01          | 0x02ff               | != < <=",
            "0xff          | 0x01                 | != > >=",
            "0x61          | \"a\"                | !=",
            "start_time    | end_time             | != < <=",
            "start_time    | 1000000000           | !=",
            "Duration(\"1s\") | Duration(\"1000ms\") | == <= >=",
            "Duration(\"1s\") | Duration(\"2s\")     | != < <=",
            "Duration(\"1s\") | 1000000000        | !=",
            "[1, 2]        | [1, 2]               | ==",
            "[1, 2]        | attributes[\"list\"] | ==",
            "[1, 2.0]      | attributes[\"list\"] | !=",
            "[1]           | [1, nil]             | !=",
            "[]            | []                   | ==",
            "[0x01]        | [0x01]               | ==",
            "{\"a\": [1]}  | {\"a\": [1]}         | ==",
            "{\"a\": 1, \"b\": nil} | {\"b\": nil, \"a\": 1} | ==",
            "{\"a\": 1}    | {\"b\": 1}           | !=",
            "{\"a\": 1}    | [1]                  | !=",
            "trace_id      | trace_id             | ==",
            "trace_id      | span_id              | !=",
            "status        | 2                    | !="})
    void compares(String left, String right, String holding) {
        List<String> expected = List.of(holding.split(" "));
        for (String operator : List.of("==", "!=", "<", "<=", ">", ">=")) {
            String condition = left + " " + operator + " " + right;
            assertThat(OttlCondition.parseSpan(condition).test(SPAN)).as(condition)
                    .isEqualTo(expected.contains(operator) ? TRUE : FALSE);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {
            "1 / 0 == 0",
            "1.0 / 0 == 0",
            "attributes[\"none\"] + 1 == 1",
            "attributes[\"text\"] + 1 == 1",
            "1 * attributes[\"true\"] == 1",
            "-attributes[\"text\"] == 1",
            "-attributes[\"none\"] == 1",
            "start_time + end_time == 1",
            "start_time * 2 == 1",
            "Duration(\"1s\") * 2 == 1",
            "Duration(\"1s\") - start_time == 1",
            "[1 / 0] == nil",
            "Bool(attributes[\"none\"])",
            "Bool(\"true\") and Int(name)",
            "not Substring(\"\", 0, 100) == \"test\""})
    void fails(String condition) {
        OttlCondition parsed = OttlCondition.parseSpan(condition);
        assertThat(parsed.test(SPAN)).isEqualTo(ERROR);
        assertThat(parsed.error(SPAN)).isNotBlank();
    }

    @ParameterizedTest
    @ValueSource(strings = {"true or 1 / 0 == 0", "not (false and 1 / 0 == 0)"})
    void evaluatesFromTheLeftOnlyAsFarAsNeeded(String condition) {
        assertThat(OttlCondition.parseSpan(condition).test(SPAN)).isEqualTo(TRUE);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '~', value = {
            "\\\\d | \\d",
            "\\\" | \"",
            "\\x41\\u00e9\\U0001F600\\101 | Aé😀A",
            "/'{} | /'{}",
            "\\n | ~\n~",
            "\\t | ~\t~"})
    void readsEscapes(String written, String meant) {
        assertThat(OttlCondition.parseSpan("name == \"" + written + "\"").test(TestSpan.span().name(meant)))
                .isEqualTo(TRUE);
    }
}
