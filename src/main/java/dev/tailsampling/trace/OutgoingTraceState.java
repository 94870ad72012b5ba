package dev.tailsampling.trace;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What becomes of the tracestate of a kept trace's spans, each span for itself: {@code th} tells afterwards with which
 * probability the span came through all samplers up to here. (OpenTelemetry specification, "TraceState: Probability
 * Sampling", equalizing downstream sampler.)
 *
 * <ul>
 * <li>{@code th} becomes the decision's threshold if that is stricter, and stays if not. A span without {@code th} is
 * taken for one that nobody has sampled, as in the Collector's {@code tail_sampling} v0.164.1.
 * <li>{@code th} is erased if there is no known probability: the decision has none, or the span's randomness does not
 * reach the {@code th} that it came with, so that no sampler of that threshold can have kept it.
 * <li>{@code rv} and the entries of others stay. A malformed header stays as it is.
 * <li>A header that has no room for {@code th} gets none, for a wrong one would be worse.
 * </ul>
 *
 * Immutable and thread-safe.
 */
public final class OutgoingTraceState {

    private final long randomness;
    private final @Nullable Threshold decided;
    private final String headerOfItsOwn;

    /**
     * For the spans of one trace.
     *
     * @param randomness R of the trace; a span's own {@code rv} goes before it
     * @param decided threshold with which the trace was kept; null if it was kept for a reason of unknown probability
     */
    public OutgoingTraceState(long randomness, @Nullable Threshold decided) {
        this.randomness = randomness;
        this.decided = decided;
        this.headerOfItsOwn = decided == null ? "" : "ot=th:" + decided.th();
    }

    /**
     * The tracestate with which a span leaves.
     *
     * @param header with which it came, empty for none
     * @return null if the header is malformed and therefore stays
     */
    public @Nullable String of(String header) {
        if (header.isEmpty()) {
            return headerOfItsOwn;
        }
        TraceState state = TraceState.parse(header);
        if (state == null) {
            return null;
        }
        OtelTraceState ot = state.ot();
        Threshold incoming = ot.threshold();
        long known = ot.randomness() == Randomness.NONE ? randomness : ot.randomness();
        Threshold outgoing = Threshold.equalized(incoming, known, decided);
        if (Objects.equals(outgoing, incoming)) {
            return header;
        }
        if (outgoing != null) {
            String raised = state.with(ot.raisedTo(outgoing)).header();
            if (TraceState.parse(raised) != null) {
                return raised;
            }
        }
        return incoming == null ? header : state.with(ot.withoutThreshold()).header();
    }
}
