package dev.tailsampling.config;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tailsampling.ottl.OttlCondition;
import dev.tailsampling.policy.CompiledPolicies;
import dev.tailsampling.policy.ForceRule;
import dev.tailsampling.policy.Matcher;
import dev.tailsampling.policy.NamedPolicy;
import dev.tailsampling.policy.PolicyDecider;
import dev.tailsampling.policy.PolicySet;
import dev.tailsampling.policy.SamplingPolicy;
import dev.tailsampling.policy.SpanFolder;
import dev.tailsampling.policy.SpanMatch;
import dev.tailsampling.policy.TraceSummary;
import dev.tailsampling.trace.AttributeValue;
import dev.tailsampling.trace.AttributeValue.LongValue;
import dev.tailsampling.trace.AttributeValue.StringValue;
import dev.tailsampling.trace.RestrictedSpan;
import dev.tailsampling.trace.SpanField;
import dev.tailsampling.trace.SpanKind;
import dev.tailsampling.trace.SpanView;
import dev.tailsampling.trace.StatusCode;
import dev.tailsampling.trace.TestSpan;
import dev.tailsampling.trace.TraceId;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Policies say which parts of spans they look at: with no others, decisions are the same. */
class RequiredFieldsTest {

    private static final int SEEDS = 600;
    private static final int TRACES = 8;

    private static Set<SpanField> fields(String policy) {
        return CompiledPolicies.of(new PolicyFile("p.yaml", "policies: [{name: p, " + policy + "}]").parse().set())
                .fields();
    }

    private static Set<SpanField> set(String names) {
        return names == null
                ? EnumSet.noneOf(SpanField.class)
                : List.of(names.split(" ")).stream().map(SpanField::valueOf).collect(Collectors.toSet());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`',
            textBlock = """
                    type: always_sample                                                            |
                    type: latency, latency: {threshold_ms: 1}                                      |
                    type: status_code, status_code: {status_codes: [ERROR]}                        |
                    type: span_count, span_count: {min_spans: 2}                                   |
                    type: probabilistic, probabilistic: {sampling_percentage: 10}                  |
                    type: trace_state, trace_state: {key: k, values: [v]}                          |
                    type: trace_flags, trace_flags: {}                                             | FLAGS
                    type: rate_limiting, rate_limiting: {spans_per_second: 10}                     |
                    type: bytes_limiting, bytes_limiting: {bytes_per_second: 10}                   | ENCODED_SIZE
                    type: boolean_attribute, boolean_attribute: {key: k, value: true}              | SPAN_ATTRIBUTES RESOURCE_ATTRIBUTES
                    type: ottl_condition, ottl_condition: {span: ['name == "x"']}                  | NAME
                    type: ottl_condition, ottl_condition: {spanevent: ['span.kind == 2']}          | EVENTS KIND
                    """)
    void ofOnePolicy(String policy, String names) {
        assertThat(fields(policy)).isEqualTo(set(names));
    }

    @ParameterizedTest
    @EnumSource(Compat.class)
    void withNoOtherParts_decisionsAreTheSame(Compat compat) {
        Set<SpanField> seen = new TreeSet<>();
        for (long seed = 0; seed < SEEDS; seed++) {
            CompiledPolicies policies = CompiledPolicies.of(new RandomPolicies(seed, compat).set());
            Random random = new Random(seed);
            List<List<TestSpan>> traces = new ArrayList<>();
            for (int i = 0; i < TRACES; i++) {
                traces.add(trace(random));
            }
            List<PolicyDecider.Candidate> whole = new ArrayList<>();
            List<PolicyDecider.Candidate> restricted = new ArrayList<>();
            for (List<TestSpan> trace : traces) {
                whole.add(candidate(policies, trace));
                restricted.add(candidate(policies,
                        trace.stream().map(span -> new RestrictedSpan(span, policies.fields())).toList()));
            }
            seen.addAll(policies.fields());

            assertThat(new PolicyDecider(policies).decide(restricted)).as("%s, seed %d", compat, seed)
                    .isEqualTo(new PolicyDecider(policies).decide(whole));
        }

        assertThat(seen).as("what random policies look at").contains(SpanField.NAME, SpanField.FLAGS,
                SpanField.SPAN_ATTRIBUTES, SpanField.RESOURCE_ATTRIBUTES, SpanField.SCOPE, SpanField.EVENTS,
                SpanField.LINKS, SpanField.ENCODED_SIZE);
    }

    private static PolicyDecider.Candidate candidate(CompiledPolicies policies, List<? extends SpanView> trace) {
        SpanView first = trace.getFirst();
        TraceSummary summary = new TraceSummary(first.traceIdHigh(), first.traceIdLow());
        SpanFolder folder = policies.folder();
        trace.forEach(span -> folder.fold(summary, span));
        return new PolicyDecider.Candidate(summary, 500);
    }

    private static List<TestSpan> trace(Random random) {
        TraceId id = new TraceId(random.nextLong(), random.nextLong());
        List<TestSpan> spans = new ArrayList<>();
        for (int i = 0; i <= random.nextInt(12); i++) {
            spans.add(span(random, id, i + 1));
        }
        return spans;
    }

    private static TestSpan span(Random random, TraceId id, long spanId) {
        long start = 1_000 + random.nextInt(100);
        TestSpan span = TestSpan.of(id).id(spanId).parent(spanId == 1 || random.nextInt(4) == 0 ? 0 : 1)
                .name(one(random, "a: #b", "x", "text", "12")).kind(one(random, SpanKind.values()))
                .status(one(random, StatusCode.values())).statusMessage(one(random, "", "boom"))
                .millis(start, start + random.nextInt(200)).flags(random.nextInt(3))
                .encodedSize(50 + random.nextInt(2_000)).traceState(one(random, null, null, "vendor=a b"))
                .resource("service.name", "cart").scope(one(random, "", "text"), "1");
        for (int i = 0; i < 3; i++) {
            String key = one(random, "http.route", "span.name", "scope.name", "500", "true", "event.name");
            AttributeValue value = one(random, new StringValue("text"), new LongValue(500), new StringValue("12"));
            switch (random.nextInt(5)) {
                case 0 -> span.resource(key, value);
                case 1 -> span.scopeAttribute(key, value);
                case 2 -> span.event(one(random, "x", "y"), Map.of("attribute", value));
                case 3 -> span.link(id, 7, Map.of("attribute", value));
                default -> span.with(key, value);
            }
        }
        return span;
    }

    @SafeVarargs
    private static <T> T one(Random random, T... choices) {
        return choices[random.nextInt(choices.length)];
    }

    @ParameterizedTest
    @ValueSource(strings = {"trace_id.string", "span_id.string", "parent_span_id.string", "trace_state", "name", "kind",
            "kind.string", "kind.deprecated_string", "start_time_unix_nano", "end_time_unix_nano", "start_time",
            "end_time", "status", "status.code", "status.message", "flags", "dropped_attributes_count", "events",
            "dropped_events_count", "links", "dropped_links_count", "scope.name", "scope.version",
            "scope.dropped_attributes_count", "attributes", "resource.attributes", "scope.attributes",
            "instrumentation_scope.name", "resource.attributes[\"k\"]", "attributes[resource.attributes[\"k\"]]"})
    void everyPathAsksForWhatItReads(String path) {
        TestSpan span = TestSpan.span().parent(1).event("e", Map.of());
        OttlCondition ofSpan = OttlCondition.parseSpan(path + " != nil");
        OttlCondition ofEvent = OttlCondition.parseSpanEvent(
                (path.startsWith("resource") || path.contains("scope") ? "" : "span.") + path + " != nil");

        ofSpan.test(new RestrictedSpan(span, ofSpan.fields()));
        ofEvent.test(new RestrictedSpan(span, ofEvent.fields()));
        assertThat(ofEvent.fields()).contains(SpanField.EVENTS).containsAll(ofSpan.fields());
    }

    @Test
    void forceRulesCount() {
        SpanMatch match = SpanMatch.of(List.of(),
                List.of(new Matcher("span.kind", Matcher.Operator.EQ, List.of(new StringValue("SERVER")))));
        ForceRule rule = new ForceRule("r", "", 0, match, new ForceRule.Action.ForceDrop(), Instant.EPOCH, Instant.MAX,
                true);
        PolicySet set = new PolicySet(List.of(NamedPolicy.of("p", new SamplingPolicy.AlwaysSample())));
        CompiledPolicies policies = CompiledPolicies.of(set.withForceRules(List.of(rule)));

        assertThat(policies.fields()).containsExactlyInAnyOrder(SpanField.KIND, SpanField.SPAN_ATTRIBUTES);
    }
}
