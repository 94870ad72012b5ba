package dev.tailsampling.export;

import dev.tailsampling.datadog.AgentPayload;
import java.util.List;

/** A payload for Datadog's trace intake. */
record DatadogRequest(AgentPayload payload) implements OutgoingRequest<DatadogRequest> {

    @Override
    public long spanCount() {
        return payload.spanCount();
    }

    @Override
    public boolean isSingle() {
        return payload.isSingleChunk();
    }

    @Override
    public List<DatadogRequest> halves() {
        return payload.halves().stream().map(DatadogRequest::new).toList();
    }
}
