package dev.tailsampling.generate;

import dev.tailsampling.trace.TraceId;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/**
 * Yields the messages of a {@link TraceLoad} in the order in which they are sent, made one ahead of what is asked for.
 * Memory grows with the traces and spans in flight, not with the number of traces. Equal loads give equal bytes, on
 * every run.
 *
 * <p>Spans are batched in the order in which they end, up to {@link Delivery#batchSpans} or for a second. Not
 * thread-safe.
 */
public final class TraceGenerator implements Iterator<GeneratedMessage> {

    /** Id of the trace of {@link SpecialTrace.Giant}: "giant-trace-0001" in ASCII. */
    public static final TraceId GIANT_ID = new TraceId(0x6769616e742d7472L, 0x6163652d30303031L);

    /** Id of the trace of {@link SpecialTrace.Marathon}: "marathontrace-01" in ASCII. */
    public static final TraceId MARATHON_ID = new TraceId(0x6d61726174686f6eL, 0x74726163652d3031L);

    /** Is told of each span that is sent, and how often. */
    @FunctionalInterface
    private interface Observer {
        void spanSent(PlannedSpan span, int timesSent);
    }

    private static final long NANOS_PER_MILLI = 1_000_000;
    private static final long DELIVERY_KEY = -3;

    private final Delivery delivery;
    private final SpanTimeline timeline;
    private final MessageEncoder encoder;
    private final Observer observer;
    private final Dice dice;
    private final List<PlannedSpan> batch = new ArrayList<>();
    private final Queue<GeneratedMessage> resends = new ArrayDeque<>();
    private @Nullable GeneratedMessage upcoming;

    /** A generator of a load, at its beginning. */
    public TraceGenerator(TraceLoad load) {
        this(load, (span, timesSent) -> {});
    }

    /** The same, which adds to the ground truth what it sends. */
    public TraceGenerator(TraceLoad load, GroundTruth truth) {
        this(load, truth::add);
    }

    private TraceGenerator(TraceLoad load, Observer observer) {
        this.observer = observer;
        delivery = load.profile().delivery();
        timeline = new SpanTimeline(load);
        encoder = new MessageEncoder(timeline.catalog(), load.profile().content().detail());
        dice = new Dice(Dice.key(load.seed(), DELIVERY_KEY));
        upcoming = nextBatch();
    }

    @Override
    public boolean hasNext() {
        return upcoming != null || !resends.isEmpty();
    }

    @Override
    public GeneratedMessage next() {
        GeneratedMessage resend = resends.peek();
        GeneratedMessage message = upcoming;
        if (resend != null && (message == null || resend.timestampMillis() < message.timestampMillis())) {
            return resends.remove();
        }
        if (message == null) {
            throw new NoSuchElementException("all messages of the load have been generated");
        }
        upcoming = nextBatch();
        return message;
    }

    private @Nullable GeneratedMessage nextBatch() {
        batch.clear();
        PlannedSpan first = timeline.peek();
        if (first == null) {
            return null;
        }
        long closes = first.readyNanos() + Delivery.BATCH_DELAY.toNanos();
        PlannedSpan next = first;
        while (next != null && next.readyNanos() <= closes && batch.size() < delivery.batchSpans()) {
            batch.add(next);
            timeline.remove();
            next = timeline.peek();
        }
        boolean isFull = batch.size() == delivery.batchSpans();
        return message(isFull ? batch.getLast().readyNanos() : closes);
    }

    private GeneratedMessage message(long sentNanos) {
        long timestampMillis = Math.ceilDiv(sentNanos, NANOS_PER_MILLI);
        GeneratedMessage message = new GeneratedMessage(timestampMillis, encoder.encode(batch), batch.size());
        boolean isSentTwice = dice.chance(delivery.duplicateShare());
        if (isSentTwice) {
            resends.add(new GeneratedMessage(timestampMillis + Delivery.RETRY_DELAY.toMillis(), message.otlp(),
                    message.spans()));
        }
        for (PlannedSpan span : batch) {
            observer.spanSent(span, isSentTwice ? 2 : 1);
        }
        return message;
    }
}
