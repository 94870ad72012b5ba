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
 * @param detail what a budget, a sampler with keys or a first match adds; null for none
 */
public record Decision(Outcome outcome, @Nullable String policy, String reason, @Nullable Threshold threshold,
        List<Vote> votes, @Nullable Detail detail) {

    /**
     * What a part of a policy that depends on other traces found, and the rate of a policy that decides as the first
     * match.
     *
     * @param subPolicy of a composite or a budget the policy that took the trace, null for none
     * @param samplerKey text that traces alike have in common, null without a sampler with keys
     * @param sampleRate one in this many is kept, 0 for none; null where no rate is in force
     */
    public record Detail(@Nullable String subPolicy, @Nullable String samplerKey, @Nullable Integer sampleRate) {

        /** Nothing is added. */
        public static final Detail NONE = new Detail(null, null, null);

        static Detail ofSubPolicy(String name) {
            return new Detail(name, null, null);
        }

        static Detail ofRate(int sampleRate) {
            return new Detail(null, null, sampleRate);
        }

        static Detail ofKey(String key, int sampleRate) {
            return new Detail(null, key, sampleRate);
        }
    }

    /** A decision to which no budget or sampler with keys adds anything. */
    public Decision(Outcome outcome, @Nullable String policy, String reason, @Nullable Threshold threshold,
            List<Vote> votes) {
        this(outcome, policy, reason, threshold, votes, null);
    }

    /** Id of the force rule that decided, null if none did. */
    public @Nullable String forceRuleId() {
        return ForceRule.idOf(policy);
    }

    Decision with(Detail other) {
        return new Decision(outcome, policy, reason, threshold, votes, other);
    }
}
