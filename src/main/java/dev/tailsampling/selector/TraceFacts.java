package dev.tailsampling.selector;

import dev.tailsampling.policy.Decision;
import dev.tailsampling.policy.TraceSummary;
import dev.tailsampling.trace.Threshold;
import dev.tailsampling.trace.TraceId;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * What was seen of a trace when it was decided: the summary as an immutable value, enough to decide again.
 *
 * @param traceId the trace
 * @param spanCount spans, duplicates included
 * @param byteCount their size as OTLP protobuf
 * @param startUnixNano earliest start, 0 if unknown
 * @param endUnixNano latest end, 0 if unknown
 * @param firstArrivalMillis arrival of the first span, milliseconds since the epoch
 * @param lastArrivalMillis arrival of the last span
 * @param eventAndLinkCount events and links of the spans
 * @param statusBits one bit for each status code seen, by its wire number
 * @param randomness R, 56 bits
 * @param incomingThreshold lowest {@code th} that a span came with, null if none had one
 * @param conditionWords one bit for each compiled condition that a span satisfied
 * @param rootService service of the root span, null if no root was seen
 * @param rootName name of the root span
 */
public record TraceFacts(TraceId traceId, int spanCount, int eventAndLinkCount, long byteCount, long startUnixNano,
        long endUnixNano,
        long firstArrivalMillis, long lastArrivalMillis, int statusBits, long randomness,
        @Nullable Threshold incomingThreshold,
        List<Long> conditionWords, @Nullable String rootService, @Nullable String rootName) {

    public TraceFacts {
        conditionWords = List.copyOf(conditionWords);
    }

    /** The facts in a summary, with that many words of condition bits. */
    public static TraceFacts of(TraceSummary summary, int conditionWords) {
        return new TraceFacts(summary.traceId(), summary.spanCount(), summary.eventAndLinkCount(), summary.byteCount(),
                summary.startUnixNano(),
                summary.endUnixNano(), summary.firstArrivalMillis(), summary.lastArrivalMillis(), summary.statusBits(),
                summary.randomness(), summary.incomingThreshold(),
                IntStream.range(0, conditionWords).mapToObj(summary::conditionWord).toList(),
                summary.rootService(), summary.rootName());
    }

    /** A summary that decides as the recorded one did, under the same policy set. */
    public TraceSummary toSummary() {
        TraceSummary summary = new TraceSummary(traceId.high(), traceId.low());
        summary.restore(spanCount, byteCount, startUnixNano, endUnixNano, statusBits, randomness);
        summary.restore(eventAndLinkCount, incomingThreshold, rootService, rootName);
        for (int word = 0; word < conditionWords.size(); word++) {
            summary.restoreConditionWord(word, conditionWords.get(word));
        }
        return summary;
    }

    /**
     * How many traces this one stands for, those included that samplers before this one did not let through.
     *
     * @return null if that is unknown, or the trace is not sampled
     */
    public @Nullable Double adjustedCount(Decision decision) {
        Threshold outgoing = Threshold.equalized(incomingThreshold, randomness, decision.threshold());
        return outgoing == null ? null : outgoing.adjustedCount();
    }

    /** Latest end minus earliest start, at least 0. */
    public long durationNanos() {
        return startUnixNano == 0 || endUnixNano == 0 ? 0 : Math.max(0, endUnixNano - startUnixNano);
    }
}
