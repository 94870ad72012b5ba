package dev.tailsampling.store;

import dev.tailsampling.policy.Outcome;
import dev.tailsampling.selector.DecisionRecord;
import dev.tailsampling.selector.PriorDecision;
import dev.tailsampling.trace.Threshold;
import org.jspecify.annotations.Nullable;

/**
 * What many decisions of a cycle have in common; each segment numbers its kinds, and a decision in a bucket is that number,
 * with a threshold behind it if it was sampled.
 *
 * @param cycle the cycle that decided
 * @param decidedAtMillis when, milliseconds since the epoch
 * @param outcome its outcome
 * @param policy the deciding policy, null if none
 */
record RedisDecisionKind(long cycle, long decidedAtMillis, Outcome outcome, @Nullable String policy) {

    private static final int FIELDS = 4;
    private static final char THRESHOLD = ':';
    private static final int HEX = 16;

    static RedisDecisionKind of(DecisionRecord row) {
        return new RedisDecisionKind(row.cycle(), row.decidedAt().toEpochMilli(), row.decision().outcome(),
                row.decision().policy());
    }

    String text() {
        return cycle + " " + decidedAtMillis + " " + outcome + (policy == null ? "" : " " + policy);
    }

    static RedisDecisionKind parse(String text) {
        String[] fields = text.split(" ", FIELDS);
        return new RedisDecisionKind(Long.parseLong(fields[0]), Long.parseLong(fields[1]), Outcome.valueOf(fields[2]),
                fields.length < FIELDS ? null : fields[3]);
    }

    /** A decision of this kind, as it stands in a bucket. A mere number takes the least room. */
    static String value(long number, @Nullable Threshold threshold) {
        return threshold == null ? Long.toString(number) : number + ":" + Long.toHexString(threshold.value());
    }

    /** The number of its kind that a value in a bucket begins with. */
    static String number(String value) {
        int colon = value.indexOf(THRESHOLD);
        return colon < 0 ? value : value.substring(0, colon);
    }

    /** The decision of this kind that a value in a bucket stands for. */
    PriorDecision decision(String value) {
        int colon = value.indexOf(THRESHOLD);
        return new PriorDecision(cycle, outcome, policy,
                colon < 0 ? null : new Threshold(Long.parseLong(value.substring(colon + 1), HEX)));
    }
}
