package dev.tailsampling.config;

import static dev.tailsampling.config.PeerCase.map;
import static dev.tailsampling.config.PeerCase.objects;
import static dev.tailsampling.config.PeerCase.value;
import static dev.tailsampling.config.PeerCase.values;

import dev.tailsampling.policy.CompiledPolicies;
import dev.tailsampling.policy.PolicyDecider.Candidate;
import dev.tailsampling.policy.SpanFolder;
import dev.tailsampling.policy.TraceSummary;
import dev.tailsampling.trace.SpanKind;
import dev.tailsampling.trace.StatusCode;
import dev.tailsampling.trace.TestSpan;
import dev.tailsampling.trace.TraceId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The short form of traces in the reference. A trace is {@code name: [span, span]}, or
 * {@code name: {randomness, at_ms, repeat, every_ms, spans: [span, span]}}; docs/POLICIES.md explains the fields.
 */
final class ExampleTraces {

    private static final int RANDOMNESS_DIGITS = 14;
    private static final long RANDOMNESS_MASK = (1L << 56) - 1;
    private static final long GOLDEN_RATIO = 0x9e3779b97f4a7cL;
    private static final Set<String> OF_TRACE = Set.of("randomness", "at_ms", "repeat", "every_ms", "spans");
    private static final Set<String> OF_SPAN = Set.of("service", "name", "parent", "status", "kind", "start_ms",
            "duration_ms", "attributes", "resource", "scope", "events", "links", "tracestate", "flags", "bytes",
            "repeat");

    private ExampleTraces() {}

    /** Traces of one name: one, or several that differ in their randomness and time. */
    record Group(String name, int number, Map<String, Object> fields) {

        int traces() {
            return whole("repeat", 1);
        }

        List<Candidate> candidates(CompiledPolicies policies) {
            List<Candidate> candidates = new ArrayList<>();
            for (int i = 0; i < traces(); i++) {
                TraceId id = new TraceId(number, randomness(i));
                TraceSummary summary = new TraceSummary(id.high(), id.low());
                SpanFolder folder = policies.folder();
                spans(id).forEach(span -> folder.fold(summary, span));
                candidates.add(new Candidate(summary, whole("at_ms", 0) + (long) i * whole("every_ms", 0)));
            }
            return candidates;
        }

        /** Spread evenly over all traces of the group. */
        private long randomness(int i) {
            String digits = fields.getOrDefault("randomness", "8").toString();
            long first = Long.parseLong(digits + "0".repeat(RANDOMNESS_DIGITS - digits.length()), 16);
            return first + i * GOLDEN_RATIO & RANDOMNESS_MASK;
        }

        private int whole(String name, int fallback) {
            return Integer.parseInt(fields.getOrDefault(name, fallback).toString());
        }

        private List<TestSpan> spans(TraceId id) {
            Map<String, Long> idsByName = new HashMap<>();
            List<TestSpan> spans = new ArrayList<>();
            objects(fields.get("spans")).forEach(json -> {
                for (int i = Integer.parseInt(json.getOrDefault("repeat", 1).toString()); i > 0; i--) {
                    idsByName.put(json.getOrDefault("name", "").toString(), spans.size() + 1L);
                    spans.add(span(id, json, idsByName).id(spans.size() + 1L));
                }
            });
            return spans;
        }
    }

    static List<Group> parse(String yaml) {
        Map<?, ?> traces = (Map<?, ?>) YamlReader.read(yaml, "traces").plain();
        List<Group> groups = new ArrayList<>();
        traces.forEach((name, trace) -> {
            Map<String, Object> fields = trace instanceof List<?> spans ? Map.of("spans", spans) : map(trace);
            refuseUnknown(fields, OF_TRACE);
            objects(fields.get("spans")).forEach(span -> refuseUnknown(span, OF_SPAN));
            groups.add(new Group(name.toString(), groups.size() + 1, fields));
        });
        return groups;
    }

    private static void refuseUnknown(Map<String, Object> fields, Set<String> known) {
        Set<String> unknown = new HashSet<>(fields.keySet());
        unknown.removeAll(known);
        if (!unknown.isEmpty()) {
            throw new AssertionError("unknown fields " + unknown + "; known are " + known);
        }
    }

    private static TestSpan span(TraceId id, Map<String, Object> json, Map<String, Long> idsByName) {
        long start = 1 + PeerCase.nanos(json.getOrDefault("start_ms", 0));
        TestSpan span = TestSpan.of(id).name(json.getOrDefault("name", "").toString())
                .nanos(start, start + PeerCase.nanos(json.getOrDefault("duration_ms", 0)))
                .status(StatusCode.valueOf(json.getOrDefault("status", "UNSET").toString()))
                .kind(SpanKind.valueOf(json.getOrDefault("kind", "UNSPECIFIED").toString()))
                .flags(Integer.parseInt(json.getOrDefault("flags", 0).toString()))
                .encodedSize(Integer.parseInt(json.getOrDefault("bytes", 100).toString()));
        if (json.containsKey("parent")) {
            // A parent that is not among the spans is one that is missing.
            span.parent(idsByName.getOrDefault(json.get("parent").toString(), Long.MAX_VALUE));
        }
        if (json.containsKey("tracestate")) {
            span.traceState(json.get("tracestate").toString());
        }
        if (json.containsKey("service")) {
            span.resource("service.name", value(json.get("service")));
        }
        map(json.getOrDefault("resource", Map.of())).forEach((key, value) -> span.resource(key, value(value)));
        map(json.getOrDefault("attributes", Map.of())).forEach((key, value) -> span.with(key, value(value)));
        map(json.getOrDefault("scope", Map.of())).forEach((name, version) -> span.scope(name, version.toString()));
        map(json.getOrDefault("events", Map.of())).forEach((name, attributes) -> span.event(name, values(attributes)));
        objects(json.getOrDefault("links", List.of()))
                .forEach(attributes -> span.link(new TraceId(1, 1), 1, values(attributes)));
        return span;
    }
}
