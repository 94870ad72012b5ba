package dev.tailsampling.policy;

import dev.tailsampling.trace.Threshold;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The decision on one trace. A function of the trace's summary and the policy set, and, where budgets or rates by key are
 * part of the set, of the traces that were decided before and with it.
 *
 * @param outcome what becomes of the trace
 * @param policy the policy or force rule that decided: of all that sampled, the one of lowest threshold, the first on
 *     ties; null when no policy matched
 * @param reason one sentence for people
 * @param threshold with which randomness was compared; null unless sampled, and when the probability of being kept is not
 *     known
 * @param votes the vote of every policy that was asked, in the order of the set
 * @param keyedRate what a sampler with keys found, null if none was asked
 */
public record Decision(Outcome outcome, @Nullable String policy, String reason, @Nullable Threshold threshold,
        List<Vote> votes, @Nullable KeyedRate keyedRate) {

    /**
     * What a sampler with keys found.
     *
     * @param key text that traces alike have in common
     * @param sampleRate one in this many is kept
     */
    public record KeyedRate(String key, int sampleRate) {}

    /** Id of the force rule that decided, null if none did. */
    public @Nullable String forceRuleId() {
        return ForceRule.idOf(policy);
    }

    /** A decision in which no sampler with keys was asked. */
    public Decision(Outcome outcome, @Nullable String policy, String reason, @Nullable Threshold threshold,
            List<Vote> votes) {
        this(outcome, policy, reason, threshold, votes, null);
    }
}
