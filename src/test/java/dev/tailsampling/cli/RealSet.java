package dev.tailsampling.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.github.luben.zstd.ZstdInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.zip.GZIPInputStream;

/** Traces recorded by others, with facts about them that were counted independently of this program. */
record RealSet(String name, Path lines, JsonNode facts) {

    static final List<String> SMALL = List.of("opensearch-hotrod", "opensearch-otel", "zipkin-lens");
    static final String LARGE = "nezha-trainticket-0130";

    /** A policy set with the ids that it must keep. */
    record Expectation(String name, Path policies, Set<String> kept, int traces) {}

    /** Unpacks a set into a folder. */
    static RealSet open(String name, Path folder) {
        try {
            Path lines = folder.resolve(name + ".otlp.jsonl");
            if (!Files.exists(lines)) {
                try (InputStream packed = packed(name)) {
                    Files.copy(packed, lines);
                }
            }
            try (InputStream facts = new GZIPInputStream(resource(name + ".facts.json.gz"))) {
                return new RealSet(name, lines, new ObjectMapper().readTree(facts));
            }
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private static InputStream packed(String name) throws IOException {
        return name.equals(LARGE)
                ? new ZstdInputStream(resource(name + ".otlp.jsonl.zst")).setLongMax(31)
                : new GZIPInputStream(resource(name + ".otlp.jsonl.gz"));
    }

    private static InputStream resource(String file) {
        return Objects.requireNonNull(RealSet.class.getResourceAsStream("/real/" + file), file);
    }

    /** The set's policy sets, written as policy files in this program's short form. */
    List<Expectation> expectations(Path folder) {
        List<Expectation> all = new ArrayList<>();
        for (JsonNode set : facts.get("policySets")) {
            Set<String> kept = new TreeSet<>();
            set.get("keep").forEach(id -> kept.add(id.asText()));
            Path file = folder.resolve(name + "-" + set.get("name").asText() + ".yaml");
            JsonNode policies = set.get("policies");
            try {
                Files.writeString(file, """
                        policies:
                          - {name: errors, type: status_code, status_code: {status_codes: [ERROR]}}
                          - {name: slow, type: latency, latency: {threshold_ms: %d}}
                          - {name: large, type: span_count, span_count: {min_spans: %d}}
                        """.formatted(policies.get(1).get("latencyOverMs").asLong(),
                        policies.get(2).get("spanCountAtLeast").asLong()));
            } catch (IOException e) {
                throw new java.io.UncheckedIOException(e);
            }
            all.add(new Expectation(set.get("name").asText(), file, kept, facts.get("traces").asInt()));
        }
        return all;
    }

    int spans(String traceId) {
        return facts.get("perTrace").get(traceId).get("spans").asInt();
    }

    @Override
    public String toString() {
        return name;
    }
}
