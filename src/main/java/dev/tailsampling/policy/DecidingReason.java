package dev.tailsampling.policy;

import dev.tailsampling.policy.PolicyFinding.Part;
import java.util.List;

/** Says in one sentence why a policy decided, and no other. */
final class DecidingReason {

    private DecidingReason() {}

    static String of(PolicySet set, Decision decision, List<PolicyFinding> rules, List<PolicyFinding> policies) {
        if (ForceRule.idOf(decision.policy()) != null) {
            return "a force rule goes before all policies"
                    + (rules.size() < 2 ? "" : "; rules asked before it that did not decide: " + (rules.size() - 1));
        }
        if (policies.stream().allMatch(policy -> policy.part() == Part.NOT_ASKED)) {
            return "the limit of size goes before all policies";
        }
        return switch (decision.outcome()) {
            case DROPPED -> set.combination() == Combination.FIRST_MATCH
                    ? firstMatch()
                    : "a drop policy that matches wins over all others";
            case SAMPLED -> sampled(set, decision, policies);
            case NOT_SAMPLED -> notSampled(set, decision, policies);
        };
    }

    private static String firstMatch() {
        return "the first policy that matches decides, whatever it says";
    }

    private static String sampled(PolicySet set, Decision decision, List<PolicyFinding> policies) {
        if (decision.policy() == null) {
            return "no policy matched, so the default applies";
        }
        return switch (set.combination()) {
            case FIRST_MATCH -> firstMatch();
            case FIRST_SAMPLED -> "the first policy that samples decides";
            case ANY -> lowest(decision, policies);
        };
    }

    private static String lowest(Decision decision, List<PolicyFinding> policies) {
        List<PolicyFinding> sampled =
                policies.stream().filter(policy -> policy.vote().vote() == VoteKind.SAMPLED).toList();
        if (sampled.isEmpty()) {
            return "an inverted policy samples, and no policy is against it";
        }
        if (sampled.size() == 1) {
            return "no other policy samples the trace";
        }
        long ties = sampled.stream().map(policy -> policy.finding().threshold())
                .filter(threshold -> threshold != null && threshold.equals(decision.threshold())).count();
        return "of the " + sampled.size() + " policies that sample the trace " + (ties > 1
                ? ties + " have the lowest threshold, and it is the first of them"
                : "it has the lowest threshold");
    }

    private static String notSampled(PolicySet set, Decision decision, List<PolicyFinding> policies) {
        if (set.combination() == Combination.FIRST_MATCH && decision.policy() != null) {
            return firstMatch();
        }
        if (policies.stream().anyMatch(policy -> policy.vote().vote() == VoteKind.INVERT_NOT_SAMPLED)) {
            return "an inverted policy that matches wins over all that sample";
        }
        boolean matched = policies.stream()
                .anyMatch(policy -> policy.finding().answer() == Finding.Answer.MATCHES);
        return matched
                ? "the trace is in the share of none of the policies that match"
                : "no policy samples the trace, and the default does not either";
    }
}
