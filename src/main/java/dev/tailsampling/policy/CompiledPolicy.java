package dev.tailsampling.policy;

import dev.tailsampling.trace.StatusCode;
import dev.tailsampling.trace.Threshold;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * A policy as a function from a trace's summary to what it says of the trace: the threshold at which it would sample it,
 * 0 … 2<sup>56</sup>, or {@link #NO_MATCH}, or {@link #ERROR}. The whole algebra follows: {@code and} is the maximum,
 * {@code not} swaps 0 and no match, a rate is one more maximum, and a vote is a comparison with the trace's randomness.
 */
sealed interface CompiledPolicy {

    /** The policy has nothing to say for the trace. */
    long NO_MATCH = -1;

    /** The policy could not be evaluated. */
    long ERROR = -2;

    /** Added to a threshold that another randomness decided, so that the probability of being kept is not known. */
    long UNWEIGHTED = 1L << 60;

    /**
     * Added to a threshold that is the weight of a choice that another randomness has made: the trace is kept whatever its
     * own randomness says.
     */
    long CHOSEN = 1L << 61;

    /** Matched, but no randomness is kept. */
    long NEVER = Threshold.NEVER.value();

    /**
     * What the policy says.
     *
     * @param limits answers for the parts that depend on other traces
     */
    long threshold(TraceSummary summary, Limits limits);

    /** What the policy found in the trace, for people. */
    String why(TraceSummary summary);

    /** Whether the answer is a threshold. */
    static boolean isMatch(long answer) {
        return answer >= 0;
    }

    /** The threshold in an answer that is one. */
    static long value(long answer) {
        return answer & ~(UNWEIGHTED | CHOSEN);
    }

    /** Whether the answer has a trace of that randomness kept. */
    static boolean keeps(long answer, long randomness) {
        return isMatch(answer) && ((answer & CHOSEN) != 0 || randomness >= value(answer));
    }

    /** The answers of parts that depend on other traces. */
    @FunctionalInterface
    interface Limits {

        /** For sets without such parts, and for explanations: there is always room. */
        Limits NONE = (slot, summary) -> 0;

        /** What the part in that slot says of the trace. */
        long threshold(int slot, TraceSummary summary);
    }

    private static long when(boolean matches) {
        return matches ? 0 : NO_MATCH;
    }

    /** Every trace. */
    record Always() implements CompiledPolicy {
        @Override
        public long threshold(TraceSummary summary, Limits limits) {
            return 0;
        }

        @Override
        public String why(TraceSummary summary) {
            return "every trace matches";
        }
    }

    /** A number of the trace. The range is in units of the number, after it was divided and cut to a whole one. */
    record Number(TraceNumber number, long unit, NumberRange range, NumberRange.Bounds bounds)
            implements
                CompiledPolicy {

        Number(TraceNumber number, NumberRange range) {
            this(number, 1, range, range.bounds());
        }

        @Override
        public long threshold(TraceSummary summary, Limits limits) {
            return when(bounds.contains(number.of(summary) / unit));
        }

        @Override
        public String why(TraceSummary summary) {
            return switch (number) {
                case DURATION_NANOS -> "the trace lasted " + summary.durationNanos() / 1e6 + " ms";
                case SPAN_COUNT -> "the trace has " + summary.spanCount() + " spans";
                case BYTE_COUNT -> "its spans have " + summary.byteCount() + " bytes";
                case ITEM_COUNT -> "the trace has " + summary.itemCount() + " spans, events and links";
            };
        }
    }

    /** One of several status codes, as a mask of wire numbers. */
    record Status(int mask) implements CompiledPolicy {
        @Override
        public long threshold(TraceSummary summary, Limits limits) {
            return when((summary.statusBits() & mask) != 0);
        }

        @Override
        public String why(TraceSummary summary) {
            List<StatusCode> seen = Arrays.stream(StatusCode.values()).filter(summary::hasStatus).toList();
            return "span statuses seen: " + seen;
        }
    }

    /** A condition on spans by its bit: whether some span satisfied it, or none did. */
    record Condition(int bit, boolean satisfied, String text) implements CompiledPolicy {
        @Override
        public long threshold(TraceSummary summary, Limits limits) {
            return when(summary.satisfied(bit) == satisfied);
        }

        @Override
        public String why(TraceSummary summary) {
            return satisfied
                    ? (summary.satisfied(bit) ? "a span has " : "no span has ") + text
                    : summary.satisfied(bit) ? "a span does not have " + text
                    : "every span has " + text;
        }
    }

    /** A failure that some span caused, if its bit is set. */
    record Failure(int bit, String text) implements CompiledPolicy {
        @Override
        public long threshold(TraceSummary summary, Limits limits) {
            return summary.satisfied(bit) ? ERROR : NO_MATCH;
        }

        @Override
        public String why(TraceSummary summary) {
            return summary.satisfied(bit) ? text + " cannot be evaluated on a span" : text + " can be evaluated";
        }
    }

    /** A root span. */
    record HasRoot() implements CompiledPolicy {
        @Override
        public long threshold(TraceSummary summary, Limits limits) {
            return when(summary.rootSeen());
        }

        @Override
        public String why(TraceSummary summary) {
            return summary.rootSeen() ? "the root span was seen" : "no root span was seen";
        }
    }

    /** A share of all traces. */
    record Share(long value) implements CompiledPolicy {
        @Override
        public long threshold(TraceSummary summary, Limits limits) {
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

    /** A share of all traces by a hash of the id. */
    record Hash(HashShare share) implements CompiledPolicy {
        @Override
        public long threshold(TraceSummary summary, Limits limits) {
            return share.threshold(summary);
        }

        @Override
        public String why(TraceSummary summary) {
            long threshold = share.threshold(summary);
            return value(threshold) == 0
                    ? "the hash of the trace id is within the share"
                    : "the trace id is not chosen";
        }
    }

    /** What depends on other traces. */
    record Limited(int slot, String text) implements CompiledPolicy {
        @Override
        public long threshold(TraceSummary summary, Limits limits) {
            return limits.threshold(slot, summary);
        }

        @Override
        public String why(TraceSummary summary) {
            return text + " depends on the other traces";
        }
    }

    /** All of several, in order: what follows a part that does not match is not asked. */
    record All(List<CompiledPolicy> parts) implements CompiledPolicy {
        @Override
        public long threshold(TraceSummary summary, Limits limits) {
            long strictest = 0;
            long flags = 0;
            boolean keeps = true;
            for (CompiledPolicy part : parts) {
                long answer = part.threshold(summary, limits);
                if (!isMatch(answer)) {
                    return answer;
                }
                keeps &= keeps(answer, summary.randomness());
                flags |= answer & (UNWEIGHTED | CHOSEN);
                strictest = Math.max(strictest, value(answer));
            }
            // Of choices by different randomness each has been asked by itself.
            return (flags & CHOSEN) != 0 && !keeps ? NEVER : strictest | flags;
        }

        @Override
        public String why(TraceSummary summary) {
            return together(parts, summary);
        }
    }

    /** One of several: the first of lowest threshold. An error counts only when nothing matches. */
    record Any(List<CompiledPolicy> parts) implements CompiledPolicy {
        @Override
        public long threshold(TraceSummary summary, Limits limits) {
            long best = NO_MATCH;
            for (CompiledPolicy part : parts) {
                long answer = part.threshold(summary, limits);
                boolean better = isMatch(answer) ? !isMatch(best) || value(answer) < value(best) : !isMatch(best);
                best = better && answer != NO_MATCH ? answer : best;
            }
            return best;
        }

        @Override
        public String why(TraceSummary summary) {
            return together(parts, summary);
        }
    }

    /** What chance chooses, as a yes or no of its own: nothing is known of the weight of what is left. */
    record Chosen(CompiledPolicy part) implements CompiledPolicy {
        @Override
        public long threshold(TraceSummary summary, Limits limits) {
            long answer = part.threshold(summary, limits);
            return isMatch(answer) ? UNWEIGHTED | (keeps(answer, summary.randomness()) ? 0 : NEVER) : answer;
        }

        @Override
        public String why(TraceSummary summary) {
            return part.why(summary);
        }
    }

    /** The opposite; where chance chooses (in the Collector's modes only), of what it does not choose. */
    record Opposite(CompiledPolicy part) implements CompiledPolicy {
        @Override
        public long threshold(TraceSummary summary, Limits limits) {
            long answer = part.threshold(summary, limits);
            return answer == ERROR ? ERROR : when(!keeps(answer, summary.randomness()));
        }

        @Override
        public String why(TraceSummary summary) {
            return part.why(summary);
        }
    }

    private static String together(List<CompiledPolicy> parts, TraceSummary summary) {
        return parts.stream().map(part -> part.why(summary)).distinct().collect(Collectors.joining("; "));
    }
}
