package dev.tailsampling.config;

import dev.tailsampling.policy.NamedPolicy;
import dev.tailsampling.policy.PolicySet;
import dev.tailsampling.policy.SamplingPolicy;
import dev.tailsampling.policy.SamplingPolicy.Latency;
import dev.tailsampling.policy.SamplingPolicy.SpanCount;
import dev.tailsampling.policy.SamplingPolicy.StatusCodes;
import dev.tailsampling.trace.StatusCode;
import dev.tailsampling.trace.Threshold;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** The three policies that the switches under {@code sampling} stand for. */
final class SwitchPolicies {

    private final SamplingConfig switches;

    SwitchPolicies(SamplingConfig switches) {
        this.switches = switches;
    }

    /** Policies "errors", "latency" and "cardinality", as far as they are switched on. */
    ParsedPolicies parsed() {
        List<NamedPolicy> policies = new ArrayList<>();
        if (switches.sampleErrors()) {
            policies.add(policy("errors", new StatusCodes(Set.of(StatusCode.ERROR)), switches.errorSampleRate()));
        }
        if (switches.sampleLatency()) {
            policies.add(policy("latency",
                    new Latency(switches.latencyThreshold().toMillis(), Latency.NO_UPPER_BOUND),
                    switches.latencySampleRate()));
        }
        if (switches.sampleCardinality()) {
            policies.add(policy("cardinality", new SpanCount(switches.maxSpanCount(), SpanCount.NO_LIMIT), 1));
        }
        if (policies.isEmpty()) {
            throw new PolicyException("no policy is left: sampling.sample_errors, sampling.sample_latency and "
                    + "sampling.sample_cardinality are all false");
        }
        return new ParsedPolicies(new PolicySet(policies), List.of());
    }

    private static NamedPolicy policy(String name, SamplingPolicy policy, double rate) {
        return new NamedPolicy(name, policy, Threshold.ofShare(rate));
    }
}
