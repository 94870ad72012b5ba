package dev.tailsampling.export;

import dev.tailsampling.datadog.AgentPayload;
import dev.tailsampling.datadog.KeptTrace;
import dev.tailsampling.datadog.PayloadBuilder;
import dev.tailsampling.datadog.PayloadSettings;
import dev.tailsampling.otlp.MalformedOtlpException;
import dev.tailsampling.selector.SampledTrace;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;

/**
 * The requests of one batch, each made when it is asked for: Datadog's form of a trace is several times as large as
 * OTLP. A trace that is not OTLP is left out and noted.
 */
final class DatadogRequests implements Iterator<DatadogRequest> {

    private final Iterator<SampledTrace> traces;
    private final PayloadBuilder builder;
    private final RequestTally tally;
    private final Deque<AgentPayload> ready = new ArrayDeque<>();

    DatadogRequests(List<SampledTrace> batch, PayloadSettings settings, RequestTally tally) {
        this.traces = batch.iterator();
        this.builder = new PayloadBuilder(settings);
        this.tally = tally;
    }

    @Override
    public boolean hasNext() {
        while (ready.isEmpty() && traces.hasNext()) {
            add(traces.next());
        }
        if (ready.isEmpty()) {
            builder.rest().ifPresent(ready::add);
        }
        return !ready.isEmpty();
    }

    private void add(SampledTrace trace) {
        try {
            ready.addAll(builder.add(new KeptTrace(trace.otlp(), trace.policy(), trace.threshold())));
        } catch (MalformedOtlpException e) {
            tally.leftOut(trace.spanCount(), "trace " + trace.traceId() + ": " + e.getMessage());
        }
    }

    @Override
    public DatadogRequest next() {
        if (!hasNext()) {
            throw new NoSuchElementException("the batch has no further request");
        }
        return new DatadogRequest(ready.remove());
    }
}
