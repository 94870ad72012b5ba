package dev.tailsampling.selector;

import com.google.protobuf.ByteString;
import dev.tailsampling.otlp.OtlpSpans;
import dev.tailsampling.otlp.TraceBytes;
import dev.tailsampling.trace.TraceId;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** A destination that remembers every span, and does not always answer. */
public final class RecordingExporter implements TraceExporter {

    private final Map<TraceId, Set<Long>> spanIds = new TreeMap<>();
    private final Map<TraceId, Integer> deliveries = new HashMap<>();
    private final Map<TraceId, Set<String>> traceStates = new HashMap<>();
    private final Map<TraceId, Set<ByteString>> spans = new TreeMap<>();
    private final Random random;
    private double silence;
    private int spanDeliveries;

    public RecordingExporter(Random random) {
        this.random = random;
    }

    /** Share of batches whose outcome stays unknown. */
    public void staySilent(double share) {
        silence = share;
    }

    @Override
    public String name() {
        return "recording";
    }

    @Override
    public ExportOutcome export(List<SampledTrace> batch) {
        boolean silent = random.nextDouble() < silence;
        if (!silent || random.nextBoolean()) {
            batch.forEach(this::take);
        }
        return silent ? new ExportOutcome.Unknown("no answer") : new ExportOutcome.Exported(0, "");
    }

    private void take(SampledTrace trace) {
        deliveries.merge(trace.traceId(), 1, Integer::sum);
        new OtlpSpans().forEach(trace.otlp(), 0, trace.otlp().length, span -> {
            spanDeliveries++;
            spanIds.computeIfAbsent(span.traceId(), unseen -> new TreeSet<>()).add(span.spanId());
            traceStates.computeIfAbsent(span.traceId(), unseen -> new TreeSet<>()).add(span.spanId() + " "
                    + span.traceState());
            TraceBytes alone = new TraceBytes();
            alone.add(span);
            spans.computeIfAbsent(span.traceId(), unseen -> new HashSet<>())
                    .add(ByteString.copyFrom(Objects.requireNonNull(alone.take())));
        });
    }

    @Override
    public ExportOutcome flush() {
        return new ExportOutcome.Exported(0, "");
    }

    @Override
    public void close() {
        // Nothing is open.
    }

    public Map<TraceId, Set<Long>> spanIds() {
        return spanIds;
    }

    /** Every span with its resource and scope, alone in a request. */
    Map<TraceId, Set<ByteString>> spans() {
        return spans;
    }

    /** "span tracestate" of every span: of one sent again the same, or there are two. */
    Set<String> traceStates(TraceId traceId) {
        return traceStates.getOrDefault(traceId, Set.of());
    }

    /** How many spans came, those that came again included. */
    public int spanDeliveries() {
        return spanDeliveries;
    }

    public int deliveries(TraceId traceId) {
        return deliveries.getOrDefault(traceId, 0);
    }
}
