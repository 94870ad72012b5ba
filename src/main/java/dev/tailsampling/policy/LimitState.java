package dev.tailsampling.policy;

import dev.tailsampling.policy.Decision.Detail;
import dev.tailsampling.sampler.BatchThreshold;
import dev.tailsampling.sampler.Candidates;
import dev.tailsampling.sampler.CompositeBudget;
import dev.tailsampling.sampler.KeyedRates;
import dev.tailsampling.sampler.TokenBucket;
import dev.tailsampling.trace.Threshold;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a {@link Limit} remembers from trace to trace. Not thread-safe. */
abstract sealed class LimitState {

    private @Nullable Detail detail;

    /** A window of decision time begins. */
    void open(long windowMillis, List<TraceSummary> competing) {}

    /** What the limit says of a trace that is decided at that time. May count the trace, so it is asked once. */
    abstract long threshold(TraceSummary summary, long timeMillis);

    abstract byte[] snapshot();

    /** What it has to add to its last answer. */
    final @Nullable Detail detail() {
        return detail;
    }

    final void note(@Nullable Detail found) {
        detail = found;
    }

    private static boolean passes(CompiledPolicy policy, TraceSummary summary) {
        return passes(policy.threshold(summary, CompiledPolicy.Limits.NONE), summary);
    }

    private static boolean passes(long answer, TraceSummary summary) {
        return CompiledPolicy.keeps(answer, summary.randomness());
    }

    private static long kept(BatchThreshold threshold, long cost) {
        return cost > threshold.largestCost() ? CompiledPolicy.NEVER : threshold.threshold();
    }

    /** Rate limiting over windows. */
    static final class ThresholdRate extends LimitState {

        private final Limit.ThresholdRate limit;
        private final TokenBucket bucket;
        private BatchThreshold now;

        ThresholdRate(Limit.ThresholdRate limit, TokenBucket bucket) {
            this.limit = limit;
            this.bucket = bucket;
            this.now = BatchThreshold.of(new Candidates(), 0, bucket.burstCapacity());
        }

        @Override
        void open(long windowMillis, List<TraceSummary> competing) {
            Candidates candidates = new Candidates();
            for (TraceSummary summary : competing) {
                if (passes(limit.gate(), summary)) {
                    candidates.add(summary.randomness(), limit.policy().cost().of(summary));
                }
            }
            bucket.refill(windowMillis);
            now = BatchThreshold.of(candidates, bucket.availableTokens(), bucket.burstCapacity());
            bucket.spend(now.keptCost());
        }

        @Override
        long threshold(TraceSummary summary, long timeMillis) {
            return kept(now, limit.policy().cost().of(summary));
        }

        @Override
        byte[] snapshot() {
            return bucket.snapshot();
        }
    }

    /** Rate limiting by a token bucket. */
    static final class BucketRate extends LimitState {

        private final Limit.BucketRate limit;
        private final TokenBucket bucket;

        BucketRate(Limit.BucketRate limit, TokenBucket bucket) {
            this.limit = limit;
            this.bucket = bucket;
        }

        @Override
        long threshold(TraceSummary summary, long timeMillis) {
            boolean taken = bucket.tryTake(limit.policy().cost().of(summary), timeMillis);
            return CompiledPolicy.UNWEIGHTED | (taken ? 0 : CompiledPolicy.NEVER);
        }

        @Override
        byte[] snapshot() {
            return bucket.snapshot();
        }
    }

    /** The Collector's composite. */
    static final class Composite extends LimitState {

        private final Limit.Composite limit;
        private final CompositeBudget budget;

        Composite(Limit.Composite limit, CompositeBudget budget) {
            this.limit = limit;
            this.budget = budget;
        }

        @Override
        long threshold(TraceSummary summary, long timeMillis) {
            note(null);
            for (int part = 0; part < limit.parts().size(); part++) {
                long answer = limit.parts().get(part).threshold(summary, CompiledPolicy.Limits.NONE);
                if (answer == CompiledPolicy.ERROR) {
                    return answer;
                }
                if (passes(answer, summary)) {
                    note(Detail.ofSubPolicy(limit.policy().policies().get(part).name()));
                    boolean fits = budget.tryKeep(part, summary.spanCount(), timeMillis);
                    return CompiledPolicy.UNWEIGHTED | (fits ? 0 : CompiledPolicy.NEVER);
                }
            }
            return CompiledPolicy.NO_MATCH;
        }

        @Override
        byte[] snapshot() {
            return budget.snapshot();
        }
    }

    /** The native budget. */
    static final class Budget extends LimitState {

        private static final int NONE = -1;

        private final Limit.Budget limit;
        private final TokenBucket bucket;
        private List<BatchThreshold> now;

        Budget(Limit.Budget limit, TokenBucket bucket) {
            this.limit = limit;
            this.bucket = bucket;
            this.now = split(List.of());
        }

        @Override
        void open(long windowMillis, List<TraceSummary> competing) {
            bucket.refill(windowMillis);
            now = split(competing);
            now.forEach(part -> bucket.spend(part.keptCost()));
        }

        private List<BatchThreshold> split(List<TraceSummary> competing) {
            List<Candidates> candidates = new ArrayList<>();
            limit.parts().forEach(part -> candidates.add(new Candidates()));
            for (TraceSummary summary : competing) {
                int part = passes(limit.gate(), summary) ? partOf(summary) : NONE;
                if (part != NONE) {
                    candidates.get(part).add(summary.randomness(), limit.policy().cost().of(summary));
                }
            }
            return limit.policy().tree().split(bucket.availableTokens(), bucket.burstCapacity(), candidates);
        }

        /** The first that wants the trace. */
        private int partOf(TraceSummary summary) {
            for (int part = 0; part < limit.parts().size(); part++) {
                if (passes(limit.parts().get(part), summary)) {
                    return part;
                }
            }
            return NONE;
        }

        @Override
        long threshold(TraceSummary summary, long timeMillis) {
            int part = partOf(summary);
            note(part == NONE ? null : Detail.ofSubPolicy(limit.policy().policies().get(part).name()));
            if (part == NONE) {
                return CompiledPolicy.NO_MATCH;
            }
            long own = limit.parts().get(part).threshold(summary, CompiledPolicy.Limits.NONE);
            long room = kept(now.get(part), limit.policy().cost().of(summary));
            return Math.max(CompiledPolicy.value(own), room) | own & CompiledPolicy.UNWEIGHTED;
        }

        @Override
        byte[] snapshot() {
            return bucket.snapshot();
        }
    }

    /** A sampler with keys. */
    static final class Keyed extends LimitState {

        private final Limit.Keyed limit;
        private final KeyedRates rates;

        Keyed(Limit.Keyed limit, KeyedRates rates) {
            this.limit = limit;
            this.rates = rates;
        }

        @Override
        long threshold(TraceSummary summary, long timeMillis) {
            String key = limit.key().of(summary);
            int rate = rates.rate(key, summary.spanCount(), timeMillis);
            note(Detail.ofKey(key, rate));
            return Threshold.ofProbability(1.0 / rate).value();
        }

        @Override
        byte[] snapshot() {
            return rates.snapshot();
        }
    }
}
