package dev.tailsampling.config;

import static java.util.stream.Collectors.counting;
import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.joining;

import dev.tailsampling.policy.CompiledPolicies;
import dev.tailsampling.policy.Decision;
import dev.tailsampling.policy.ForceRule;
import dev.tailsampling.policy.Outcome;
import dev.tailsampling.policy.PolicyDecider;
import dev.tailsampling.policy.PolicySet;
import dev.tailsampling.policy.VoteKind;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * An example of the reference: policies and traces as the reader sees them, and what comes out when they run.
 *
 * @param says what it shows
 * @param root table of the policies' outermost map: "set", "refinery file" or "force rule"
 * @param policies text of a policies file; of a force rule, which then stands before a policy that keeps nothing
 * @param traces text of {@link ExampleTraces}
 * @param modes the compatibility modes to run it in; what the file says if empty
 */
record PolicyExample(String says, String root, String policies, String traces, List<Compat> modes) {

    static final String FORCE_RULE = "force rule";
    /** Of more votes than this only those that match are shown. */
    private static final int MANY = 6;
    private static final String NOTHING = "policies: [{name: huge, type: span_count, span_count: {min_spans: 1000}}]";

    static PolicyExample of(Map<String, Object> yaml) {
        return new PolicyExample(yaml.get("says").toString(), yaml.getOrDefault("root", "set").toString(),
                yaml.get("policies").toString(), yaml.get("traces").toString(),
                ((List<?>) yaml.getOrDefault("modes", List.of())).stream()
                        .map(mode -> Compat.ofLabel(mode.toString())).toList());
    }

    /** The set in a text of this example's kind. */
    ParsedPolicies parse(String text, @Nullable Compat mode) {
        if (!root.equals(FORCE_RULE)) {
            return new PolicyFile("policies.yaml", text).as(new PolicyDialect(null, mode, null)).parse();
        }
        var request = ForceRuleJson.request("rule.yaml", text);
        ForceRule rule = new ForceRule("r1", request.description(), request.priority(), request.match(),
                request.action(), Instant.EPOCH, Instant.EPOCH.plus(request.lifetime()), true);
        PolicySet set = new PolicyFile("policies.yaml", NOTHING).parse().set();
        return new ParsedPolicies(set.withForceRules(List.of(rule)), List.of());
    }

    String markdown() {
        StringBuilder text = new StringBuilder(says.strip()).append("\n\n");
        text.append("```yaml\n").append(policies.strip()).append("\n```\n\n");
        text.append("```yaml\n# traces\n").append(traces.strip()).append("\n```\n\n");
        text.append(modes.isEmpty() ? "" : "| Mode ").append("| Trace | Outcome | Policy | Threshold | Votes |\n");
        text.append(modes.isEmpty() ? "" : "|---").append("|---|---|---|---|---|\n");
        List<String> warnings = new ArrayList<>();
        if (modes.isEmpty()) {
            warnings.addAll(run(null, "| ", text));
        }
        modes.forEach(mode -> warnings.addAll(run(mode, "| `" + mode.label() + "` | ", text)));
        warnings.stream().distinct()
                .forEach(warning -> text.append("\nWarning: ").append(warning.replace("<", "&lt;")).append(".\n"));
        return text.append('\n').toString();
    }

    /** Decides and writes a row per trace; returns the warnings. */
    private List<String> run(@Nullable Compat mode, String prefix, StringBuilder rows) {
        ParsedPolicies parsed = parse(policies, mode);
        CompiledPolicies compiled = CompiledPolicies.of(parsed.set());
        List<ExampleTraces.Group> groups = ExampleTraces.parse(traces);
        List<Decision> decisions = new PolicyDecider(compiled)
                .decide(groups.stream().flatMap(group -> group.candidates(compiled).stream()).toList());
        int from = 0;
        for (ExampleTraces.Group group : groups) {
            List<Decision> own = decisions.subList(from, from += group.traces());
            rows.append(prefix).append(group.name()).append(" | ")
                    .append(own.size() == 1 ? row(own.getFirst()) : rowOf(own)).append('\n');
        }
        return parsed.warnings();
    }

    private static String row(Decision decision) {
        boolean many = decision.votes().size() > MANY;
        return "%s | %s | %s | %s |".formatted(decision.outcome(), policy(decision), threshold(decision),
                decision.votes().stream().filter(vote -> !many || vote.vote() != VoteKind.NOT_SAMPLED)
                        .map(vote -> vote.policy() + " " + vote.vote()).collect(joining(", ")));
    }

    /** Of many traces: how many of each. */
    private static String rowOf(List<Decision> decisions) {
        return "%s | %s | %s | |".formatted(counts(decisions.stream().map(each -> each.outcome().name()).toList()),
                decisions.stream().map(PolicyExample::policy).distinct().filter(name -> !name.isEmpty())
                        .collect(joining(", ")),
                counts(decisions.stream().map(PolicyExample::threshold).filter(text -> !text.isEmpty()).toList()));
    }

    private static String counts(List<String> texts) {
        return texts.stream().collect(groupingBy(text -> text, TreeMap::new, counting())).entrySet().stream()
                .map(entry -> entry.getValue() + " × " + entry.getKey()).collect(joining(", "));
    }

    private static String policy(Decision decision) {
        return decision.policy() == null ? "" : decision.policy();
    }

    private static String threshold(Decision decision) {
        if (decision.outcome() != Outcome.SAMPLED) {
            return "";
        }
        return decision.threshold() == null ? "unknown" : "`" + decision.threshold().th() + "`";
    }

    @Override
    public String toString() {
        return says;
    }
}
