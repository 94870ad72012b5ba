package dev.tailsampling.config;

import static dev.tailsampling.config.PeerCase.map;
import static java.util.stream.Collectors.counting;
import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.toMap;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import dev.tailsampling.policy.CompiledPolicies;
import dev.tailsampling.policy.Decision;
import dev.tailsampling.policy.Outcome;
import dev.tailsampling.policy.PolicyDecider;
import dev.tailsampling.policy.PolicySet;
import dev.tailsampling.policy.SamplingPolicy;
import dev.tailsampling.policy.SpanFolder;
import dev.tailsampling.policy.TraceSummary;
import dev.tailsampling.policy.VoteKind;
import dev.tailsampling.trace.OtelTraceState;
import dev.tailsampling.trace.OutgoingTraceState;
import dev.tailsampling.trace.Randomness;
import dev.tailsampling.trace.TestSpan;
import dev.tailsampling.trace.Threshold;
import dev.tailsampling.trace.TraceId;
import dev.tailsampling.trace.TraceState;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.yaml.snakeyaml.Yaml;

/**
 * What the tests of the Collector's {@code tail_sampling} processor and of the OpenTelemetry specification say, held
 * against our native semantics. Each policy goes through a policies file, so the parser is tested, too.
 */
class PeerCasesTest {

    private static final String INCREMENTAL = "decides while spans come in; natively a trace is decided when complete";

    /** Every case of these two engines that is not run, and why. */
    static final Map<String, String> NOT_RUN = Stream.of(
            because(INCREMENTAL, "tsp-lifecycle-008"))
            .flatMap(group -> group.entrySet().stream()).collect(toMap(Map.Entry::getKey, Map.Entry::getValue));

    private static Map<String, String> because(String reason, String... ids) {
        return Stream.of(ids).collect(toMap(id -> id, id -> reason));
    }

    static List<PeerCase> cases() throws Exception {
        return PeerCase.all().filter(peer -> List.of("tsp", "otel-spec").contains(peer.engine()))
                .filter(peer -> !NOT_RUN.containsKey(peer.id())).toList();
    }

    /** Where the Collector has no trap, its mode and ours say the same. */
    @ParameterizedTest
    @MethodSource("cases")
    void decidesAsThePeer_inItsMode(PeerCase peer) {
        if (List.of("policy", "policy-set").contains(peer.kind())) {
            assertDecisions(peer, policies(peer.policy(), Compat.OTEL));
        }
    }

    @ParameterizedTest
    @MethodSource("cases")
    void decidesAsThePeer(PeerCase peer) {
        switch (peer.kind()) {
            case "batch" -> assertBatch(peer);
            case "sequence" -> assertSequence(peer);
            case "hash-vector" -> assertHash(peer);
            case "policy", "policy-set" -> assertDecisions(peer, policies(peer.policy()));
            case "vote-algebra" -> assertVotes(peer);
            case "config" -> assertRefused(peer);
            case "randomness" -> assertRandomness(peer);
            case "threshold" -> assertThreshold(peer);
            case "threshold-decision" -> assertThresholdDecision(peer);
            case "tracestate-parse" -> assertTraceState(peer);
            case "tracestate-update" -> assertUpdate(peer);
            default -> throw new AssertionError("cannot run kind " + peer.kind());
        }
    }

    private static void assertDecisions(PeerCase peer, PolicySet policies) {
        CompiledPolicies compiled = CompiledPolicies.of(policies);
        peer.traces().forEach(trace -> assertDecision(decide(compiled, trace), trace.expected(peer.expected())));
    }

    /** All traces are complete within one second. */
    private static void assertBatch(PeerCase peer) {
        CompiledPolicies compiled = CompiledPolicies.of(policies(peer.policy(), Compat.NATIVE));
        List<PeerCase.Trace> traces = peer.traces().toList();
        List<Decision> decisions = new PolicyDecider(compiled).decide(traces.stream()
                .map(trace -> new PolicyDecider.Candidate(fold(compiled, trace), 0)).toList());
        for (int i = 0; i < traces.size(); i++) {
            Map<String, Object> expected = traces.get(i).expected(peer.expected());
            assertDecision(decisions.get(i), expected);
            if (expected.get("threshold_unsigned") instanceof Number threshold) {
                assertThat(decisions.get(i).threshold()).isEqualTo(new Threshold(threshold.longValue()));
            }
        }
    }

    /** One trace after the other, in the Collector's mode; a span of so many bytes stands for a trace of that size. */
    private static void assertSequence(PeerCase peer) {
        CompiledPolicies compiled = CompiledPolicies.of(policies(peer.policy(), Compat.OTEL));
        PolicyDecider decider = new PolicyDecider(compiled);
        peer.steps().forEach(step -> {
            for (int i = 0; i < step.repeat(); i++) {
                TraceSummary summary = fold(compiled, step.trace());
                assertDecision(decider.decide(List.of(new PolicyDecider.Candidate(summary, step.millis()))).getFirst(),
                        step.expected());
            }
        });
    }

    private static void assertHash(PeerCase peer) {
        map(peer.expected().get("keep_at_percent")).forEach((percent, kept) -> {
            Map<String, Object> policy = Map.of("type", "probabilistic", "sampling_percentage",
                    Double.valueOf(percent), "hash_salt", peer.policy().get("hash_salt"));
            CompiledPolicies compiled = CompiledPolicies.of(policies(policy, Compat.OTEL));
            peer.traces().forEach(trace -> assertThat(decide(compiled, trace).outcome() == Outcome.SAMPLED)
                    .as(percent + " %").isEqualTo(kept));
        });
    }

    /** Each batch is folded apart and merged: how the spans were split must not matter. */
    private static Decision decide(CompiledPolicies policies, PeerCase.Trace trace) {
        return policies.decide(fold(policies, trace));
    }

    private static TraceSummary fold(CompiledPolicies policies, PeerCase.Trace trace) {
        TraceSummary summary = new TraceSummary(trace.id().high(), trace.id().low());
        for (List<TestSpan> batch : trace.batches()) {
            TraceSummary part = new TraceSummary(trace.id().high(), trace.id().low());
            batch.forEach(span -> policies.folder().fold(part, span));
            summary.merge(part);
        }
        return summary;
    }

    private static void assertDecision(Decision decision, Map<String, Object> expected) {
        if (expected.containsKey("vote")) {
            assertThat(decision.votes().getFirst().vote()).isEqualTo(vote(expected.get("vote")));
        }
        if (expected.containsKey("decision")) {
            assertThat(decision.outcome() == Outcome.SAMPLED).isEqualTo(expected.get("decision").equals("keep"));
        }
        if (expected.containsKey("recorded_policy")) {
            assertThat(decision.policy()).isEqualTo(expected.get("recorded_policy"));
        }
        if (expected.containsKey("recorded_sub_policy")) {
            assertThat(decision.detail().subPolicy()).isEqualTo(expected.get("recorded_sub_policy"));
        }
        if (expected.containsKey("outgoing_th")) {
            assertThat(decision.threshold().th()).isEqualTo(expected.get("outgoing_th"));
        }
    }

    private static VoteKind vote(Object vote) {
        return VoteKind.valueOf(vote.toString().toUpperCase(Locale.ROOT));
    }

    /** Fixed votes are policies that vote so on a trace of highest randomness and status UNSET. */
    private static void assertVotes(PeerCase peer) {
        CompiledPolicies compiled = CompiledPolicies.of(policies(peer.policy()));
        TraceSummary summary = new TraceSummary(0, -1);
        compiled.folder().fold(summary, TestSpan.of(new TraceId(0, -1)));
        assertDecision(compiled.decide(summary), peer.expected());
    }

    private static void assertRefused(PeerCase peer) {
        if (peer.expected().get("allocations") instanceof Map<?, ?> allocations) {
            assertAllocations(peer, allocations);
        } else if (peer.policy().containsKey("probability_text")) {
            assertThatIllegalArgumentException().isThrownBy(() -> Threshold.ofProbability(probability(peer.policy())));
        } else {
            assertThat(peer.expected()).containsEntry("config_error", true);
            assertThatExceptionOfType(PolicyException.class).isThrownBy(() -> policies(peer.policy()));
        }
    }

    private static void assertAllocations(PeerCase peer, Map<?, ?> allocations) {
        List<?> subs = ((List<?>) peer.policy().get("sub_names")).stream()
                .map(name -> Map.of("name", name, "type", "always_sample")).toList();
        Map<String, Object> policy = Map.of("name", "p", "type", "composite", "composite",
                Map.of("max_total_spans_per_second", peer.policy().get("max_total_spans_per_second"),
                        "composite_sub_policy", subs, "rate_allocation", peer.policy().get("rate_allocation")));
        PolicySet set = new PolicyFile("case.yaml", new Yaml().dump(Map.of("policies", List.of(policy))))
                .as(new PolicyDialect(null, Compat.OTEL, null)).parse().set();
        SamplingPolicy.Composite composite = (SamplingPolicy.Composite) set.policies().getFirst().policy();
        for (int i = 0; i < subs.size(); i++) {
            assertThat((Object) composite.allocation().subSpans().get(i))
                    .isEqualTo(((Number) allocations.get(composite.policies().get(i).name())).longValue());
        }
    }

    private static void assertRandomness(PeerCase peer) {
        peer.traces().forEach(trace -> assertThat("%014x".formatted(Randomness.ofTraceId(trace.id().low())))
                .isEqualTo(peer.expected().get("randomness_hex")));
    }

    private static void assertThreshold(PeerCase peer) {
        Threshold threshold = threshold(peer.policy());
        if (peer.expected().containsKey("th")) {
            assertThat(threshold.th()).isEqualTo(peer.expected().get("th"));
        }
        if (peer.expected().get("adjusted_count") instanceof Number count) {
            assertThat(threshold.adjustedCount()).isEqualTo(count.doubleValue(), within(1e-9));
        }
    }

    private static Threshold threshold(Map<String, Object> policy) {
        if (policy.containsKey("th")) {
            return Threshold.parse(policy.get("th").toString());
        }
        return policy.get("precision_hex_digits") instanceof Number digits
                ? Threshold.ofProbability(probability(policy), digits.intValue())
                : Threshold.ofProbability(probability(policy));
    }

    /** A number, or one of the few expressions that the cases use. */
    private static double probability(Map<String, Object> policy) {
        if (policy.get("probability") instanceof BigDecimal number) {
            return number.doubleValue();
        }
        if (policy.get("one_in") instanceof Number number) {
            return 1 / number.doubleValue();
        }
        return switch (policy.get("probability_text").toString()) {
            case "1/2" -> 0.5;
            case "2/3" -> 2.0 / 3;
            case "1-0x54/0x100" -> 1 - 0x54 / 256.0;
            case "1.1" -> 1.1;
            default -> throw new AssertionError("unknown probability " + policy);
        };
    }

    private static void assertThresholdDecision(PeerCase peer) {
        Threshold threshold = Threshold.parse(peer.policy().get("th").toString());
        peer.traces().forEach(trace -> assertThat(threshold.keeps(randomness(trace)))
                .isEqualTo(peer.expected().get("decision").equals("keep")));
    }

    private static long randomness(PeerCase.Trace trace) {
        TraceSummary summary = new TraceSummary(trace.id().high(), trace.id().low());
        SpanFolder folder = CompiledPolicies.of(policies(Map.of("type", "always_sample"))).folder();
        trace.batches().getFirst().forEach(span -> folder.fold(summary, span));
        return summary.randomness();
    }

    private static void assertTraceState(PeerCase peer) {
        Map<String, Object> policy = peer.policy();
        boolean valid = peer.expected().get("valid").equals(true);
        if (policy.containsKey("rv_text")) {
            assertThat(Randomness.parse(policy.get("rv_text").toString()) != Randomness.NONE).isEqualTo(valid);
        } else if (policy.containsKey("tracestate")) {
            assertThat(TraceState.parse(policy.get("tracestate").toString()) != null).isEqualTo(valid);
        } else {
            OtelTraceState parsed = OtelTraceState.parse(policy.get("ot_value").toString());
            assertThat(parsed.isValid()).isEqualTo(valid);
            assertThat(parsed.th()).isEqualTo(peer.expected().get("th"));
            assertThat(parsed.rv()).isEqualTo(peer.expected().get("rv"));
            assertThat(parsed.otherFields()).isEqualTo(peer.expected().getOrDefault("extra", List.of()));
            assertThat(parsed.text()).isEqualTo(peer.expected().getOrDefault("serialized", parsed.text()));
        }
    }

    private static void assertUpdate(PeerCase peer) {
        String header = "ot=" + peer.policy().get("ot_value");
        Threshold own = Threshold.ofProbability(Double.parseDouble(peer.policy().get("own_probability").toString()));
        OtelTraceState incoming = TraceState.otel(header);
        OtelTraceState outgoing = TraceState.otel(new OutgoingTraceState((1L << 56) - 1, own).of(header));

        assertThat(peer.expected()).containsEntry("refused_because_it_would_lower_the_threshold", true);
        assertThatIllegalArgumentException().isThrownBy(() -> incoming.raisedTo(own));
        assertThat(outgoing.th()).isEqualTo(peer.expected().get("outgoing_th"));
        assertThat(BigDecimal.valueOf(outgoing.threshold().adjustedCount()))
                .isEqualTo(peer.expected().get("adjusted_count"));
    }

    /** The case's policies by way of a policies file. */
    private static PolicySet policies(Map<String, Object> policy) {
        return policies(policy, Compat.NATIVE);
    }

    private static PolicySet policies(Map<String, Object> policy, Compat compat) {
        List<Object> list = new ArrayList<>();
        if (policy.get("policies") instanceof List<?> several) {
            several.forEach(one -> list.add(collectorsForm(map(one))));
        } else {
            list.add(collectorsForm(policy));
        }
        return new PolicyFile("case.yaml", new Yaml().dump(Map.of("policies", list)))
                .as(new PolicyDialect(null, compat, null)).parse().set();
    }

    /** A policy of the cases' neutral form in the Collector's. */
    private static Map<String, Object> collectorsForm(Map<String, Object> policy) {
        if (policy.get("type").equals("fixed_vote")) {
            return collectorsForm(fixedVote(policy));
        }
        if (policy.get("type").toString().startsWith("composite")) {
            return composite(policy);
        }
        Map<String, Object> block = new HashMap<>(policy);
        Object name = block.remove("name");
        String type = block.remove("type").toString();
        block.remove("use_tracestate");
        block.remove("mode");
        rename(block, "regex", "enabled_regex_matching");
        rename(block, "span_event", "spanevent");
        if (block.remove("sub") instanceof Object sub) {
            block.put(type + "_sub_policy", sub instanceof List<?> subs
                    ? subs.stream().map(one -> collectorsForm(map(one))).toList()
                    : collectorsForm(map(sub)));
        }
        return new HashMap<>(Map.of("name", name == null ? "p" : name, "type", type, type, block));
    }

    /** The cases have limits in spans, the Collector's form has percentages of the total. */
    private static Map<String, Object> composite(Map<String, Object> policy) {
        List<Map<String, Object>> subs = new ArrayList<>();
        List<Map<String, Object>> rates = new ArrayList<>();
        long total = ((Number) policy.get("max_total_spans_per_second")).longValue();
        for (Object one : (List<?>) policy.get("sub")) {
            Map<String, Object> sub = map(one);
            Map<String, Object> part = new HashMap<>(map(sub.get("policy")));
            part.put("name", sub.get("name"));
            subs.add(collectorsForm(part));
            long percent = ((Number) sub.get("max_spans_per_second")).longValue() * 100 / total;
            rates.add(Map.of("policy", sub.get("name"), "percent", percent));
        }
        return Map.of("name", "p", "type", "composite", "composite", Map.of("max_total_spans_per_second", total,
                "composite_sub_policy", subs, "rate_allocation", rates));
    }

    private static void rename(Map<String, Object> block, String from, String to) {
        if (block.containsKey(from)) {
            block.put(to, block.remove(from));
        }
    }

    private static Map<String, Object> fixedVote(Map<String, Object> policy) {
        Object name = policy.getOrDefault("name", "p");
        if (policy.get("vote").equals("not_sampled")) {
            return Map.of("name", name, "type", "status_code", "status_codes", List.of("ERROR"));
        }
        return policy.get("threshold") instanceof String th
                ? Map.of("name", name, "type", "probabilistic", "sampling_percentage",
                        BigDecimal.valueOf(Threshold.parse(th).probability() * 100))
                : Map.of("name", name, "type", "always_sample");
    }

    /** The cases of other peers are run by other tests. */
    @Test
    void nothingIsLeftOutInSilence() throws Exception {
        assertThat(PeerCase.all().map(PeerCase::id)).doesNotHaveDuplicates().containsAll(NOT_RUN.keySet());
        assertThat(cases()).hasSize(105);
        assertThat(NOT_RUN).hasSize(1);
        assertThat(PeerCase.all().collect(groupingBy(PeerCase::engine, counting()))).isEqualTo(
                Map.of("tsp", 78L, "otel-spec", 28L, "refinery", 30L, "elastic", 3L, "odigos", 2L));
    }
}
