package dev.tailsampling.config;

import dev.tailsampling.policy.Combination;
import dev.tailsampling.policy.PolicySet;
import dev.tailsampling.policy.SamplingPolicy;
import dev.tailsampling.trace.Threshold;
import java.util.List;

/** Looks at the policies together: those that never decide, and those that leave the others nothing. */
final class ReachLint {

    private final LintFindings findings;
    private final PolicySet set;
    private final List<Origin> origins;
    private final List<Reach> reaches;

    /**
     * A lint of one set.
     *
     * @param origins where the policies of the set stand, in their order
     */
    ReachLint(LintFindings findings, PolicySet set, List<Origin> origins) {
        this.findings = findings;
        this.set = set;
        this.origins = origins;
        this.reaches = set.policies().stream().map(Reach::of).toList();
    }

    void check() {
        if (reaches.stream().allMatch(Reach::drops) && set.unmatched().equals(Threshold.NEVER)) {
            findings.warn(origins.getFirst(), "keeps-nothing", "all policies drop, and nothing keeps the other traces: "
                    + "add a policy that samples, or default: keep");
        }
        for (int place = 0; place < reaches.size(); place++) {
            Reach reach = reaches.get(place);
            if (reach.isImpossible()) {
                findings.warn(origins.get(place), "never-matches", "no trace can meet all conditions of policy '"
                        + reach.name() + "', they contradict each other: correct one, or leave the policy out");
            } else if (reach.drops() && reach.conditions().isEmpty()) {
                dropsWithoutCondition(place, reach);
            } else if (set.combination() == Combination.FIRST_MATCH) {
                unreachable(place, reach);
            } else if (canBeRedundant(reach)) {
                redundant(place, reach);
            }
        }
    }

    /** One that keeps nothing is found elsewhere; where there is a veto, votes count, too. */
    private boolean canBeRedundant(Reach reach) {
        return !reach.drops() && !reach.threshold().equals(Threshold.NEVER) && set.policies().stream()
                .noneMatch(policy -> policy.policy() instanceof SamplingPolicy.Inverted);
    }

    private void dropsWithoutCondition(int place, Reach reach) {
        findings.warn(origins.get(place), "drops-everything", reach.threshold().equals(Threshold.ALWAYS)
                ? "this drops every trace: add a condition"
                : "this drops a share of all traces, errors included: add a condition, or lower the percentages of the "
                        + "policies that sample");
    }

    private void unreachable(int place, Reach reach) {
        reaches.subList(0, place).stream().filter(before -> before.includes(reach)).findFirst()
                .ifPresent(before -> findings.warn(origins.get(place), "unreachable-policy", "policy '" + before.name()
                        + "' before it matches every trace that this one does, and the first match decides: put this "
                        + "one first, or leave it out"));
    }

    private void redundant(int place, Reach reach) {
        for (int other = 0; other < reaches.size(); other++) {
            Reach wider = reaches.get(other);
            if (other == place || !wider.includes(reach)) {
                continue;
            }
            if (wider.drops() && !wider.byKey() && wider.threshold().equals(Threshold.ALWAYS)
                    && !wider.conditions().isEmpty()) {
                findings.warn(origins.get(place), "dropped-anyway", "policy '" + wider.name() + "' drops every trace "
                        + "that this one matches, and drop policies win: narrow one of them");
                return;
            }
            if (!wider.drops() && !wider.byKey() && decidesFirst(wider, other, reach, place)) {
                findings.warn(origins.get(place), "redundant-policy", "policy '" + wider.name() + "' keeps every trace "
                        + "that this one keeps, at the same or a lower threshold, so this one never decides: leave it "
                        + "out"
                        + (wider.threshold().equals(reach.threshold())
                                ? ", or put it first to see its name on decisions"
                                : ""));
                return;
            }
        }
    }

    /** On equal thresholds the first one gives its name to the decision, so it is of use. */
    private boolean decidesFirst(Reach wider, int widerPlace, Reach reach, int place) {
        int order = wider.threshold().compareTo(reach.threshold());
        return set.combination() == Combination.ANY
                ? order < 0 || order == 0 && widerPlace < place
                : order <= 0 && widerPlace < place;
    }
}
