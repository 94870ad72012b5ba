package dev.tailsampling.policy;

import dev.tailsampling.sampler.Fnv1a64Sampler;
import dev.tailsampling.sampler.Sha1Sampler;
import dev.tailsampling.trace.Threshold;

/** A {@link TraceIdHash} made ready. */
sealed interface HashShare {

    /** A threshold that says kept or not. */
    long threshold(TraceSummary summary);

    static HashShare of(TraceIdHash hash) {
        return switch (hash) {
            case TraceIdHash.Fnv fnv -> new Fnv(new Fnv1a64Sampler(fnv.salt(), fnv.percentage()),
                    Threshold.ofShare(Math.clamp(fnv.percentage() / 100, 0.0, 1.0)).value(), fnv.unlessTraceState());
            case TraceIdHash.Sha1 sha1 -> new Sha1(new Sha1Sampler(sha1.rate()));
        };
    }

    /** The Collector's, and what it does when the tracestate says more. */
    record Fnv(Fnv1a64Sampler sampler, long threshold, boolean unlessTraceState) implements HashShare {
        @Override
        public long threshold(TraceSummary summary) {
            if (unlessTraceState && summary.hasSamplingState()) {
                return threshold;
            }
            // The Collector, too, tells the threshold of the percentage, though it hashes.
            return sampler.keeps(summary.traceId()) ? CompiledPolicy.CHOSEN | threshold : CompiledPolicy.NEVER;
        }
    }

    /** Refinery's. */
    record Sha1(Sha1Sampler sampler) implements HashShare {
        @Override
        public long threshold(TraceSummary summary) {
            return CompiledPolicy.UNWEIGHTED | (sampler.keeps(summary.traceId()) ? 0 : CompiledPolicy.NEVER);
        }
    }
}
