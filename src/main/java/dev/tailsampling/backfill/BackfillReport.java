package dev.tailsampling.backfill;

import dev.tailsampling.policy.Outcome;
import dev.tailsampling.selector.BackfillSlice;
import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What a run has decided, from its beginning on. Immutable.
 *
 * @param byOutcome traces by outcome; all outcomes are there
 * @param byPolicy sampled and dropped traces by the policy or rule that decided
 * @param late spans that came after their trace's decision and followed it, as groups
 * @param slices sums over the run's slices
 */
public record BackfillReport(Map<Outcome, Amount> byOutcome, SortedMap<String, Amount> byPolicy, Amount late,
        BackfillSlice.Counts slices) {

    /**
     * So many traces.
     *
     * @param traces their number
     * @param spans spans in them
     * @param bytes size of those as OTLP
     */
    public record Amount(long traces, long spans, long bytes) {

        /** Nothing. */
        public static final Amount NONE = new Amount(0, 0, 0);

        /** Both together. */
        public Amount plus(Amount other) {
            return new Amount(traces + other.traces, spans + other.spans, bytes + other.bytes);
        }
    }

    public BackfillReport {
        EnumMap<Outcome, Amount> outcomes = new EnumMap<>(Outcome.class);
        for (Outcome outcome : Outcome.values()) {
            outcomes.put(outcome, byOutcome.getOrDefault(outcome, Amount.NONE));
        }
        byOutcome = Collections.unmodifiableMap(outcomes);
        byPolicy = Collections.unmodifiableSortedMap(new TreeMap<>(byPolicy));
    }

    /** Traces with this outcome. */
    public Amount of(Outcome outcome) {
        return byOutcome.getOrDefault(outcome, Amount.NONE);
    }

    /** All decided traces. */
    public Amount decided() {
        return byOutcome.values().stream().reduce(Amount.NONE, Amount::plus);
    }
}
