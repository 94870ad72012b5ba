package dev.tailsampling.config;

import dev.tailsampling.config.YamlNode.Mapping;
import dev.tailsampling.config.YamlNode.Sequence;
import dev.tailsampling.policy.NamedPolicy;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Reads a list of policies. */
final class PolicyListParser {

    private final PolicyParser policies;

    PolicyListParser(PolicyContext context) {
        this.policies = new PolicyParser(context);
    }

    /**
     * The policies in the list.
     *
     * @throws PolicyException if it is no list of policies, empty, or two have one name
     */
    List<NamedPolicy> parse(YamlNode list) {
        if (!(list instanceof Sequence sequence)) {
            throw new PolicyException(list.origin() + ": policies must be a list, not " + list.kind());
        }
        if (sequence.items().isEmpty()) {
            throw new PolicyException(list.origin() + ": policies must not be empty");
        }
        List<NamedPolicy> parsed = new ArrayList<>();
        Map<String, Origin> origins = new LinkedHashMap<>();
        for (YamlNode item : sequence.items()) {
            NamedPolicy policy = parse(item, parsed.size() + 1);
            Origin first = origins.putIfAbsent(policy.name(), item.origin());
            if (first != null) {
                throw new PolicyException(item.origin() + ": policy '" + policy.name() + "': the policy at " + first
                        + " has the same name");
            }
            parsed.add(policy);
        }
        return parsed;
    }

    private NamedPolicy parse(YamlNode item, int number) {
        if (!(item instanceof Mapping mapping)) {
            throw new PolicyException(item.origin() + ": policy number " + number + " must have fields, found "
                    + item.kind());
        }
        return policies.parse(mapping, "policy number " + number);
    }
}
