package dev.tailsampling.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.tailsampling.policy.ForceRule;
import dev.tailsampling.policy.ForceRule.Action;
import dev.tailsampling.policy.Matcher;
import dev.tailsampling.policy.Matcher.Operator;
import dev.tailsampling.policy.SpanMatch;
import dev.tailsampling.selector.ForceRuleRequest;
import dev.tailsampling.trace.AttributeValue;
import dev.tailsampling.trace.AttributeValue.BoolValue;
import dev.tailsampling.trace.AttributeValue.DoubleValue;
import dev.tailsampling.trace.AttributeValue.LongValue;
import dev.tailsampling.trace.AttributeValue.StringValue;
import dev.tailsampling.trace.Threshold;
import java.io.IOException;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ForceRuleJsonTest {

    private static final Instant NOON = Instant.parse("2026-11-22T12:00:00Z");
    private static final String REQUEST = """
            {
              "description": "Debug Acme Corp latency issues",
              "duration_secs": 3600,
              "priority": 100,
              "match": {
                "resource": [
                  {"key": "service.namespace", "op": "eq", "value": "acme-corp"}
                ],
                "span": [
                  {"key": "http.route", "op": "regex", "value": "/api/v2/.*"}
                ]
              },
              "action": "force_keep"
            }
            """;

    private final ForceRuleJson json = new ForceRuleJson();

    private static ForceRuleRequest read(String text) {
        return ForceRuleJson.request("rule.json", text);
    }

    private static ForceRule rule(SpanMatch match, Action action) {
        return new ForceRule("r1", "", 7, match, action, NOON, NOON.plusMillis(1_500), false);
    }

    private static SpanMatch span(Operator operator, AttributeValue... values) {
        return SpanMatch.of(List.of(), List.of(new Matcher("k", operator, List.of(values))));
    }

    @Test
    void documentedRequestIsRead() {
        assertThat(read(REQUEST)).isEqualTo(new ForceRuleRequest("Debug Acme Corp latency issues",
                Duration.ofHours(1), 100,
                SpanMatch.of(
                        List.of(new Matcher("service.namespace", Operator.EQ, List.of(new StringValue("acme-corp")))),
                        List.of(new Matcher("http.route", Operator.REGEX, List.of(new StringValue("/api/v2/.*"))))),
                new Action.ForceKeep(Threshold.ALWAYS)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"{'key': 'service.name', 'op': 'eq', 'value': 'api-gateway'}",
            "{'key': 'env', 'op': 'neq', 'value': 'production'}",
            "{'key': 'http.url', 'op': 'contains', 'value': '/debug'}",
            "{'key': 'span.name', 'op': 'starts_with', 'value': 'GET /'}",
            "{'key': 'db.statement', 'op': 'ends_with', 'value': 'users'}",
            "{'key': 'http.route', 'op': 'regex', 'value': '/api/v[0-9]+/.*'}",
            "{'key': 'tenant.id', 'op': 'in', 'values': ['tenant-1', 'tenant-2']}",
            "{'key': 'error.message', 'op': 'exists'}",
            "{'key': 'http.status_code', 'op': 'gte', 'value': '500'}"})
    void documentedMatcherIsRead(String matcher) throws IOException {
        String text = matcher.replace('\'', '"');
        ForceRuleRequest request = read("{\"duration_secs\": 1, \"match\": {\"span\": [" + text
                + "]}, \"action\": \"force_drop\"}");

        ObjectMapper mapper = new ObjectMapper();
        assertThat(mapper.readTree(json.write(rule(request.match(), request.action()))).at("/match/span/0"))
                .isEqualTo(mapper.readTree(text));
    }

    @Test
    void ruleIsWrittenAsTheApiAnswersIt() throws IOException {
        ForceRule rule = new ForceRule("r1", "Why", -5,
                new SpanMatch(List.of(), List.of(), List.of(new Matcher("k", Operator.IN,
                        List.of(new StringValue("a"), new LongValue(5), new DoubleValue(0.1), new BoolValue(true)))),
                        List.of(), List.of(), List.of(new Matcher("l", Operator.NOT_EXISTS, List.of()))),
                new Action.ForceKeep(Threshold.ofShare(0.125)), NOON, NOON.plusSeconds(60), true);

        assertThat(new ObjectMapper().readTree(json.write(rule))).isEqualTo(new ObjectMapper().readTree("""
                {"id": "r1", "description": "Why", "priority": -5,
                 "match": {"span": [{"key": "k", "op": "in", "values": ["a", 5, 0.1, true]}],
                           "link": [{"key": "l", "op": "not_exists"}]},
                 "action": "force_keep", "sampling_percentage": 12.5,
                 "created_at": "2026-11-22T12:00:00Z", "expires_at": "2026-11-22T12:01:00Z", "enabled": true}
                """));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "x", "500", "true", "null", "~", "a\\/b", "\"quoted\"", "tab\tline\n\r end ",
            "# no comment",
            "\u0000\u0001\u001f\u007f\u0080\u0085\u009f\u00a0\u2028\u2029\ufffe\uffff", "Größe \uD83D\uDE80", "\uD83D",
            "\\", "\\/", "/", "${env:X}", ": ", "- ", "{}"})
    void everyTextSurvives(String text) {
        ForceRule rule = rule(span(Operator.EQ, new StringValue(text)), new Action.ForceDrop());

        assertThat(json.read(json.write(rule))).isEqualTo(rule);
    }

    @Test
    void everyNumberSurvives() {
        Random random = new Random(20261122);
        for (double number : new double[]{0.1, -2.5, 1e-300, 1.7976931348623157e308 / 3, 123456.789, Math.PI}) {
            assertSurvives(number == Math.rint(number) ? new LongValue((long) number) : new DoubleValue(number));
        }
        for (int i = 0; i < 1_000; i++) {
            assertSurvives(new LongValue(random.nextLong()));
            assertSurvives(new DoubleValue(random.nextDouble() + random.nextInt(1_000)));
        }
    }

    private void assertSurvives(AttributeValue value) {
        ForceRule rule = rule(span(Operator.EQ, value), new Action.ForceDrop());
        assertThat(json.read(json.write(rule))).isEqualTo(rule);
    }

    @Test
    void everyShareSurvivesInItsShortestForm() {
        Random random = new Random(20261122);
        for (int i = 0; i < 1_000; i++) {
            BigDecimal percent = BigDecimal.valueOf(1 + random.nextLong(1_000_000), 4).stripTrailingZeros();
            ForceRuleRequest request = read("{duration_secs: 1, action: force_keep, sampling_percentage: "
                    + percent.toPlainString() + ", match: {span: [{key: k, op: exists}]}}");
            ForceRule rule = rule(request.match(), request.action());

            assertThat(json.read(json.write(rule))).isEqualTo(rule);
            if (percent.compareTo(BigDecimal.valueOf(100)) < 0) {
                assertThat(json.write(rule)).contains("\"sampling_percentage\":" + percent.toPlainString() + ",");
            }
        }
    }

    @Test
    void jsonOfOtherWritersIsRead() {
        ForceRuleRequest request = read("{\n\t\"duration_secs\"\t: 1,\"action\":\"force_drop\",\"description\":\"\","
                + "\"match\":{\"span\":[{\"key\":\"k\",\"op\":\"eq\",\"value\":\"\\/a\\\\\\/\\u00e9\"}]}}");

        assertThat(request.match()).isEqualTo(span(Operator.EQ, new StringValue("/a\\/é")));
        assertThat(request.description()).isEmpty();
        assertThat(request.priority()).isZero();
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', quoteCharacter = '`',
            textBlock = """
                    {}                                              | 1 | action is missing
                    {action: drop}                                  | 10 | action must be force_keep or force_drop, not "drop"
                    {action: force_keep, sampling_percentage: 0}    | 43 | sampling_percentage must be above 0 and at most 100, not 0
                    {action: force_keep, sampling_percentage: 101}  | 43 | sampling_percentage must be above 0 and at most 100, not 101
                    {action: force_keep, sampling_percentage: 5%}   | 43 | sampling_percentage must be a number, not "5%"
                    {action: force_drop, sampling_percentage: 5}    | 43 | sampling_percentage is of force_keep only: leave it out, or keep a share instead
                    {action: force_keep, duration_secs: 0}          | 1 | duration_secs must be from 1 to 2592000, not 0
                    {action: force_keep, duration_secs: 2592001}    | 1 | duration_secs must be from 1 to 2592000, not 2592001
                    {action: force_keep, duration_secs: 1.5}        | 37 | duration_secs must be a whole number of at most 64 bits, not 1.5
                    {action: force_keep, duration_secs: 1h}         | 37 | duration_secs must be a number, not "1h"
                    {action: force_keep, duration: 5}               | 1 | duration_secs is missing; did you mean it by duration?
                    {action: force_keep, priorty: 5}                | 22 | unknown field priorty; did you mean priority?
                    {action: force_keep, priority: 3000000000}      | 32 | priority must be a whole number of at most 32 bits, not 3000000000
                    {action: force_keep, description: 5}            | 35 | description must be a text: write "5" in quotes
                    {action: force_keep, id: x}                     | 22 | unknown field id; known are \
                    duration_secs, description, priority, match, action, sampling_percentage
                    {action: force_keep, match: 5}                  | 29 | match must hold lists of matchers, not "5"
                    {action: force_keep, match: {}}                 | 29 | match: at least one matcher is needed, of resource or span
                    {action: force_keep, match: {spans: []}}        | 30 | unknown field match.spans; did you mean match.span?
                    {action: force_keep, match: {span: {}}}         | 36 | match.span must be a list of matchers, not a map
                    {action: force_keep, match: {span: [k]}}        | 37 | match.span must hold matchers with key, op and value, not "k"
                    """)
    void unusableRequest_isRefused(String fields, int column, String problem) {
        assertRefused(completed(fields), column, problem);
    }

    /** Adds what is missing behind the fields, so that their columns stay. */
    private static String completed(String fields) {
        String rest = (fields.contains("duration") ? "" : ", duration_secs: 5")
                + (fields.contains("match") ? "" : ", match: {span: [{key: k, op: exists}]}");
        String inner = fields.substring(1, fields.length() - 1);
        return "{" + (inner.isEmpty() ? rest.substring(2) : inner + rest) + "}";
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', quoteCharacter = '`',
            textBlock = """
                    {op: eq, value: a}               | 1 | match.span.key is missing
                    {key: '', op: eq, value: a}      | 7 | match.span.key must not be empty
                    {key: 5, op: eq, value: a}       | 7 | match.span.key must be a text: write "5" in quotes
                    {key: k, value: a}               | 1 | match.span.op is missing
                    {key: k, op: matches, value: a}  | 14 | match.span.op must be of eq, neq, neq_or_absent, contains, starts_with, \
                    ends_with, regex, in, not_in, exists, not_exists, gt, gte, lt, lte, not "matches"
                    {key: k, op: startswith, value: a} | 14 | match.span.op must be of eq, neq, neq_or_absent, contains, \
                    starts_with, ends_with, regex, in, not_in, exists, not_exists, gt, gte, lt, lte, not "startswith"; did you mean starts_with?
                    {key: k, op: eq}                 | 1 | match.span.value is missing
                    {key: k, op: eq, values: [a]}    | 1 | match.span.value is missing; did you mean it by values?
                    {key: k, op: eq, value: [a]}     | 25 | match.span.value must be a text, a number, true or false, not a list
                    {key: k, op: eq, value: null}    | 1 | match.span.value is missing
                    {key: k, op: eq, value: a, not: true} | 28 | unknown field match.span.not; did you mean match.span.op?
                    {key: k, op: in, value: a}       | 1 | match.span.values is missing; did you mean it by value?
                    {key: k, op: in, values: a}      | 26 | match.span.values must be a list, not "a"
                    {key: k, op: in, values: []}     | 26 | match.span.values must not be empty
                    {key: k, op: in, values: [~]}    | 27 | match.span.values must be a text, a number, true or false, not nothing
                    {key: k, op: exists, value: a}   | 29 | match.span: exists takes no value: leave it out
                    {key: k, op: gt, value: x}       | 1 | match.span: "x" is not a number
                    {key: k, op: regex, value: 'a('} | 1 | match.span: not a regular expression: "a(" (missing closing ))
                    {key: k, op: eq, value: 18446744073709551615} | 25 | match.span.value must be a number of at most 64 bits: \
                    write 18446744073709551615 in quotes to compare it as a text
                    """)
    void unusableMatcher_isRefused(String matcher, int column, String problem) {
        String before = "{duration_secs: 1, action: force_drop, match: {span: [";
        assertRefused(before + matcher + "]}}", before.length() + column, problem);
    }

    private static void assertRefused(String text, int column, String problem) {
        assertThatExceptionOfType(PolicyException.class).isThrownBy(() -> read(text))
                .withMessage("rule.json, line 1, column " + column + ": force rule: " + problem);
    }

    @Test
    void whatIsTooLargeIsRefused() {
        assertRefusal("{key: k, op: eq, value: " + "x".repeat(4_097) + "}",
                "match.span.value must have at most 4096 characters, not 4097");
        assertRefusal("{key: " + "x".repeat(4_097) + ", op: exists}",
                "match.span.key must have at most 4096 characters, not 4097");
        assertRefusal("{key: k, op: in, values: [" + "x,".repeat(1_001) + "]}",
                "match.span.values must have at most 1000 values, not 1001");
        assertRefusal("{key: k, op: exists},".repeat(101), "match.span must have at most 100 matchers, not 101");
        assertRefusal("{key: k, op: eq, value: x}" + " ".repeat(40_000),
                "a force rule may have at most 32768 characters");
        assertRefusal("{key: k, op: regex, value: '(((a{99}){99}){99})'}", "a regular expression may repeat");
    }

    private static void assertRefusal(String matchers, String problem) {
        assertThatExceptionOfType(PolicyException.class)
                .isThrownBy(() -> read("{duration_secs: 1, action: force_drop, match: {span: [" + matchers + "]}}"))
                .withMessageContaining(problem);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "[]", "5", "{", "{\"duration_secs\": 5, \"duration_secs\": 6}"})
    void whatIsNoRuleIsRefused(String text) {
        assertThatExceptionOfType(PolicyException.class).isThrownBy(() -> read(text))
                .withMessageStartingWith("rule.json, line 1");
    }

    @Test
    void damagedRuleIsRefused() {
        String written = json.write(rule(span(Operator.EXISTS), new Action.ForceDrop()));

        assertThatExceptionOfType(PolicyException.class)
                .isThrownBy(() -> json.read(written.replace("2026-11-22T12:00:00Z", "noon")))
                .withMessageEndingWith("created_at must be a time like 2026-11-22T10:15:30Z, not \"noon\"");
        assertThat(Arrays.asList("id", "created_at", "expires_at", "match", "action")).allSatisfy(
                field -> assertThatExceptionOfType(PolicyException.class)
                        .isThrownBy(() -> json.read(written.replace("\"" + field + "\":", "\"zzzzzzzz\":")))
                        .withMessageContaining(field + " is missing"));
    }
}
