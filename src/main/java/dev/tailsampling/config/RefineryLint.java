package dev.tailsampling.config;

import dev.tailsampling.config.YamlNode.Field;
import dev.tailsampling.config.YamlNode.Mapping;
import dev.tailsampling.config.YamlNode.Scalar;
import dev.tailsampling.config.YamlNode.Sequence;
import dev.tailsampling.policy.PolicySet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Finds what in a Honeycomb Refinery rules file (YAML, {@code RulesVersion: 2}) is known to surprise, by the meaning of
 * Refinery v3.2.
 */
final class RefineryLint {

    static final String SAMPLERS = "Samplers";

    private static final String RULES = "RulesBasedSampler";
    private static final Set<String> BY_KEY = Set.of("DynamicSampler", "EMADynamicSampler", "EMAThroughputSampler",
            "WindowedThroughputSampler", "TotalThroughputSampler");
    private static final Set<String> OF_ABSENT = Set.of("not-exists", "does-not-contain", "not-in");
    private static final Set<String> ORDERED = Set.of("<", "<=", ">", ">=");

    private final LintFindings findings = new LintFindings();

    private RefineryLint() {}

    /**
     * The findings in the order of the file.
     *
     * @param only of this environment; null for all of them
     * @throws PolicyException if a sampler cannot be used
     */
    static List<LintFinding> of(Mapping root, @Nullable String only) {
        RefineryLint lint = new RefineryLint();
        Mapping samplers = value(root, SAMPLERS) instanceof Mapping found
                ? found
                : new Mapping(root.origin(), Map.of());
        if (!samplers.fields().containsKey("__default__")) {
            lint.findings.warn(samplers.origin(), "refinery-no-default", "there is no __default__ sampler, which "
                    + "Refinery asks for in environments without their own: add it");
        }
        List<Field> chosen = samplers.fields().values().stream()
                .filter(environment -> only == null || environment.name().equals(only)).toList();
        chosen.forEach(environment -> lint.environment(root, environment));
        if (chosen.isEmpty()) {
            // Says what is missing.
            RefineryRules.parse(root, only);
        }
        return lint.findings.sorted();
    }

    private void environment(Mapping root, Field environment) {
        PolicySet set = RefineryRules.parse(root, environment.name()).set();
        sampler(environment.value());
        if (environment.value() instanceof Mapping sampler && value(sampler, RULES) instanceof Mapping block) {
            List<Mapping> rules = maps(value(block, "Rules"));
            rules.forEach(this::rule);
            new ReachLint(findings, set, rules.stream().map(Mapping::origin).toList()).check();
        }
    }

    /** A map of one sampler by its name. */
    private void sampler(@Nullable YamlNode node) {
        if (!(node instanceof Mapping sampler)) {
            return;
        }
        for (Field field : sampler.fields().values()) {
            if (field.name().equals("TotalThroughputSampler")) {
                findings.warn(field.origin(), "refinery-deprecated", "TotalThroughputSampler is deprecated: use "
                        + "EMAThroughputSampler or WindowedThroughputSampler");
            }
            if (BY_KEY.contains(field.name())) {
                findings.hint(field.origin(), "refinery-not-repeatable", field.name() + " keeps one in so many by a "
                        + "random number for each trace, and its rates begin anew at each restart: do not expect two "
                        + "runs to keep the same traces");
            }
        }
    }

    private void rule(Mapping rule) {
        sampler(value(rule, "Sampler"));
        YamlNode rate = value(rule, "SampleRate");
        if (rate instanceof Scalar scalar && scalar.isNumber() && !Set.of("0", "1").contains(scalar.text())) {
            findings.hint(rate.origin(), "refinery-not-repeatable", "Refinery draws a random number for each trace: "
                    + "another run keeps other traces; imported, the trace's own randomness decides");
        }
        boolean ofSpan = text(rule, "Scope").equals("span");
        List<Mapping> conditions = maps(value(rule, "Conditions"));
        boolean needsRoot = conditions.stream().noneMatch(condition -> text(condition, "Operator")
                .equals("has-root-span"));
        conditions.forEach(condition -> condition(condition, ofSpan, needsRoot));
    }

    private void condition(Mapping condition, boolean ofSpan, boolean needsRoot) {
        String operator = text(condition, "Operator");
        boolean ofRoot = names(condition).anyMatch(name -> name.startsWith("root."));
        Origin origin = value(condition, "Operator") instanceof YamlNode node ? node.origin() : condition.origin();
        if (operator.equals("has-root-span") && ofSpan) {
            findings.warn(origin, "refinery-root-in-span-scope", "has-root-span never matches where Scope is span: "
                    + "leave Scope out, or put the condition into a rule of its own");
        }
        if (OF_ABSENT.contains(operator) && !ofSpan && !ofRoot) {
            findings.warn(origin, "refinery-any-span-lacks", operator + " is true as soon as any span lacks the field, "
                    + "which nearly every trace has: ask a root. field, or set Scope: span and name the span");
        }
        if (ofRoot && needsRoot) {
            findings.warn(origin, "refinery-root-unknown", operator.equals("not-exists")
                    ? "without a root span this is true: add a has-root-span condition"
                    : "without a root span this condition cannot be met, so the rule is passed over: add a "
                            + "has-root-span condition to say so, and a rule for traces without root");
        }
        if (text(condition, "Datatype").equals("string")) {
            texts(origin, operator);
        }
    }

    private void texts(Origin origin, String operator) {
        if (operator.equals("!=")) {
            findings.warn(origin, "refinery-absent-as-text", "with Datatype: string an absent field is the text <nil>, "
                    + "so != is true of it: add an exists condition");
        } else if (ORDERED.contains(operator)) {
            findings.warn(origin, "refinery-text-order", "with Datatype: string numbers are compared as texts, and 9.3 "
                    + "comes after 10.3: use Datatype: float or int");
        }
    }

    private static Stream<String> names(Mapping condition) {
        return Stream.concat(Stream.of(text(condition, "Field")),
                items(value(condition, "Fields")).stream()
                        .map(item -> item instanceof Scalar scalar ? scalar.text() : ""));
    }

    private static @Nullable YamlNode value(Mapping mapping, String name) {
        Field field = mapping.fields().get(name);
        return field == null ? null : field.value();
    }

    private static String text(Mapping mapping, String name) {
        return value(mapping, name) instanceof Scalar scalar ? scalar.text() : "";
    }

    private static List<Mapping> maps(@Nullable YamlNode node) {
        return items(node).stream().filter(Mapping.class::isInstance).map(Mapping.class::cast).toList();
    }

    private static List<YamlNode> items(@Nullable YamlNode node) {
        return node instanceof Sequence list ? list.items() : List.of();
    }
}
