package dev.tailsampling.config;

import dev.tailsampling.config.YamlNode.Field;
import dev.tailsampling.config.YamlNode.Mapping;
import dev.tailsampling.config.YamlNode.Scalar;
import dev.tailsampling.config.YamlNode.Sequence;
import dev.tailsampling.policy.ForceRule;
import dev.tailsampling.policy.PolicySet;
import java.util.ArrayList;
import java.util.List;

/**
 * The text that is kept of a policy set, so that its decisions can be explained later: the policies file alone, or JSON
 * with its text and the force rules before it.
 */
public final class StoredPolicies {

    private static final String POLICIES = "policies_file";
    private static final String RULES = "force_rules";

    private StoredPolicies() {}

    /**
     * The text to keep.
     *
     * @param policies text of the policies file
     * @param rules in the order in which they are asked
     */
    public static String text(String policies, List<ForceRule> rules) {
        if (rules.isEmpty()) {
            return policies;
        }
        return ForceRuleJson.text(json -> {
            json.writeStartObject();
            json.writeStringField(POLICIES, policies);
            json.writeArrayFieldStart(RULES);
            for (ForceRule rule : rules) {
                ForceRuleJson.write(json, rule);
            }
            json.writeEndArray();
            json.writeEndObject();
        });
    }

    /**
     * The policy set in such a text.
     *
     * @param name of the text, for messages
     * @throws PolicyException if it cannot be read any more
     */
    public static PolicySet parse(String name, String text) {
        Mapping root = read(name, text);
        Field policies = root.fields().get(POLICIES);
        Field rules = root.fields().get(RULES);
        if (policies == null || rules == null) {
            return new PolicyFile(name, text).parse().set();
        }
        if (!(policies.value() instanceof Scalar file) || !(rules.value() instanceof Sequence list)) {
            throw new PolicyException(name + ": " + POLICIES + " must be a text and " + RULES + " a list");
        }
        List<ForceRule> parsed = new ArrayList<>();
        for (YamlNode rule : list.items()) {
            if (!(rule instanceof Mapping mapping)) {
                throw new PolicyException(rule.origin() + ": a force rule must have fields, found " + rule.kind());
            }
            parsed.add(new ForceRuleParser(mapping).rule());
        }
        return new PolicyFile(name, file.text()).parse().set().withForceRules(parsed);
    }

    private static Mapping read(String name, String text) {
        try {
            return YamlReader.read(text, name);
        } catch (YamlException e) {
            throw new PolicyException(String.valueOf(e.getMessage()), e);
        }
    }
}
