package dev.tailsampling.policy;

import dev.tailsampling.policy.CompiledPolicies.Entry;
import dev.tailsampling.policy.CompiledPolicies.Rule;
import dev.tailsampling.policy.Finding.Answer;
import dev.tailsampling.policy.PolicyFinding.Part;
import dev.tailsampling.trace.Threshold;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** Explains one decision: walks over the policies as they were written and as they were compiled, side by side. */
final class PolicyExplainer {

    private final CompiledPolicies policies;
    private final SpanEvidence spans;
    private final TraceSummary summary;
    private final Decision decision;

    PolicyExplainer(CompiledPolicies policies, SpanEvidence spans, TraceSummary summary, Decision decision) {
        this.policies = policies;
        this.spans = spans;
        this.summary = summary;
        this.decision = decision;
    }

    Explanation explain() {
        List<PolicyFinding> rules = rules();
        List<PolicyFinding> votes = votes();
        return new Explanation(DecidingReason.of(policies.set(), decision, rules, votes), rules, votes);
    }

    private List<PolicyFinding> rules() {
        List<PolicyFinding> asked = new ArrayList<>();
        for (int i = 0; i < policies.rules().size(); i++) {
            Rule rule = policies.rules().get(i);
            ForceRule written = policies.set().forceRules().get(i);
            boolean decides = rule.decides(summary);
            Vote vote = decides
                    ? rule.decision().votes().getFirst()
                    : new Vote(String.valueOf(rule.decision().policy()), VoteKind.NOT_SAMPLED);
            asked.add(new PolicyFinding(vote, decides ? Part.DECIDED : Part.VOTED, ofRule(rule, written, vote)));
            if (decides) {
                break;
            }
        }
        return asked;
    }

    private Finding ofRule(Rule rule, ForceRule written, Vote vote) {
        boolean matches = summary.satisfied(rule.bit());
        String definition = "priority " + written.priority() + ": " + written.match();
        String why = !matches
                ? "no span matches"
                : vote.vote() == VoteKind.NOT_SAMPLED ? "a span matches, but the trace is not in the rule's share"
                : "a span matches";
        return new Finding(vote.policy(), definition, matches ? Answer.MATCHES : Answer.DOES_NOT_MATCH,
                matches ? rule.keep() : null, why, matches ? spans.ofCondition(rule.bit()) : List.of(), List.of());
    }

    /** What was voted stands, since it may have depended on other traces; the rest is worked out. */
    private List<PolicyFinding> votes() {
        Map<String, Vote> voted = new HashMap<>();
        decision.votes().forEach(vote -> voted.put(vote.policy(), vote));
        List<PolicyFinding> findings = new ArrayList<>();
        for (int i = 0; i < policies.entries().size(); i++) {
            Entry entry = policies.entries().get(i);
            Finding finding = find(policies.set().policies().get(i), entry.policy());
            Vote vote = voted.get(entry.name());
            boolean decided = entry.name().equals(decision.policy());
            if (decided && decision.threshold() != null && finding.answer() == Answer.DEPENDS_ON_OTHER_TRACES) {
                finding = new Finding(finding.name(), finding.definition(), Answer.MATCHES, decision.threshold(),
                        finding.why(), finding.evidence(), finding.parts());
            }
            findings.add(vote == null
                    ? new PolicyFinding(entry.vote(answer(entry.policy()), summary.randomness()), Part.NOT_ASKED,
                            finding)
                    : new PolicyFinding(vote, decided ? Part.DECIDED : Part.VOTED, finding));
        }
        return findings;
    }

    private long answer(CompiledPolicy compiled) {
        return compiled.threshold(summary, CompiledPolicy.Limits.NONE);
    }

    private Finding find(NamedPolicy written, CompiledPolicy compiled) {
        CompiledPolicy own = written.rate().equals(Threshold.ALWAYS) ? compiled : parts(compiled).getFirst();
        List<NamedPolicy> inner = inner(written.policy());
        List<CompiledPolicy> parts = parts(own);
        List<Finding> findings = new ArrayList<>();
        for (int i = 0; i < inner.size(); i++) {
            findings.add(find(inner.get(i), parts.get(i)));
        }
        long value = answer(compiled);
        Answer answer = answer(compiled, value);
        Threshold threshold = answer == Answer.MATCHES ? new Threshold(CompiledPolicy.value(value)) : null;
        String why = inner.isEmpty() || own instanceof CompiledPolicy.Limited
                ? compiled.why(summary)
                : rateOf(compiled, own);
        return new Finding(written.name(), PolicyText.of(written), answer, threshold, why,
                inner.isEmpty() ? evidence(own).toList() : List.of(), findings);
    }

    /** What the parts found, they say themselves; the policy's own rate is left. */
    private String rateOf(CompiledPolicy compiled, CompiledPolicy own) {
        return own.equals(compiled) ? "" : parts(compiled).getLast().why(summary);
    }

    private Answer answer(CompiledPolicy compiled, long value) {
        if (value == CompiledPolicy.ERROR) {
            return Answer.ERROR;
        }
        if (!CompiledPolicy.isMatch(value)) {
            return Answer.DOES_NOT_MATCH;
        }
        return dependsOnOthers(compiled) ? Answer.DEPENDS_ON_OTHER_TRACES : Answer.MATCHES;
    }

    private boolean dependsOnOthers(CompiledPolicy compiled) {
        return compiled instanceof CompiledPolicy.Limited || parts(compiled).stream().anyMatch(this::dependsOnOthers);
    }

    private static List<NamedPolicy> inner(SamplingPolicy policy) {
        return switch (policy) {
            case SamplingPolicy.And and -> and.policies();
            case SamplingPolicy.Or or -> or.policies();
            case SamplingPolicy.Drop drop -> drop.policies();
            case SamplingPolicy.Not not -> List.of(not.policy());
            case SamplingPolicy.Inverted inverted -> List.of(inverted.policy());
            case SamplingPolicy.Composite composite -> composite.policies();
            case SamplingPolicy.Budget budget -> budget.policies();
            default -> List.of();
        };
    }

    private List<CompiledPolicy> parts(CompiledPolicy compiled) {
        return switch (compiled) {
            case CompiledPolicy.All all -> all.parts();
            case CompiledPolicy.Any any -> any.parts();
            case CompiledPolicy.Opposite opposite -> List.of(opposite.part());
            case CompiledPolicy.Limited limited -> policies.limits().get(limited.slot()).parts();
            default -> List.of();
        };
    }

    private Stream<Evidence> evidence(CompiledPolicy compiled) {
        return switch (compiled) {
            case CompiledPolicy.Number number -> ofNumber(number.number());
            case CompiledPolicy.Status status -> spans.ofStatuses(status.mask()).stream();
            case CompiledPolicy.Condition condition -> ofCondition(condition.bit());
            case CompiledPolicy.Failure failure -> ofCondition(failure.bit());
            case CompiledPolicy.HasRoot ignored -> spans.ofRoot().stream();
            case CompiledPolicy.Always ignored -> Stream.empty();
            case CompiledPolicy.Share ignored -> Stream.empty();
            case CompiledPolicy.Hash ignored -> Stream.empty();
            case CompiledPolicy.Chosen ignored -> Stream.empty();
            case CompiledPolicy.Limited ignored -> Stream.empty();
            case CompiledPolicy.All all -> all.parts().stream().flatMap(this::evidence);
            case CompiledPolicy.Any any -> any.parts().stream().flatMap(this::evidence);
            case CompiledPolicy.Opposite opposite -> evidence(opposite.part());
        };
    }

    private Stream<Evidence> ofNumber(TraceNumber number) {
        return switch (number) {
            case DURATION_NANOS -> spans.ofDuration().stream();
            case SPAN_COUNT, BYTE_COUNT, ITEM_COUNT -> Stream.empty();
        };
    }

    private Stream<Evidence> ofCondition(int bit) {
        return summary.satisfied(bit) ? spans.ofCondition(bit).stream() : Stream.empty();
    }
}
