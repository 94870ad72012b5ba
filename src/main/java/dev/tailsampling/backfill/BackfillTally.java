package dev.tailsampling.backfill;

import dev.tailsampling.assembly.CompletionReason;
import dev.tailsampling.backfill.BackfillReport.Amount;
import dev.tailsampling.policy.Outcome;
import dev.tailsampling.selector.BackfillSlice;
import dev.tailsampling.selector.DecisionRecord;
import java.util.EnumMap;
import java.util.Map;
import java.util.TreeMap;

/** Adds up decisions. Not thread-safe. */
final class BackfillTally {

    private final Map<Outcome, Amount> byOutcome = new EnumMap<>(Outcome.class);
    private final TreeMap<String, Amount> byPolicy = new TreeMap<>();
    private Amount late = Amount.NONE;

    void add(DecisionRecord decision) {
        Amount amount = new Amount(1, decision.trace().spanCount(), decision.trace().byteCount());
        if (decision.completion() == CompletionReason.LATE_SPANS) {
            late = late.plus(amount);
            return;
        }
        byOutcome.merge(decision.decision().outcome(), amount, Amount::plus);
        String policy = decision.decision().policy();
        if (policy != null) {
            byPolicy.merge(policy, amount, Amount::plus);
        }
    }

    BackfillReport report(BackfillSlice.Counts slices) {
        return new BackfillReport(byOutcome, byPolicy, late, slices);
    }
}
