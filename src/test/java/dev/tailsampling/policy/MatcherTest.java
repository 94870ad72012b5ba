package dev.tailsampling.policy;

import static dev.tailsampling.trace.TestSpan.span;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.tailsampling.policy.Matcher.Operator;
import dev.tailsampling.trace.AttributeValue;
import dev.tailsampling.trace.AttributeValue.BoolValue;
import dev.tailsampling.trace.AttributeValue.DoubleValue;
import dev.tailsampling.trace.AttributeValue.ListValue;
import dev.tailsampling.trace.AttributeValue.LongValue;
import dev.tailsampling.trace.AttributeValue.StringValue;
import dev.tailsampling.trace.TestSpan;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Every operator on values of every type. In the tables 'text' is a string, the rest what it looks like. */
class MatcherTest {

    @ParameterizedTest(name = "{0} {1} {2} is {3}")
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            'shop'     | eq            | 'shop'   | true
            'shop'     | eq            | 'Shop'   | false
            'shop'     | eq            | ''       | false
            ''         | eq            | ''       | true
            absent     | eq            | ''       | false
            absent     | eq            | 'shop'   | false
            500        | eq            | 500      | true
            500        | eq            | '500'    | true
            '500'      | eq            | 500      | true
            '500'      | eq            | '500'    | true
            500.0      | eq            | 500      | true
            500        | eq            | 500.0    | true
            500.5      | eq            | 500      | false
            '500.0'    | eq            | 500      | true
            'shop'     | eq            | 500      | false
            9007199254740993 | eq      | 9007199254740992 | false
            true       | eq            | true     | true
            true       | eq            | 'true'   | true
            'true'     | eq            | true     | true
            true       | eq            | false    | false
            'True'     | eq            | true     | false
            1          | eq            | true     | false
            list       | eq            | 'a'      | false
            'dev'      | neq           | 'prod'   | true
            'prod'     | neq           | 'prod'   | false
            absent     | neq           | 'prod'   | false
            500        | neq           | '500'    | false
            404        | neq           | '500'    | true
            true       | neq           | 'prod'   | true
            list       | neq           | 'prod'   | true
            'dev'      | neq_or_absent | 'prod'   | true
            'prod'     | neq_or_absent | 'prod'   | false
            absent     | neq_or_absent | 'prod'   | true
            '/a/debug' | contains      | '/debug' | true
            '/a/debug' | contains      | ''       | true
            'shop'     | contains      | 'Hop'    | false
            500        | contains      | '50'     | true
            500        | contains      | 0        | true
            absent     | contains      | ''       | false
            list       | contains      | 'a'      | false
            'GET /x'   | starts_with   | 'GET /'  | true
            'POST /x'  | starts_with   | 'GET /'  | false
            503        | starts_with   | '5'      | true
            true       | starts_with   | 't'      | true
            absent     | starts_with   | 'GET /'  | false
            'in users' | ends_with     | 'users'  | true
            'users u'  | ends_with     | 'users'  | false
            2.50       | ends_with     | '.5'     | true
            '/api/v2/' | regex         | '/api/v[0-9]+/.*' | true
            'x/api/v2/y' | regex       | '/api/v[0-9]+/.*' | true
            'x/api/v2/y' | regex       | '^/api/v[0-9]+/.*' | false
            503        | regex         | '^5..$'  | true
            absent     | regex         | '.*'     | false
            'b'        | in            | 'a','b'  | true
            'c'        | in            | 'a','b'  | false
            2          | in            | 'a','2'  | true
            '2'        | in            | 1,2      | true
            true       | in            | 'a',true | true
            absent     | in            | 'a','b'  | false
            'c'        | not_in        | 'a','b'  | true
            'a'        | not_in        | 'a','b'  | false
            absent     | not_in        | 'a','b'  | false
            2          | not_in        | 1,'2'    | false
            ''         | exists        |          | true
            false      | exists        |          | true
            list       | exists        |          | true
            absent     | exists        |          | false
            absent     | not_exists    |          | true
            ''         | not_exists    |          | false
            501        | gt            | 500      | true
            500        | gt            | 500      | false
            500.001    | gt            | 500      | true
            '501'      | gt            | '500'    | true
            '1000'     | gt            | '500'    | true
            500        | gte           | '500'    | true
            499        | gte           | '500'    | false
            '499'      | gte           | 500      | false
            'shop'     | gte           | 500      | false
            true       | gte           | 0        | false
            absent     | gte           | 0        | false
            list       | gte           | 0        | false
            499        | lt            | 500      | true
            500        | lt            | 500      | false
            -1         | lt            | 0        | true
            9007199254740993 | lt      | 9007199254740993 | false
            500        | lte           | 500      | true
            500.5      | lte           | '500.5'  | true
            500.6      | lte           | '500.5'  | false
            absent     | lte           | 500      | false
            """)
    void operatorOnValue(String attribute, String operator, String values, boolean matches) {
        Matcher matcher = matcher(operator, values);

        assertThat(matcher.test().test(value(attribute))).as(matcher.toString()).isEqualTo(matches);
    }

    private static Matcher matcher(String operator, String values) {
        Operator parsed = Operator.ofLabel(operator);
        assertThat(parsed).isNotNull();
        return new Matcher("k", parsed,
                values == null ? List.of() : Arrays.stream(values.split(",")).map(MatcherTest::value).toList());
    }

    private static AttributeValue value(String text) {
        if (text.equals("absent")) {
            return null;
        }
        if (text.equals("list")) {
            return new ListValue(List.of(new StringValue("a")));
        }
        if (text.startsWith("'")) {
            return new StringValue(text.substring(1, text.length() - 1));
        }
        if (text.equals("true") || text.equals("false")) {
            return new BoolValue(Boolean.parseBoolean(text));
        }
        return text.contains(".") ? new DoubleValue(Double.parseDouble(text)) : new LongValue(Long.parseLong(text));
    }

    @Test
    void everyOperatorHasALabelOfItsOwn() {
        assertThat(Operator.values()).allSatisfy(
                operator -> assertThat(Operator.ofLabel(operator.label())).isEqualTo(operator));
        assertThat(Operator.ofLabel("EQ")).isNull();
    }

    @ParameterizedTest(name = "{0} {1}")
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            exists | 'a'      | exists takes no value
            in     |          | in needs values
            eq     |          | eq needs one value
            eq     | 'a','b'  | eq needs one value
            gt     | 'a'      | "a" is not a number
            gte    | true     | "true" is not a number
            regex  | 'a['     | not a regular expression: "a[" (missing closing ])
            regex  | ''       | an empty regular expression would match every text
            """)
    void uselessMatcher_isRefused(String operator, String values, String message) {
        assertThatIllegalArgumentException().isThrownBy(() -> matcher(operator, values)).withMessage(message);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"((a{1000}){1000}){1000}", "(?:(?:x{100}y){100}z){10}", "[a-z]{1000}{1000}", "(a+{900}){900}"})
    void expressionThatWouldUseUpMemory_isRefused(String expression) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Matcher("k", Operator.REGEX, List.of(new StringValue(expression))))
                .withMessageStartingWith("a regular expression may repeat");
    }

    @Test
    void oneSpanMustSatisfyAllMatchersWithItsOwnResource() {
        SpanMatch match = SpanMatch.of(List.of(eq("service.name", "shop")), List.of(eq("http.route", "/pay")));
        SpanTest test = match.test();

        assertThat(test.test(span().resource("service.name", "shop").with("http.route", "/pay"))).isTrue();
        assertThat(test.test(span().resource("service.name", "shop").with("http.route", "/cart"))).isFalse();
        assertThat(test.test(span().resource("service.name", "bank").with("http.route", "/pay"))).isFalse();
        assertThat(test.test(span().with("service.name", "shop").with("http.route", "/pay")))
                .as("an attribute of the span is none of the resource").isFalse();
    }

    @Test
    void fieldsStandWhereNoAttributeHasTheirName() {
        TestSpan span = span().name("GET /cart").millis(1_000, 1_500);

        assertThat(spanMatch("span.name", Operator.STARTS_WITH, "GET /").test(span)).isTrue();
        assertThat(spanMatch("span.name", Operator.STARTS_WITH, "GET /").test(span.with("span.name", "other")))
                .isFalse();
        assertThat(spanMatch("span.duration_ms", Operator.GTE, "500").test(span)).isTrue();
        assertThat(spanMatch("span.duration_ms", Operator.GT, "500").test(span)).isFalse();
    }

    private static SpanTest spanMatch(String key, Operator operator, String value) {
        return SpanMatch.of(List.of(), List.of(new Matcher(key, operator, List.of(new StringValue(value))))).test();
    }

    private static Matcher eq(String key, String value) {
        return new Matcher(key, Operator.EQ, List.of(new StringValue(value)));
    }
}
