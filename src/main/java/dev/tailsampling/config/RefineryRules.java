package dev.tailsampling.config;

import dev.tailsampling.config.YamlNode.Field;
import dev.tailsampling.config.YamlNode.Mapping;
import dev.tailsampling.config.YamlNode.Scalar;
import dev.tailsampling.policy.Combination;
import dev.tailsampling.policy.NamedPolicy;
import dev.tailsampling.policy.PolicySet;
import dev.tailsampling.trace.Threshold;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A rules file of Honeycomb Refinery (format 2, Refinery v3.2.2): the sampler of one environment, as policies of which
 * the first that matches decides; what none matches is kept.
 */
public final class RefineryRules {

    /** The keys by which such a file is known. */
    static final Set<String> KEYS = Set.of("RulesVersion", "Samplers");

    private static final String DEFAULT_ENVIRONMENT = "__default__";
    private static final String RULES = "RulesBasedSampler";
    private static final List<String> KINDS =
            Stream.concat(Stream.of(RULES), RefinerySamplerParser.KINDS.stream()).toList();
    private static final Pattern TOML = Pattern.compile("(?m)^\\s*(\\[[^\\[\\]]+]\\s*(#.*)?$|[\\w.\"]+\\s+=\\s)");

    private RefineryRules() {}

    /**
     * The policies in a file.
     *
     * @param name for messages, usually the path
     * @param text YAML
     * @param environment whose sampler; null for {@code __default__}, or the only one
     * @throws PolicyException if they cannot be used; one sentence with line and column, the rule and the field
     */
    public static ParsedPolicies parse(String name, String text, @Nullable String environment) {
        Mapping root;
        try {
            root = YamlReader.read(text, name);
        } catch (YamlException e) {
            throw new PolicyException(TOML.matcher(text).find()
                    ? name + ": rules in TOML are of Refinery 1: convert them with Refinery's convert tool to YAML"
                    : String.valueOf(e.getMessage()), e);
        }
        return parse(root, environment);
    }

    /** What is different here for every rules file, one sentence each; what it depends on the file is in its warnings. */
    public static List<String> differences() {
        return RefineryDifferences.ALWAYS;
    }

    static ParsedPolicies parse(Mapping root, @Nullable String environment) {
        PolicyFields file = new PolicyFields("rules file", "", root);
        file.get("RulesVersion");
        if (file.whole("RulesVersion", 0) != 2) {
            throw file.refuse(file.get("RulesVersion").origin(), "RulesVersion must be 2, not "
                    + file.whole("RulesVersion", 0));
        }
        if (!(file.get("Samplers") instanceof Mapping samplers) || samplers.fields().isEmpty()) {
            throw file.refuse(file.get("Samplers").origin(), "Samplers must hold a sampler for each environment");
        }
        file.finish();
        Field chosen = chosen(samplers, environment);
        if (!(chosen.value() instanceof Mapping sampler)) {
            throw file.refuse(chosen.value().origin(),
                    "environment " + chosen.name() + " must hold a sampler, not " + chosen.value().kind());
        }
        RefineryDifferences differences = new RefineryDifferences();
        List<NamedPolicy> policies = policies(
                new PolicyFields("environment " + chosen.name(), "", sampler), differences);
        return new ParsedPolicies(new PolicySet(policies, Combination.FIRST_MATCH, Threshold.ALWAYS,
                PolicySet.NO_LIMIT, List.of()), differences.all());
    }

    private static Field chosen(Mapping samplers, @Nullable String environment) {
        List<String> names = List.copyOf(samplers.fields().keySet());
        Field found = samplers.fields().get(environment == null ? DEFAULT_ENVIRONMENT : environment);
        if (found == null && environment == null && names.size() == 1) {
            found = samplers.fields().get(names.getFirst());
        }
        if (found == null) {
            throw new PolicyException(samplers.origin() + ": there is no sampler for environment "
                    + (environment == null ? DEFAULT_ENVIRONMENT : environment) + "; choose one of "
                    + String.join(", ", names));
        }
        return found;
    }

    private static List<NamedPolicy> policies(PolicyFields choice, RefineryDifferences differences) {
        RefinerySamplerParser samplers = new RefinerySamplerParser(differences);
        String kind = RefinerySamplerParser.kind(choice, KINDS);
        PolicyFields sampler = choice.block(kind);
        if (!kind.equals(RULES) || sampler == null) {
            return List.of(NamedPolicy.of(kind, samplers.parse(choice)));
        }
        boolean nested = Boolean.TRUE.equals(sampler.flag("CheckNestedFields"));
        if (nested) {
            differences.add(sampler, "CheckNestedFields", RefineryDifferences.Difference.NESTED);
        }
        RefineryRuleParser rules =
                new RefineryRuleParser(new RefineryConditionParser(nested, differences), samplers, differences);
        List<NamedPolicy> policies = new ArrayList<>();
        Set<String> names = new HashSet<>();
        for (YamlNode item : sampler.items("Rules")) {
            if (!(item instanceof Mapping mapping)) {
                throw sampler.refuse(item.origin(), "Rules must hold rules with fields, not " + item.kind());
            }
            policies.add(rules.parse(mapping, name(mapping, policies.size() + 1, names)));
        }
        sampler.finish();
        return policies;
    }

    /** Refinery lets rules have no name, or the same as others. */
    private static String name(Mapping rule, int number, Set<String> taken) {
        Field field = rule.fields().get("Name");
        String own = field != null && field.value() instanceof Scalar scalar && !scalar.text().isBlank()
                ? scalar.text()
                : "rule " + number;
        String name = own;
        for (int twin = 2; !taken.add(name); twin++) {
            name = own + " (" + twin + ")";
        }
        return name;
    }
}
