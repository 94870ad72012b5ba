package dev.tailsampling.export;

import dev.tailsampling.datadog.AgentPayload;
import java.util.List;
import java.util.Map;

/** A payload for Datadog's trace intake. */
record DatadogRequest(AgentPayload payload) implements IntakeRequest<DatadogRequest> {

    @Override
    public byte[] body() {
        return payload.toByteArray();
    }

    @Override
    public Map<String, String> headers() {
        return Map.of("X-Datadog-Reported-Languages", payload.languages());
    }

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
