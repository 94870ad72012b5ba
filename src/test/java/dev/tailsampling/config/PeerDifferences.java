package dev.tailsampling.config;

import static java.util.stream.Collectors.joining;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;

/** Where we differ from the peers, as src/test/resources/policy-differences.yaml and the parsers' warnings say it. */
final class PeerDifferences {

    private final Map<String, Object> yaml =
            PolicyReference.tree(Path.of("src/test/resources/policy-differences.yaml"));

    /** Functions of the Transformation Language that conditions cannot have here. */
    List<String> unsupportedFunctions() {
        return ((List<?>) yaml.get("unsupportedFunctions")).stream().map(Object::toString).toList();
    }

    /** How the warnings begin that have a row. */
    List<String> explained() {
        return rows().filter(row -> row.containsKey("says")).map(row -> row.get("says").toString()).toList();
    }

    private Stream<Map<String, Object>> rows() {
        return PeerCase.objects(yaml.get("rows"));
    }

    /** Every sentence in which the parser of Refinery's rules says that something means something else. */
    static List<String> sentences() {
        return Stream.concat(RefineryRules.differences().stream(),
                Arrays.stream(RefineryDifferences.Difference.values())
                        .map(RefineryDifferences.Difference::sentence))
                .toList();
    }

    String markdown() {
        return """
                ## Where we differ

                On purpose, each with its reason; [RATIONALE.md](RATIONALE.md) has more on the larger ones. Modes are those of
                `compat`: `native`, `otel`, `otel-legacy`.

                | Peer | What differs | Why |
                |---|---|---|
                """
                + rows().map(this::row).collect(joining());
    }

    private String row(Map<String, Object> row) {
        String what = row.containsKey("what")
                ? row.get("what").toString().replace("{{unsupported functions}}",
                        unsupportedFunctions().stream().map(name -> "`" + name + "`").collect(joining(", ")))
                : sentence(row.get("says").toString());
        return "| %s | %s | %s |\n".formatted(row.get("peer"), what, row.get("why"));
    }

    private static String sentence(String beginning) {
        String found =
                sentences().stream().filter(sentence -> sentence.startsWith(beginning)).findFirst().orElseThrow();
        return found.substring(0, 1).toUpperCase(Locale.ROOT) + found.substring(1) + ".";
    }
}
