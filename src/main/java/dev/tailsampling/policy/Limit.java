package dev.tailsampling.policy;

import java.util.List;

/**
 * A part of a policy whose answer depends on other traces: a budget, or a rate that follows traffic. What it is, here;
 * what it remembers, in its {@link LimitState}.
 */
sealed interface Limit {

    /** The same limit, for which only those traces compete that the gate matches. */
    Limit behind(CompiledPolicy gate);

    /** The policies that share it, in their order; none if it is one policy's own. */
    default List<CompiledPolicy> parts() {
        return List.of();
    }

    /** Before any trace. */
    LimitState start();

    /** As it was when the snapshot was taken. */
    LimitState restore(byte[] snapshot);

    /** Rate limiting over windows. */
    record ThresholdRate(SamplingPolicy.RateLimiting policy, CompiledPolicy gate) implements Limit {
        @Override
        public Limit behind(CompiledPolicy outer) {
            return new ThresholdRate(policy, new CompiledPolicy.All(List.of(gate, outer)));
        }

        @Override
        public LimitState start() {
            return new LimitState.ThresholdRate(this, policy.limit().start());
        }

        @Override
        public LimitState restore(byte[] snapshot) {
            return new LimitState.ThresholdRate(this, policy.limit().restore(snapshot));
        }
    }

    /** Rate limiting by a token bucket: who comes first is served, so nobody competes. */
    record BucketRate(SamplingPolicy.RateLimiting policy) implements Limit {
        @Override
        public Limit behind(CompiledPolicy outer) {
            return this;
        }

        @Override
        public LimitState start() {
            return new LimitState.BucketRate(this, policy.limit().start());
        }

        @Override
        public LimitState restore(byte[] snapshot) {
            return new LimitState.BucketRate(this, policy.limit().restore(snapshot));
        }
    }

    /** The Collector's composite: first come, first served. */
    record Composite(SamplingPolicy.Composite policy, List<CompiledPolicy> parts) implements Limit {
        @Override
        public Limit behind(CompiledPolicy outer) {
            return this;
        }

        @Override
        public LimitState start() {
            return new LimitState.Composite(this, policy.allocation().start());
        }

        @Override
        public LimitState restore(byte[] snapshot) {
            return new LimitState.Composite(this, policy.allocation().restore(snapshot));
        }
    }

    /** The native budget. */
    record Budget(SamplingPolicy.Budget policy, List<CompiledPolicy> parts, CompiledPolicy gate) implements Limit {
        @Override
        public Limit behind(CompiledPolicy outer) {
            return new Budget(policy, parts, new CompiledPolicy.All(List.of(gate, outer)));
        }

        @Override
        public LimitState start() {
            return new LimitState.Budget(this, policy.limit().start());
        }

        @Override
        public LimitState restore(byte[] snapshot) {
            return new LimitState.Budget(this, policy.limit().restore(snapshot));
        }
    }

    /** A sampler with keys. */
    record Keyed(SamplingPolicy.Keyed policy, KeyValues key) implements Limit {
        @Override
        public Limit behind(CompiledPolicy outer) {
            return this;
        }

        @Override
        public LimitState start() {
            return new LimitState.Keyed(this, policy.sampler().start());
        }

        @Override
        public LimitState restore(byte[] snapshot) {
            return new LimitState.Keyed(this, policy.sampler().restore(snapshot));
        }
    }
}
