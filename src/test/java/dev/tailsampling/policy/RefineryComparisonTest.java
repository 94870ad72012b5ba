package dev.tailsampling.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.tailsampling.policy.RefineryComparison.Datatype;
import dev.tailsampling.policy.RefineryComparison.Operator;
import dev.tailsampling.trace.AttributeValue;
import dev.tailsampling.trace.AttributeValue.BoolValue;
import dev.tailsampling.trace.AttributeValue.DoubleValue;
import dev.tailsampling.trace.AttributeValue.LongValue;
import dev.tailsampling.trace.AttributeValue.StringValue;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Refinery's conditions on every type of value, and on none, as its sources (v3.2.2) evaluate them. */
class RefineryComparisonTest {

    /** In the order of the table's columns; the first is an absent value. */
    private static final List<AttributeValue> VALUES = Arrays.asList(null, new LongValue(5), new DoubleValue(5.7),
            new StringValue("5"), new StringValue("abc"), new BoolValue(true));

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', nullValues = "-", textBlock = """
            # operator      | type   | value    | absent 5 5.7 '5' 'abc' true
            =               | -      | 5        | . X . . . .
            !=              | -      | 5        | . . X . . .
            <               | -      | 5.5      | . X . . . .
            >=              | -      | 5        | . X X . . .
            =               | -      | '5'      | . . . X . .
            >               | -      | '5'      | . . . . X .
            =               | -      | true     | . . . . . X
            !=              | -      | false    | . . . . . X
            <               | -      | true     | . . . . . .
            <=              | -      | true     | . . . . . X
            =               | string | 5        | . X . X . .
            !=              | string | 5        | X . X . X X
            >               | string | '5'      | X . X . X X
            <               | string | '<z'     | X X X X . .
            =               | string | '<nil>'  | X . . . . .
            =               | int    | 5        | . X X X . .
            !=              | int    | 4        | . X X X . .
            <               | int    | '6'      | . X X X . .
            =               | int    | 5.9      | . X X X . .
            =               | float  | 5.7      | . . X . . .
            !=              | float  | 5        | . . X . . .
            >=              | float  | '5'      | . X X X . .
            =               | bool   | true     | . . . . . X
            !=              | bool   | true     | . X X X X .
            =               | bool   | 'no'     | . X X X X .
            <=              | bool   | true     | . . . . . X
            starts-with     | -      | 5        | . X X X . .
            starts-with     | -      | '<n'     | X . . . . .
            contains        | -      | '7'      | . . X . . .
            contains        | string | 'ru'     | . . . . . X
            does-not-contain| -      | 5        | X . . . X X
            does-not-contain| -      | 'nil'    | . X X X X X
            in              | -      | 5;'abc'  | . X . X X .
            not-in          | -      | 5        | X . X . X X
            in              | int    | 5        | . X X X . .
            not-in          | int    | 5        | X . . . X X
            in              | float  | 5.7;5    | . X X X . .
            not-in          | float  | 5.7      | X X . X X X
            matches         | -      | '^[0-9]+$' | . X . X . .
            matches         | -      | 'nil'    | X . . . . .
            exists          | -      | -        | . X X X X X
            not-exists      | -      | -        | X . . . . .
            """)
    void isTrueOf(String operator, @Nullable String datatype, @Nullable String values, String expected) {
        RefineryComparison comparison = comparison(operator, datatype, values);

        assertThat(VALUES.stream().map(value -> comparison.test(value) ? "X" : ".").collect(Collectors.joining(" ")))
                .isEqualTo(expected);
    }

    private static RefineryComparison comparison(String operator, @Nullable String datatype,
            @Nullable String values) {
        return RefineryComparison.of(Operator.ofLabel(operator), Datatype.ofLabel(datatype == null ? "" : datatype),
                values == null
                        ? List.of()
                        : Stream.of(values.split(";")).map(RefineryComparisonTest::value).toList());
    }

    /** In quotes a text, else what it looks like. */
    private static AttributeValue value(String text) {
        if (text.equals("true") || text.equals("false")) {
            return new BoolValue(text.equals("true"));
        }
        if (text.matches("\\d+")) {
            return new LongValue(Long.parseLong(text));
        }
        return text.matches("\\d+\\.\\d+") ? new DoubleValue(Double.parseDouble(text)) : new StringValue(plain(text));
    }

    private static String plain(String text) {
        return text.startsWith("'") ? text.substring(1, text.length() - 1) : text;
    }

    @ParameterizedTest
    @ValueSource(strings = {"1", "t", "T", "true", "TRUE", "True"})
    void textsThatGoReadsAsTrueAreTrue(String text) {
        assertThat(comparison("=", "bool", "true").test(new StringValue(text))).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"yes", "tRUE", "", "0", "f"})
    void otherTextsAreFalse(String text) {
        assertThat(comparison("=", "bool", "true").test(new StringValue(text))).isFalse();
        assertThat(comparison("=", "bool", "false").test(new StringValue(text))).isTrue();
    }

    @ParameterizedTest
    @CsvSource({"1e300, -9223372036854775808", "-7.9, -7", "NaN, -9223372036854775808", "0.9, 0"})
    void doublesLoseTheirFraction(double number, long whole) {
        assertThat(RefineryComparison.of(Operator.EQ, Datatype.INT, List.of(new LongValue(whole)))
                .test(new DoubleValue(number))).isTrue();
    }

    /** Without a datatype Refinery asks "less?" and "greater?", and else takes the numbers for equal. */
    @ParameterizedTest
    @CsvSource({"=, '', true", "!=, '', false", "=, float, false", "!=, float, true", "<, float, false"})
    void notANumberEqualsEveryNumberUnlessTyped(String operator, String datatype, boolean expected) {
        assertThat(comparison(operator, datatype, "5.7").test(new DoubleValue(Double.NaN))).isEqualTo(expected);
    }

    /** As the bytes of UTF-8 do, not as the units of UTF-16. */
    @ParameterizedTest
    @ValueSource(strings = {"", "string"})
    void textsCompareByCodePoints(String datatype) {
        assertThat(comparison(">", datatype, "\uFB01").test(new StringValue("\uD83D\uDE00"))).isTrue();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', nullValues = "-", textBlock = """
            in      | bool  | true | in cannot be used with datatype bool
            =       | int   | abc  | "abc" is not of datatype int
            =       | float | true | "true" is not of datatype float
            in      | int   | 1;x  | "x" is not of datatype int
            in      | -     | -    | in needs values
            >       | -     | -    | > needs one value
            matches | -     | (    | not a regular expression: "(" (missing closing ))
            """)
    void refusesWhatRefineryRefuses(String operator, @Nullable String datatype, @Nullable String values,
            String message) {
        assertThatIllegalArgumentException().isThrownBy(() -> comparison(operator, datatype, values))
                .withMessage(message);
    }
}
