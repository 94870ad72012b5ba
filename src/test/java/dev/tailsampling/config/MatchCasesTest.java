package dev.tailsampling.config;

import static dev.tailsampling.config.PeerCase.map;
import static dev.tailsampling.config.PeerCase.objects;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tailsampling.policy.CompiledPolicies;
import dev.tailsampling.policy.Decision;
import dev.tailsampling.policy.TraceSummary;
import dev.tailsampling.trace.SpanKind;
import dev.tailsampling.trace.StatusCode;
import dev.tailsampling.trace.TestSpan;
import dev.tailsampling.trace.Threshold;
import dev.tailsampling.trace.TraceId;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What Elastic's and Odigos' tests say of policies that our match policies can express. */
class MatchCasesTest {

    /** Has the randomness by which every share but none keeps it. */
    private static final TraceId LUCKY = new TraceId(1, -1);

    static Stream<PeerCase> cases() throws Exception {
        return PeerCase.all().filter(peer -> List.of("first-match-rate", "matcher").contains(peer.kind()));
    }

    @Test
    void noCaseIsLeftOut() throws Exception {
        assertThat(cases()).hasSize(4);
    }

    @ParameterizedTest
    @MethodSource("cases")
    void decidesAsThePeer(PeerCase peer) {
        TestSpan span = span(map(objects(peer.traces().findFirst().orElseThrow().json().get("spans"))
                .findFirst().orElseThrow()));
        if (peer.kind().equals("matcher")) {
            assertThat(decide(odigos(peer.policy()), span).policy() != null)
                    .isEqualTo(peer.expected().get("matched"));
        } else {
            double rate = ((Number) peer.expected().get("sample_rate")).doubleValue();
            assertThat(decide(elastic(peer.policy()), span).threshold()).isEqualTo(Threshold.ofShare(rate));
        }
    }

    private static Decision decide(Map<String, Object> file, TestSpan span) {
        CompiledPolicies compiled =
                CompiledPolicies.of(new PolicyFile("p.yaml", EffectiveYaml.text(Map.copyOf(file))).parse().set());
        TraceSummary summary = new TraceSummary(LUCKY.high(), LUCKY.low());
        compiled.folder().fold(summary, span);
        return compiled.decide(summary);
    }

    /** A root transaction's outcome has no field in OTLP; here it is an attribute. */
    private static TestSpan span(Map<String, Object> json) {
        TestSpan span = TestSpan.of(LUCKY).name(json.getOrDefault("name", "").toString())
                .status(StatusCode.valueOf(json.get("status").toString()))
                .kind(SpanKind.valueOf(json.getOrDefault("kind", "UNSPECIFIED").toString()));
        PeerCase.values(json.getOrDefault("attributes", Map.of())).forEach(span::with);
        PeerCase.values(json.getOrDefault("resource", Map.of())).forEach(span::resource);
        return json.containsKey("outcome") ? span.with("event.outcome", json.get("outcome").toString()) : span;
    }

    /** In order, the first that matches the root decides; what is empty matches anything. */
    private static Map<String, Object> elastic(Map<String, Object> policy) {
        List<Map<String, Object>> policies = new ArrayList<>();
        objects(policy.get("policies")).forEach(one -> {
            List<Map<String, Object>> resource = Stream.of(equal(one, "service_name", "service.name"),
                    equal(one, "service_environment", "deployment.environment")).filter(Objects::nonNull).toList();
            List<Map<String, Object>> span = Stream.of(equal(one, "trace_outcome", "event.outcome"),
                    equal(one, "trace_name", "span.name")).filter(Objects::nonNull).toList();
            Map<String, Object> groups = new LinkedHashMap<>();
            groups.putAll(resource.isEmpty() ? Map.of() : Map.of("resource", resource));
            groups.putAll(span.isEmpty() ? Map.of() : Map.of("span", span));
            Map<String, Object> match = groups.isEmpty() ? Map.of("has_root", true) : Map.of("root", groups);
            policies.add(Map.of("name", "policy " + policies.size(), "type", "match", "match", match,
                    "sampling_percentage", ((Number) one.get("sample_rate")).doubleValue() * 100));
        });
        return Map.of("combine", "first_match", "policies", policies);
    }

    private static Map<String, Object> equal(Map<String, Object> policy, String field, String key) {
        String value = policy.getOrDefault(field, "").toString();
        return value.isEmpty() ? null : Map.of("key", key, "op", "eq", "value", value);
    }

    private static Map<String, Object> odigos(Map<String, Object> policy) {
        List<Map<String, Object>> matchers = switch (policy.get("type").toString()) {
            case "span_error" -> List.of(Map.of("key", "span.status", "op", "eq", "value", "ERROR"));
            case "http_server_operation" -> List.of(Map.of("key", "span.kind", "op", "eq", "value", "SERVER"),
                    Map.of("key", "http.route", "op", "eq", "value", policy.get("route")));
            default -> throw new AssertionError("cannot run " + policy);
        };
        return Map.of("policies", List.of(Map.of("name", "it", "type", "match", "match",
                Map.of("any_span", Map.of("span", matchers)))));
    }
}
