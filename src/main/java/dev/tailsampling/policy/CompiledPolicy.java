package dev.tailsampling.policy;

import dev.tailsampling.trace.StatusCode;
import dev.tailsampling.trace.Threshold;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * A policy as a function from a trace's summary to the threshold at which it would sample the trace; {@link #NO_MATCH}
 * when it does not match. The whole algebra follows: {@code and} is the maximum, {@code not} swaps 0 and no match, a rate
 * is one more maximum, and a vote is a comparison with the trace's randomness.
 */
sealed interface CompiledPolicy {

    /** No randomness reaches this threshold. */
    long NO_MATCH = Threshold.NEVER.value();

    /** 0 … 2<sup>56</sup>. */
    long threshold(TraceSummary summary);

    /** What the policy found in the trace, for people. */
    String why(TraceSummary summary);

    private static long when(boolean matches) {
        return matches ? 0 : NO_MATCH;
    }

    /** Every trace. */
    record Always() implements CompiledPolicy {
        @Override
        public long threshold(TraceSummary summary) {
            return 0;
        }

        @Override
        public String why(TraceSummary summary) {
            return "every trace matches";
        }
    }

    /** Duration in nanoseconds. */
    record Duration(long nanosExclusive, long upperNanosInclusive) implements CompiledPolicy {
        @Override
        public long threshold(TraceSummary summary) {
            long duration = summary.durationNanos();
            return when(duration > nanosExclusive && duration <= upperNanosInclusive);
        }

        @Override
        public String why(TraceSummary summary) {
            return "the trace lasted " + summary.durationNanos() / 1e6 + " ms";
        }
    }

    /** One of several status codes, as a mask of wire numbers. */
    record Status(int mask) implements CompiledPolicy {
        @Override
        public long threshold(TraceSummary summary) {
            return when((summary.statusBits() & mask) != 0);
        }

        @Override
        public String why(TraceSummary summary) {
            List<StatusCode> seen = Arrays.stream(StatusCode.values()).filter(summary::hasStatus).toList();
            return "span statuses seen: " + seen;
        }
    }

    /** A span condition by its bit. */
    record Condition(int bit, String key) implements CompiledPolicy {
        @Override
        public long threshold(TraceSummary summary) {
            return when(summary.satisfied(bit));
        }

        @Override
        public String why(TraceSummary summary) {
            return summary.satisfied(bit) ? "a span or its resource has such a " + key : "no span has such a " + key;
        }
    }

    /** A share of all traces. */
    record Share(long value) implements CompiledPolicy {
        @Override
        public long threshold(TraceSummary summary) {
            return value;
        }

        @Override
        public String why(TraceSummary summary) {
            return "randomness " + hex(summary.randomness())
                    + (summary.randomness() >= value ? " reaches " : " is below ")
                    + "threshold " + hex(value);
        }

        private static String hex(long value) {
            return String.format(Locale.ROOT, "%014x", value);
        }
    }

    /** Number of spans. */
    record Spans(int minInclusive, int maxInclusive) implements CompiledPolicy {
        @Override
        public long threshold(TraceSummary summary) {
            return when(summary.spanCount() >= minInclusive && summary.spanCount() <= maxInclusive);
        }

        @Override
        public String why(TraceSummary summary) {
            return "the trace has " + summary.spanCount() + " spans";
        }
    }

    /** All of several. */
    record All(List<CompiledPolicy> parts) implements CompiledPolicy {
        @Override
        public long threshold(TraceSummary summary) {
            long strictest = 0;
            for (CompiledPolicy part : parts) {
                strictest = Math.max(strictest, part.threshold(summary));
            }
            return strictest;
        }

        @Override
        public String why(TraceSummary summary) {
            return parts.stream().map(part -> part.why(summary)).distinct()
                    .collect(Collectors.joining("; "));
        }
    }

    /** The opposite of one that is never random. */
    record Opposite(CompiledPolicy part) implements CompiledPolicy {
        @Override
        public long threshold(TraceSummary summary) {
            return when(part.threshold(summary) == NO_MATCH);
        }

        @Override
        public String why(TraceSummary summary) {
            return part.why(summary);
        }
    }
}
