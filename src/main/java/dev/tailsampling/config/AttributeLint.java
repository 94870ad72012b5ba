package dev.tailsampling.config;

import dev.tailsampling.config.YamlNode.Scalar;
import dev.tailsampling.config.YamlNode.Sequence;
import java.math.BigDecimal;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/** Looks at keys of attributes and at the values they are compared with. */
final class AttributeLint {

    private static final Pattern NUMBER = Pattern.compile("[+-]?\\d+(\\.\\d+)?");

    private final LintFindings findings;
    private final Compat compat;
    private final RegexLint expressions;
    private final Set<String> keys = new HashSet<>();

    /**
     * A lint of one file.
     *
     * @param policies all of them, so that a rename is not remarked on where both names are asked for
     */
    AttributeLint(LintFindings findings, Compat compat, List<WrittenPolicy> policies) {
        this.findings = findings;
        this.compat = compat;
        this.expressions = new RegexLint(findings);
        policies.forEach(policy -> {
            if (policy.fields().find("key") instanceof Scalar key) {
                keys.add(key.text());
            }
            MatchLint.matchers(policy).forEach(matcher -> keys.add(matcher.text("key")));
        });
    }

    void check(WrittenPolicy policy) {
        PolicyFields fields = policy.fields();
        switch (policy.type()) {
            case STRING_ATTRIBUTE -> {
                key(fields.get("key"));
                string(fields);
            }
            case NUMERIC_ATTRIBUTE -> {
                key(fields.get("key"));
                bound(fields, "min_value");
                bound(fields, "max_value");
            }
            case BOOLEAN_ATTRIBUTE -> {
                key(fields.get("key"));
                bool(fields);
            }
            case TRACE_STATE -> values(fields);
            case ALWAYS_SAMPLE, LATENCY, PROBABILISTIC, STATUS_CODE, SPAN_COUNT, TRACE_FLAGS, OTTL_CONDITION, MATCH,
                    RATE_LIMITING, BYTES_LIMITING, AND, NOT, DROP, COMPOSITE, BUDGET, EXTENSION -> {
                // Others look at these.
            }
        }
    }

    /** A policy that stands alone. */
    void checkInverted(WrittenPolicy policy) {
        YamlNode invert = policy.fields().find("invert_match");
        if (invert instanceof Scalar flag && flag.text().equalsIgnoreCase("true")) {
            if (compat == Compat.OTEL_LEGACY) {
                findings.hint(invert.origin(), "legacy-invert", "in this mode a match keeps every other policy from "
                        + "sampling; Collectors of 2026 and later do not do that: a drop policy says it in every version");
            } else {
                findings.warn(invert.origin(), "legacy-invert",
                        "invert_match keeps every trace without a match; before "
                                + "2026 Collectors let a match keep every other policy from sampling: for that, write a drop "
                                + "policy without invert_match");
            }
        }
    }

    /** The key of a policy or a matcher. */
    void key(YamlNode node) {
        if (!(node instanceof Scalar scalar)) {
            return;
        }
        String key = scalar.text();
        String successor = ConventionNames.successor(key);
        if (!key.equals(key.strip())) {
            findings.warn(node.origin(), "blank-in-key", "the key \"" + key + "\" begins or ends with a blank, and no "
                    + "attribute does: leave it out");
        } else if (successor != null && !keys.contains(successor)) {
            findings.hint(node.origin(), "renamed-attribute", key + " is called " + successor + " in newer semantic "
                    + "conventions, and newer instrumentation sends only that: ask for both");
        }
    }

    private void string(PolicyFields fields) {
        boolean regex = Boolean.TRUE.equals(fields.flag("enabled_regex_matching"));
        if (!(fields.get("values") instanceof Sequence values)) {
            return;
        }
        if (values.items().isEmpty()) {
            findings.warn(values.origin(), "no-values", "without values the policy never matches: give some, or leave "
                    + "the policy out");
        }
        if (!regex) {
            values(fields);
        }
        for (YamlNode node : values.items()) {
            if (node instanceof Scalar value && regex) {
                expression(value);
            } else if (node instanceof Scalar value && NUMBER.matcher(value.text()).matches()) {
                findings.hint(node.origin(), "number-as-text", "\"" + value.text() + "\" matches the text only, never "
                        + "the number: where the attribute is a number, write numeric_attribute, or eq in a match "
                        + "policy, which takes both");
            }
        }
    }

    /** A regular expression. */
    void expression(Scalar value) {
        expressions.check(value.origin(), value.text());
    }

    private void values(PolicyFields fields) {
        for (YamlNode node : ((Sequence) fields.get("values")).items()) {
            if (!(node instanceof Scalar value)) {
                continue;
            }
            if (value.text().isEmpty()) {
                findings.warn(node.origin(), "empty-value", compat.isCollector()
                        ? "the empty value is left out, as in the Collector: for a missing attribute write a match "
                                + "policy with not_exists"
                        : "the empty value matches empty attributes, not missing ones, and the Collector leaves it "
                                + "out: for a missing attribute write a match policy with not_exists");
            } else if (!value.text().equals(value.text().strip())) {
                findings.warn(node.origin(), "blank-in-value", "the value \"" + value.text() + "\" begins or ends with "
                        + "a blank, which attributes hardly ever do: leave it out");
            }
        }
    }

    private void bound(PolicyFields fields, String name) {
        YamlNode node = fields.find(name);
        BigDecimal bound = fields.number(name);
        if (node != null && bound != null && bound.signum() == 0) {
            findings.warn(node.origin(), "zero-bound", compat.isCollector()
                    ? name + " 0 means no bound, as in the Collector: for a bound of 0 write a match policy"
                    : name + " 0 is a bound here, and no bound in the Collector: for no bound leave it out");
        }
    }

    private void bool(PolicyFields fields) {
        if (compat.isCollector() && Boolean.FALSE.equals(fields.flag("value"))) {
            findings.hint(fields.get("value").origin(), "false-of-any-type",
                    "in this mode an attribute of another type "
                            + "counts as false, so it matches, too: compat: native takes booleans only");
        }
    }
}
