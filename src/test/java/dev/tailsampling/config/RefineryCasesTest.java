package dev.tailsampling.config;

import static dev.tailsampling.config.PeerCase.map;
import static dev.tailsampling.config.PeerCase.objects;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tailsampling.policy.CompiledPolicies;
import dev.tailsampling.policy.Decision;
import dev.tailsampling.policy.Outcome;
import dev.tailsampling.policy.PolicyDecider;
import dev.tailsampling.policy.PolicyDecider.Candidate;
import dev.tailsampling.policy.TraceSummary;
import dev.tailsampling.sampler.Sha1Sampler;
import dev.tailsampling.trace.TestSpan;
import dev.tailsampling.trace.Threshold;
import dev.tailsampling.trace.TraceId;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What Refinery's own tests say, each through a rules file made from the case, and once more through the policies file
 * that the rules are written as.
 */
class RefineryCasesTest {

    /** In the share of every policy that samples at all, by randomness and by hash. */
    private static final TraceId LUCKY = LongStream.iterate(1, high -> high + 1)
            .mapToObj(high -> new TraceId(high, -1)).filter(new Sha1Sampler(100)::keeps).findFirst().orElseThrow();

    static Stream<PeerCase> cases() throws Exception {
        return PeerCase.all().filter(peer -> peer.engine().equals("refinery"))
                .filter(peer -> List.of("rules", "hash-vector", "sampler-key").contains(peer.kind()));
    }

    @Test
    void noCaseIsLeftOut() throws Exception {
        assertThat(cases()).hasSize(25);
    }

    @ParameterizedTest
    @MethodSource("cases")
    void decidesAsThePeer(PeerCase peer) {
        switch (peer.kind()) {
            case "rules" -> assertRules(peer);
            case "hash-vector" -> assertHash(peer);
            default -> assertKey(peer);
        }
    }

    private static void assertRules(PeerCase peer) {
        Map<String, Object> policy = peer.policy();
        policy.keySet().removeAll(List.of("type", "first_match"));
        ParsedPolicies parsed = RefineryRules.parse(peer.id(), file("RulesBasedSampler", respelled(policy)), null);
        assertRules(peer, parsed);
        assertRules(peer, new PolicyFile(peer.id(), PolicyWriter.yaml(parsed.set())).parse());
    }

    private static void assertRules(PeerCase peer, ParsedPolicies parsed) {
        Decision decision = decide(parsed, spans(peer, LUCKY));
        Map<String, Object> expected = peer.expected();
        assertThat(decision.policy()).as(peer.policy().toString()).isEqualTo(expected.get("matched_rule"));
        assertThat(decision.outcome() != Outcome.SAMPLED).isEqualTo(expected.get("decision").equals("drop"));
        boolean rated = decision.outcome() == Outcome.SAMPLED && decision.threshold() != null;
        if (rated && expected.get("sample_rate") instanceof Number rate) {
            assertThat(decision.threshold()).isEqualTo(Threshold.ofProbability(1 / rate.doubleValue()));
        }
    }

    /** Ids that are no trace ids are left to the sampler's own tests. */
    private static void assertHash(PeerCase peer) {
        String text = map(peer.traces().findFirst().orElseThrow().json()).get("trace_id").toString();
        if (text.length() != 32) {
            assertThat(text).doesNotMatch("[0-9a-f]{32}");
            return;
        }
        map(peer.expected().get("keep_at_rate")).forEach((rate, kept) -> {
            ParsedPolicies parsed = RefineryRules.parse(peer.id(),
                    file("DeterministicSampler", Map.of("SampleRate", Integer.valueOf(rate))), null);
            Decision decision = decide(parsed, List.of(TestSpan.of(TraceId.parse(text))));
            assertThat(decision.outcome() == Outcome.SAMPLED).isEqualTo(kept);
        });
    }

    private static void assertKey(PeerCase peer) {
        ParsedPolicies parsed = RefineryRules.parse(peer.id(), file("EMADynamicSampler",
                Map.of("GoalSampleRate", 2, "FieldList", peer.policy().get("fields"), "UseTraceLength",
                        peer.policy().getOrDefault("use_trace_length", false))),
                null);
        Decision decision = decide(parsed, spans(peer, LUCKY));
        assertThat(decision.detail()).isNotNull();
        assertThat(decision.detail().samplerKey()).isEqualTo(peer.expected().get("key"));
    }

    private static Decision decide(ParsedPolicies parsed, List<TestSpan> spans) {
        CompiledPolicies compiled = CompiledPolicies.of(parsed.set());
        TestSpan first = spans.getFirst();
        TraceSummary summary = new TraceSummary(first.traceIdHigh(), first.traceIdLow());
        spans.forEach(span -> compiled.folder().fold(summary, span));
        return new PolicyDecider(compiled).decide(List.of(new Candidate(summary, 0))).getFirst();
    }

    private static List<TestSpan> spans(PeerCase peer, TraceId id) {
        List<TestSpan> spans = new ArrayList<>();
        objects(peer.traces().findFirst().orElseThrow().json().get("spans")).forEach(json -> {
            TestSpan span = TestSpan.of(id).id(spans.size() + 1L)
                    .parent(Boolean.TRUE.equals(json.get("is_root")) ? 0 : 1);
            PeerCase.values(json.get("attributes")).forEach(span::with);
            spans.add(span);
        });
        return spans;
    }

    private static String file(String sampler, Object fields) {
        return EffectiveYaml.text(Map.of("RulesVersion", 2, "Samplers",
                Map.of("__default__", Map.of(sampler, fields))));
    }

    /** The cases spell Refinery's names in lower case. */
    private static Object respelled(Object json) {
        return switch (json) {
            case Map<?, ?> ignored -> {
                Map<String, Object> result = new LinkedHashMap<>();
                map(json).forEach((name, value) -> result.put(pascal(name),
                        name.equals("sampler") ? sampler(map(value)) : respelled(value)));
                yield result;
            }
            case List<?> list -> list.stream().map(RefineryCasesTest::respelled).toList();
            default -> json;
        };
    }

    private static Map<String, Object> sampler(Map<String, Object> json) {
        String kind = json.remove("type").toString();
        return Map.of(
                kind.startsWith("ema_") ? "EMA" + pascal(kind.substring(4)) + "Sampler" : pascal(kind) + "Sampler",
                respelled(json));
    }

    private static String pascal(String name) {
        return Stream.of(name.split("_")).map(word -> word.substring(0, 1).toUpperCase() + word.substring(1))
                .collect(Collectors.joining());
    }
}
