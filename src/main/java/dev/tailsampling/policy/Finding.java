package dev.tailsampling.policy;

import dev.tailsampling.trace.Threshold;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a policy, or a policy within one, found in a trace.
 *
 * @param name the policy's name
 * @param definition the policy as a line of text
 * @param answer whether it matches
 * @param threshold at which it samples (or drops below) the trace; null unless it matches, and when that is not known
 * @param why what it found in the trace
 * @param evidence the spans that show it; empty when there are none, and when the spans were not looked at
 * @param parts the policies within it, in their order
 */
public record Finding(String name, String definition, Answer answer, @Nullable Threshold threshold, String why,
        List<Evidence> evidence, List<Finding> parts) {

    /** Whether a policy matches. */
    public enum Answer {
        /** It does. */
        MATCHES,
        /** It does not. */
        DOES_NOT_MATCH,
        /** It could not be evaluated. */
        ERROR,
        /** What can be known of one trace speaks for it; the rest depends on other traces. */
        DEPENDS_ON_OTHER_TRACES
    }

    public Finding {
        evidence = List.copyOf(evidence);
        parts = List.copyOf(parts);
    }
}
