package dev.tailsampling.admin;

import dev.tailsampling.assembly.CompletionReason;
import dev.tailsampling.selector.DecisionRecord;
import dev.tailsampling.trace.TraceId;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Comparator;
import org.jspecify.annotations.Nullable;

/**
 * A place among all decisions, the newest first: by arrival of the trace's first span, then by what tells rows apart. It
 * stays where it is whatever is recorded later.
 *
 * @param firstArrivalMillis arrival, milliseconds since the epoch
 * @param row the row there after which the rest comes; null if all of this arrival time come before it
 */
record DecisionCursor(long firstArrivalMillis, @Nullable Row row) implements Comparable<DecisionCursor> {

    private static final String SEPARATOR = "\n";
    private static final Comparator<Row> BY_ROW = Comparator.comparing(Row::traceId).thenComparing(Row::source)
            .thenComparing(Row::runId).thenComparingLong(Row::cycle).thenComparing(Row::completion);

    /**
     * What tells the rows of one arrival time apart.
     */
    record Row(TraceId traceId, String source, String runId, long cycle, CompletionReason completion) {}

    static DecisionCursor of(DecisionRecord decision) {
        return new DecisionCursor(decision.trace().firstArrivalMillis(), new Row(decision.trace().traceId(),
                decision.source(), decision.runId(), decision.cycle(), decision.completion()));
    }

    /** The place before all that arrived earlier than this. */
    static DecisionCursor before(long firstArrivalMillis) {
        return new DecisionCursor(firstArrivalMillis, null);
    }

    @Override
    public int compareTo(DecisionCursor other) {
        int newestFirst = Long.compare(other.firstArrivalMillis, firstArrivalMillis);
        if (newestFirst != 0) {
            return newestFirst;
        }
        if (row == null || other.row == null) {
            return Boolean.compare(row == null, other.row == null);
        }
        return BY_ROW.compare(row, other.row);
    }

    /** For the caller to send back as it is. */
    String text() {
        String plain = row == null
                ? Long.toString(firstArrivalMillis)
                : String.join(SEPARATOR, Long.toString(firstArrivalMillis), row.traceId().hex(), row.source(),
                        row.runId(), Long.toString(row.cycle()), row.completion().name());
        return Base64.getUrlEncoder().withoutPadding().encodeToString(plain.getBytes(StandardCharsets.UTF_8));
    }

    /**
     * Reads it back.
     *
     * @throws Problem.Refusal if it was not made by {@link #text}
     */
    static DecisionCursor parse(String text) {
        try {
            String[] parts = new String(Base64.getUrlDecoder().decode(text), StandardCharsets.UTF_8)
                    .split(SEPARATOR, -1);
            return switch (parts.length) {
                case 1 -> before(millis(parts[0]));
                case 6 -> new DecisionCursor(millis(parts[0]), new Row(TraceId.parse(parts[1]), parts[2],
                        parts[3], Long.parseLong(parts[4]), CompletionReason.valueOf(parts[5])));
                default -> throw new IllegalArgumentException("another number of parts");
            };
        } catch (IllegalArgumentException e) {
            throw new Problem(Problem.Kind.UNUSABLE_PARAMETER,
                    "after must be the next of an earlier answer, unchanged").refusal();
        }
    }

    private static long millis(String text) {
        long millis = Long.parseLong(text);
        if (millis < 0) {
            throw new IllegalArgumentException("before any span");
        }
        return millis;
    }
}
