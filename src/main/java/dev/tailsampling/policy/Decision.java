package dev.tailsampling.policy;

import dev.tailsampling.trace.Threshold;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The decision on one trace. A function of the trace's summary and the policy set alone.
 *
 * @param outcome what becomes of the trace
 * @param policy the policy that decided: of all that sampled, the one of lowest threshold, the first on ties; null when no
 *     policy matched
 * @param reason one sentence for people
 * @param threshold with which randomness was compared; null unless sampled
 * @param votes every policy's vote, in the order of the set
 */
public record Decision(Outcome outcome, @Nullable String policy, String reason, @Nullable Threshold threshold,
        List<Vote> votes) {}
