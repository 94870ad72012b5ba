package dev.tailsampling.policy;

import dev.tailsampling.trace.SpanView;
import java.util.Arrays;
import java.util.List;

/** Decides on traces made of given spans, for tests. */
final class Decisions {

    private final CompiledPolicies policies;

    private Decisions(PolicySet set) {
        this.policies = CompiledPolicies.of(set);
    }

    static Decisions by(NamedPolicy... policies) {
        return new Decisions(new PolicySet(List.of(policies)));
    }

    /** By one policy named "p". */
    static Decisions by(SamplingPolicy policy) {
        return by(NamedPolicy.of("p", policy));
    }

    Decision on(SpanView... spans) {
        return policies.decide(summary(spans));
    }

    /** The vote on a trace, when there is one policy. */
    VoteKind vote(SpanView... spans) {
        return on(spans).votes().getFirst().vote();
    }

    TraceSummary summary(SpanView... spans) {
        TraceSummary summary = new TraceSummary(spans[0].traceIdHigh(), spans[0].traceIdLow());
        SpanFolder folder = policies.folder();
        Arrays.stream(spans).forEach(span -> folder.fold(summary, span));
        return summary;
    }

    CompiledPolicies policies() {
        return policies;
    }
}
