package dev.tailsampling.cli;

import dev.tailsampling.otlp.OtlpSpans;
import dev.tailsampling.otlp.TraceBytes;
import java.util.Objects;

/** Cuts a request into requests of at most so many spans, in order. */
final class RequestCutter {

    /** Receives each part. */
    interface Receiver {
        /** A request and how many spans it has. */
        void part(byte[] request, long spans);
    }

    private final int maxSpans;
    private final OtlpSpans spans = new OtlpSpans();
    private final TraceBytes part = new TraceBytes();

    RequestCutter(int maxSpans) {
        this.maxSpans = maxSpans;
    }

    void cut(byte[] request, Receiver receiver) {
        spans.forEach(request, 0, request.length, span -> {
            part.add(span);
            if (part.spanCount() == maxSpans) {
                flush(receiver);
            }
        });
        flush(receiver);
    }

    private void flush(Receiver receiver) {
        int count = part.spanCount();
        if (count > 0) {
            receiver.part(Objects.requireNonNull(part.take()), count);
        }
    }
}
