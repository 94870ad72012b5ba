package dev.tailsampling.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.tailsampling.policy.CompiledPolicies;
import dev.tailsampling.policy.Decision;
import dev.tailsampling.policy.NamedPolicy;
import dev.tailsampling.policy.Outcome;
import dev.tailsampling.policy.SamplingPolicy;
import dev.tailsampling.policy.TraceSummary;
import dev.tailsampling.sampler.KeyedSampler;
import dev.tailsampling.sampler.MovingAverage;
import dev.tailsampling.trace.AttributeValue.MapValue;
import dev.tailsampling.trace.AttributeValue.StringValue;
import dev.tailsampling.trace.SpanKind;
import dev.tailsampling.trace.StatusCode;
import dev.tailsampling.trace.TestSpan;
import dev.tailsampling.trace.Threshold;
import dev.tailsampling.trace.TraceId;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What rules files come to, beyond the peer's own cases. */
class RefineryRulesTest {

    private static final String HEAD = "RulesVersion: 2\nSamplers:\n  __default__:\n";

    /** A file with one rule, which drops what it matches. */
    private static ParsedPolicies rule(String scope, String... conditions) {
        return parse("""
                    RulesBasedSampler:
                      Rules:
                        - {Name: it, Drop: true, Scope: %s, Conditions: [%s]}
                """.formatted(scope, String.join(", ", conditions)));
    }

    private static ParsedPolicies parse(String sampler) {
        return RefineryRules.parse("r.yaml", HEAD + sampler.indent(4), null);
    }

    private static boolean matches(ParsedPolicies rules, TestSpan... spans) {
        return decide(rules, spans).outcome() == Outcome.DROPPED;
    }

    private static Decision decide(ParsedPolicies rules, TestSpan... spans) {
        CompiledPolicies compiled = CompiledPolicies.of(rules.set());
        TraceSummary summary = new TraceSummary(0, 1);
        List.of(spans).forEach(span -> compiled.folder().fold(summary, span));
        return compiled.decide(summary);
    }

    private static TestSpan child() {
        return TestSpan.span().id(2).parent(1);
    }

    @Test
    void traceScopeLetsEachConditionHoldForAnotherSpan() {
        String[] conditions = {"{Field: a, Operator: '=', Value: 1}", "{Field: b, Operator: '=', Value: 2}"};
        TestSpan[] spread = {child().with("a", 1), child().with("b", 2)};

        assertThat(matches(rule("trace", conditions), spread)).isTrue();
        assertThat(matches(rule("span", conditions), spread)).isFalse();
        assertThat(matches(rule("span", conditions), child().with("a", 1).with("b", 2))).isTrue();
    }

    /** Under trace scope a negative operator is true as soon as one item lacks the field. */
    @ParameterizedTest
    @CsvSource({"not-exists", "does-not-contain", "not-in"})
    void negativeOperatorsAreTrueOfAnySpanThatLacksTheField(String operator) {
        ParsedPolicies rules = rule("trace", "{Field: a, Operator: " + operator + ", Value: x}");

        assertThat(matches(rules, child().with("a", "x"), child())).isTrue();
        assertThat(matches(rules, child().with("a", "x"))).isFalse();
    }

    @Test
    void eventsAndLinksAreItemsOfTheirOwn() {
        ParsedPolicies rules = rule("span", "{Field: a, Operator: '=', Value: x}", "{Field: b, Operator: not-exists}",
                "{Field: service.name, Operator: '=', Value: shop}");
        Map<String, dev.tailsampling.trace.AttributeValue> a = Map.of("a", new StringValue("x"));

        assertThat(matches(rules, child().with("b", 1).resource("service.name", "shop").event("e", a))).isTrue();
        assertThat(matches(rules, child().with("b", 1).resource("service.name", "shop")
                .link(new TraceId(1, 1), 1, a))).isTrue();
        assertThat(matches(rules, child().with("b", 1).with("a", "x").resource("service.name", "shop")
                .event("e", Map.of()))).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"meta.annotation_type, Operator: '=', Value: span_event",
            "parent_name, Operator: '=', Value: GET /", "name, Operator: '=', Value: exception",
            "trace.parent_id, Operator: '=', Value: 000000000000000b", "error, Operator: '=', Value: true"})
    void eventsHaveFieldsOfTheIntake(String condition) {
        ParsedPolicies rules =
                rule("span", "{Field: " + condition + "}", "{Field: trace.span_id, Operator: not-exists}");
        TestSpan span = TestSpan.span().id(11).name("GET /").status(StatusCode.ERROR);

        assertThat(matches(rules, span)).isFalse();
        assertThat(matches(rules, span.event("exception", Map.of()))).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"name, Operator: '=', Value: GET /", "duration_ms, Operator: '=', Value: 1.5",
            "duration_ms, Operator: '<', Value: 2", "status_code, Operator: '=', Value: 2",
            "status_message, Operator: contains, Value: oops", "error, Operator: '=', Value: true",
            "span.kind, Operator: '=', Value: server", "type, Operator: '=', Value: server",
            "span.num_events, Operator: '=', Value: 0", "span.num_links, Operator: '=', Value: 0",
            "library.name, Operator: '=', Value: http", "library.version, Operator: '=', Value: '1.2'",
            "trace.trace_id, Operator: '=', Value: '0000000000000001'",
            "trace.span_id, Operator: '=', Value: '0000000000000001'", "trace.parent_id, Operator: not-exists",
            "meta.signal_type, Operator: '=', Value: trace", "meta.refinery.root, Operator: '=', Value: true",
            "root.name, Operator: '=', Value: GET /", "service.name, Operator: '=', Value: shop",
            "scoped, Operator: '=', Value: x", "trace.trace_state, Operator: starts-with, Value: a"})
    void spansHaveFieldsOfTheIntake(String condition) {
        TestSpan span = TestSpan.span().name("GET /").nanos(1_000_000, 2_500_000).status(StatusCode.ERROR)
                .statusMessage("oops").kind(SpanKind.SERVER).scope("http", "1.2").scopeAttribute("scoped", "x")
                .resource("service.name", "shop").traceState("a=b");

        assertThat(matches(rule("trace", "{Field: " + condition + "}"), span)).isTrue();
    }

    /** The span's own attribute counts, before the scope's and the resource's, and before OTLP's field. */
    @Test
    void attributesComeFirst() {
        TestSpan span =
                TestSpan.span().name("otlp").with("name", "own").scopeAttribute("x", "scope").resource("x", "r");

        assertThat(matches(rule("trace", "{Field: name, Operator: '=', Value: own}"), span)).isTrue();
        assertThat(matches(rule("trace", "{Field: x, Operator: '=', Value: scope}"), span)).isTrue();
    }

    @Test
    void theFirstExistingFieldIsTheValue() {
        ParsedPolicies rules = rule("trace", "{Fields: [a, b], Operator: '=', Value: 1}");

        assertThat(matches(rules, child().with("a", 2).with("b", 1))).isFalse();
        assertThat(matches(rules, child().with("b", 1))).isTrue();
    }

    @Test
    void fieldsOfTheRootAreTheRootsForAllSpans() {
        ParsedPolicies rules = rule("span", "{Field: root.a, Operator: '=', Value: 1}",
                "{Field: b, Operator: '=', Value: 2}");

        assertThat(matches(rules, TestSpan.span().with("a", 1), child().with("b", 2))).isTrue();
        assertThat(matches(rules, TestSpan.span(), child().with("a", 1).with("b", 2))).isFalse();
    }

    @Test
    void hasRootSpanNeverHoldsUnderScopeSpan() {
        ParsedPolicies rules = rule("span", "{Operator: has-root-span, Value: true}");

        assertThat(matches(rules, TestSpan.span())).isFalse();
        assertThat(rules.warnings()).containsExactly("r.yaml, line 6, column 75: rule 'it': has-root-span never holds "
                + "under Scope span, in Refinery as here");
        assertThat(matches(rule("trace", "{Operator: has-root-span, Value: 'true'}"), TestSpan.span())).isTrue();
        assertThat(matches(rule("trace", "{Operator: has-root-span, Value: false}"), child())).isTrue();
    }

    @ParameterizedTest
    @CsvSource({"'=', 3, true", "'!=', 3, false", "'>', 2.5, true", "'<=', 2, false", "'<', 4, true", "'>=', 4, false"})
    void descendantsAreSpansEventsAndLinks(String operator, String value, boolean expected) {
        ParsedPolicies rules =
                rule("trace", "{Field: '?.NUM_DESCENDANTS', Operator: '%s', Value: %s}".formatted(operator, value));

        assertThat(matches(rules, TestSpan.span().event("e", Map.of()), child())).isEqualTo(expected);
    }

    private static ParsedPolicies nested(String condition) {
        return parse("""
                    RulesBasedSampler:
                      CheckNestedFields: true
                      Rules:
                        - {Name: it, Drop: true, Conditions: [%s]}
                """.formatted(condition));
    }

    @Test
    void nestedFieldsAreLookedForWhereNoFieldIs() {
        TestSpan span = child().with("test", new MapValue(List.of(
                new MapValue.Entry("test1", new StringValue("a")),
                new MapValue.Entry("deep", new MapValue(List.of(new MapValue.Entry("n",
                        new dev.tailsampling.trace.AttributeValue.LongValue(7))))))));

        assertThat(matches(nested("{Field: test.test1, Operator: '=', Value: a}"), span)).isTrue();
        assertThat(matches(nested("{Fields: [test.none, test.test1], Operator: '=', Value: a}"), span)).isTrue();
        assertThat(matches(nested("{Field: test.test2, Operator: not-exists}"), span)).isTrue();
        assertThat(matches(rule("trace", "{Field: test.test1, Operator: exists}"), span)).isFalse();
        assertThat(matches(nested("{Field: test.deep.n, Operator: '=', Value: '7'}"), span))
                .as("what is nested is read as a text").isTrue();
        assertThat(matches(nested("{Field: test.deep.n, Operator: '=', Value: 7}"), span)).isFalse();
        assertThat(matches(nested("{Field: test.test1, Operator: '=', Value: a}"), span.with("test.test1", "flat")))
                .as("a field of that name comes first").isFalse();
    }

    @Test
    void aSamplerComesBeforeDropAndDropBeforeTheRate() {
        ParsedPolicies rules = parse("""
                    RulesBasedSampler:
                      Rules:
                        - {Name: a, Drop: true, SampleRate: 5, Sampler: {DeterministicSampler: {SampleRate: 1}},
                           Conditions: [{Field: a, Operator: exists}]}
                        - {Name: b, Drop: true, SampleRate: 5, Conditions: [{Field: b, Operator: exists}]}
                        - {Name: c, Conditions: [{Field: c, Operator: exists}]}
                        - {SampleRate: 4}
                """);

        assertThat(decide(rules, child().with("a", 1)).outcome()).isEqualTo(Outcome.SAMPLED);
        assertThat(decide(rules, child().with("b", 1)).policy()).isEqualTo("b");
        assertThat(decide(rules, child().with("b", 1)).outcome()).isEqualTo(Outcome.DROPPED);
        assertThat(decide(rules, child().with("c", 1)).outcome()).as("a rate of 0").isEqualTo(Outcome.DROPPED);
        assertThat(rules.set().policies().getLast())
                .isEqualTo(new NamedPolicy("rule 4", new SamplingPolicy.AlwaysSample(), Threshold.ofProbability(0.25)));
    }

    @Test
    void whatNoRuleMatchesIsKept() {
        Decision decision = decide(rule("trace", "{Field: a, Operator: exists}"), child());

        assertThat(decision.outcome()).isEqualTo(Outcome.SAMPLED);
        assertThat(decision.policy()).isNull();
        assertThat(decision.threshold()).isEqualTo(Threshold.ALWAYS);
    }

    @Test
    void namesAreMadeUnique() {
        ParsedPolicies rules =
                parse("RulesBasedSampler: {Rules: [{Name: x, SampleRate: 2}, {Name: x, SampleRate: 3}]}");

        assertThat(rules.set().policies()).extracting(NamedPolicy::name).containsExactly("x", "x (2)");
    }

    @Test
    void samplersHaveRefinerysDefaults() {
        assertThat(sampler("DynamicSampler: {SampleRate: 7, FieldList: [a]}")).isEqualTo(KeyedSampler.Dynamic.of(7));
        assertThat(sampler("EMADynamicSampler: {GoalSampleRate: 7, FieldList: [a]}"))
                .isEqualTo(KeyedSampler.EmaDynamic.of(7));
        assertThat(sampler("EMAThroughputSampler: {GoalThroughputPerSec: 7, FieldList: [a]}"))
                .isEqualTo(KeyedSampler.EmaThroughput.of(7));
        assertThat(sampler("WindowedThroughputSampler: {GoalThroughputPerSec: 7, FieldList: [a]}"))
                .isEqualTo(KeyedSampler.WindowedThroughput.of(7));
        assertThat(sampler("TotalThroughputSampler: {GoalThroughputPerSec: 7, FieldList: [a]}"))
                .isEqualTo(KeyedSampler.TotalThroughput.of(7));
    }

    @Test
    void samplersTakeTheirSettings() {
        assertThat(sampler("""
                EMAThroughputSampler: {GoalThroughputPerSec: 7, FieldList: [a], InitialSampleRate: 3, Weight: 0.25, \
                AdjustmentInterval: 1m30s, BurstMultiple: -1, BurstDetectionDelay: 5, MaxKeys: 9, UseClusterSize: true}
                """)).isEqualTo(new KeyedSampler.EmaThroughput(7, 3,
                new MovingAverage(Duration.ofSeconds(90), 0.25, 0.25, -1, 5), 9));
        assertThat(sampler("""
                WindowedThroughputSampler: {GoalThroughputPerSec: 7, FieldList: [a], UpdateFrequency: 2s}
                """)).isEqualTo(KeyedSampler.WindowedThroughput.of(7, Duration.ofSeconds(2)));
    }

    private static KeyedSampler sampler(String yaml) {
        return ((SamplingPolicy.Keyed) parse(yaml).set().policies().getFirst().policy()).sampler();
    }

    @Test
    void theEnvironmentIsChosen() {
        String two = """
                RulesVersion: 2
                Samplers:
                  __default__: {DeterministicSampler: {SampleRate: 1}}
                  prod: {DeterministicSampler: {SampleRate: 2}}
                """;
        String one = "RulesVersion: 2\nSamplers: {prod: {DeterministicSampler: {SampleRate: 3}}}";

        assertThat(RefineryRules.parse("r", two, null).set()).isNotEqualTo(RefineryRules.parse("r", two, "prod").set());
        assertThat(RefineryRules.parse("r", one, null).set()).isEqualTo(RefineryRules.parse("r", one, "prod").set());
        assertThat(new PolicyFile("r", two).parse().set()).isEqualTo(RefineryRules.parse("r", two, null).set());
        assertThatExceptionOfType(PolicyException.class).isThrownBy(() -> RefineryRules.parse("r", two, "test"))
                .withMessage(
                        "r, line 3, column 3: there is no sampler for environment test; choose one of __default__, "
                                + "prod");
    }

    @Test
    void differencesAreToldOncePerKind() {
        assertThat(parse("""
                    RulesBasedSampler:
                      Rules:
                        - {SampleRate: 2, Conditions: [{Field: meta.span_count, Operator: '>', Value: 1}]}
                        - {SampleRate: 3}
                """).warnings()).containsExactly(
                "r.yaml, line 6, column 52: rule 'rule 1': meta.span_count is looked for among attributes only: "
                        + "Refinery's own fields of that kind are not available",
                "r.yaml, line 6, column 28 and 1 more place: one in SampleRate is picked by the trace's randomness "
                        + "(R >= T), not by a die, so that the pick can be repeated and agrees with other samplers");
    }

    @Test
    void tomlIsNamed() {
        assertThatExceptionOfType(PolicyException.class)
                .isThrownBy(() -> RefineryRules.parse("rules.toml", "[env]\nSampler = \"RulesBasedSampler\"\n", null))
                .withMessage(
                        "rules.toml: rules in TOML are of Refinery 1: convert them with Refinery's convert tool to "
                                + "YAML");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            {Field: a, Operator: '=='} | line 6, column 86: rule 'it': Operator must be of =, !=, <, <=, >, \
            >=, starts-with, contains, does-not-contain, matches, in, not-in, exists, not-exists, has-root-span, \
            not "=="
            {Operator: exists} | line 6, column 65: rule 'it': Field or Fields is missing
            {Field: a, Fields: [b], Operator: exists} | line 6, column 65: rule 'it': Field and Fields must not both \
            be set
            {Field: a, Operator: '=', Value: x, Datatype: int} | line 6, column 86: rule 'it': "x" is not of datatype \
            int
            {Field: a, Operator: '=', Value: x, Datatype: date} | line 6, column 111: rule 'it': Datatype must be of \
            string, int, float, bool, not "date"
            {Field: a, Operator: '='} | line 6, column 65: rule 'it': Conditions.Value is missing
            {Field: a, Operator: in, Value: [true], Datatype: bool} | line 6, column 86: rule 'it': in cannot be used \
            with datatype bool
            {Field: a, Operator: matches, Value: '('} | line 6, column 86: rule 'it': not a regular expression: "(" \
            (missing closing ))
            {Field: '?.SOMETHING', Operator: exists} | line 6, column 73: rule 'it': unknown computed field \
            ?.SOMETHING; there is only ?.NUM_DESCENDANTS, in Field
            {Field: '?.NUM_DESCENDANTS', Operator: contains, Value: 3} | line 6, column 65: rule 'it': \
            ?.NUM_DESCENDANTS is a number: use it in Field, with =, !=, <, <=, > or >=
            {Field: '?.NUM_DESCENDANTS', Operator: '>', Value: '3'} | line 6, column 116: rule 'it': \
            ?.NUM_DESCENDANTS is a number: compare it with one, without Datatype or with int or float
            {Field: a, Operator: exists, Valu: 1} | line 6, column 94: rule 'it': unknown field Conditions.Valu; did \
            you mean Conditions.Value?
            """)
    void refusesConditions(String condition, String message) {
        assertThatExceptionOfType(PolicyException.class).isThrownBy(() -> rule("trace", condition))
                .withMessage("r.yaml, " + message);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            Samplers: {a: {}}                                                                        \
            | line 1, column 1: rules file: RulesVersion is missing
            RulesVersion: 1\\nSamplers: {a: {}}                                                      \
            | line 1, column 15: rules file: RulesVersion must be 2, not 1
            RulesVersion: 2\\nSamplers: {}                                                           \
            | line 2, column 11: rules file: Samplers must hold a sampler for each environment
            RulesVersion: 2\\nSamplers: {a: {}}                                                      \
            | line 2, column 15: environment a: there must be one sampler, of RulesBasedSampler, DeterministicSampler, \
            DynamicSampler, EMADynamicSampler, EMAThroughputSampler, WindowedThroughputSampler, TotalThroughputSampler
            RulesVersion: 2\\nSamplers: {a: {DeterministicSampler: {SampleRate: 1}, FooSampler: {}}}  \
            | line 2, column 55: environment a: unknown field FooSampler; known are RulesBasedSampler, \
            DeterministicSampler, DynamicSampler, EMADynamicSampler, EMAThroughputSampler, WindowedThroughputSampler, \
            TotalThroughputSampler
            RulesVersion: 2\\nSamplers: {a: {DynamicSampler: {SampleRate: 1}}}                        \
            | line 2, column 32: environment a: DynamicSampler.FieldList is missing
            RulesVersion: 2\\nSamplers: {a: {DynamicSampler: {SampleRate: 0, FieldList: [x]}}}        \
            | line 2, column 32: environment a: goal sample rate must be at least 1, not 0
            RulesVersion: 2\\nSamplers: {a: {DynamicSampler: {SampleRate: 1, FieldList: [x], ClearFrequency: 1 day}}} \
            | line 2, column 80: environment a: ClearFrequency must be a duration like "30s" or "1m30s"
            RulesVersion: 2\\nSamplers: {a: {RulesBasedSampler: {Rules: [{Scope: all}]}}}             \
            | line 2, column 52: rule 'rule 1': Scope must be trace or span, not "all"
            RulesVersion: 2\\nSamplers: {a: {RulesBasedSampler: {Rules: 5}}}                          \
            | line 2, column 43: environment a: RulesBasedSampler.Rules must be a list, not "5"
            """)
    void refusesFiles(String yaml, String message) {
        assertThatExceptionOfType(PolicyException.class)
                .isThrownBy(() -> RefineryRules.parse("r.yaml", yaml.replace("\\n", "\n"), null))
                .withMessage("r.yaml, " + message);
    }

    @Test
    void tooManyWaysAreRefused() {
        String mixed = "{Fields: [a, root.b, c, root.d], Operator: not-in, Value: x}";

        assertThatExceptionOfType(PolicyException.class)
                .isThrownBy(() -> rule("span", mixed, mixed, mixed, mixed))
                .withMessageContaining("can hold in more than 64 ways together: use fewer of them");
    }
}
