package dev.tailsampling.config;

import dev.tailsampling.policy.PolicySet;
import java.util.List;
import java.util.stream.Stream;

/**
 * A policy set and what its author should know of it.
 *
 * @param set the policies
 * @param warnings what was read but means something else here or nothing, one sentence each
 */
public record ParsedPolicies(PolicySet set, List<String> warnings) {

    public ParsedPolicies {
        warnings = List.copyOf(warnings);
    }

    ParsedPolicies withWarning(String warning) {
        return new ParsedPolicies(set, Stream.concat(Stream.of(warning), warnings.stream()).toList());
    }
}
