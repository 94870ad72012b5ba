package dev.tailsampling.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.tailsampling.config.PolicyFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The policies in examples/policies, and what they make of real traces. */
class ExamplePoliciesTest {

    @TempDir
    private Path folder;

    static List<Path> files() throws IOException {
        try (Stream<Path> files = Files.list(Path.of("examples/policies"))) {
            return files.sorted().toList();
        }
    }

    @ParameterizedTest
    @MethodSource("files")
    void parsesWithoutWarnings(Path file) {
        assertThat(PolicyFile.read(file).parse().warnings()).isEmpty();
    }

    /** Errors are what all of them are for. */
    @ParameterizedTest
    @MethodSource("files")
    void keepsEveryErrorAndNotEverything(Path file) throws IOException {
        Map<String, String> outcomes = new HashMap<>();
        Set<String> errors = new TreeSet<>();
        for (String name : RealSet.SMALL) {
            RealSet set = RealSet.open(name, folder);
            set.facts().get("perTrace").properties().stream()
                    .filter(trace -> trace.getValue().get("error").asBoolean())
                    .forEach(trace -> errors.add(trace.getKey()));
            outcomes.putAll(outcomes(file, set.lines()));
        }

        assertThat(errors).hasSize(21).allSatisfy(id -> assertThat(outcomes).containsEntry(id, "SAMPLED"));
        assertThat(outcomes.values()).contains("NOT_SAMPLED");
    }

    private Map<String, String> outcomes(Path policies, Path lines) throws IOException {
        return decisions(policies, lines).stream().collect(Collectors.toMap(
                decision -> decision.get("trace_id").asText(), decision -> decision.get("outcome").asText()));
    }

    private List<JsonNode> decisions(Path policies, Path lines) throws IOException {
        Tss.Result result = new Tss(folder.resolve("home"))
                .run("decide", "--policies", policies.toString(), "--input", lines.toString()).ok();
        assertThat(result.err()).isEmpty();
        return new ObjectMapper().readerFor(JsonNode.class).<JsonNode>readValues(result.out()).readAll();
    }

    /** Each policy of the two larger examples decides some trace. */
    @Test
    void everyPolicyOfTheExamplesIsOfUse() throws IOException {
        Map<String, Set<String>> deciding = new HashMap<>();
        for (String example : List.of("errors-slow-budget", "first-match-dynamic")) {
            for (String name : RealSet.SMALL) {
                decisions(Path.of("examples/policies/" + example + ".yaml"), RealSet.open(name, folder).lines())
                        .forEach(decision -> deciding.computeIfAbsent(example, key -> new TreeSet<>())
                                .add(decision.get("policy").asText()));
            }
        }

        assertThat(deciding).containsEntry("errors-slow-budget", Set.of("errors", "slow", "the-rest", "null"))
                .containsEntry("first-match-dynamic", Set.of("errors", "slow-clients", "polling", "the-rest"));
    }
}
