package dev.tailsampling.export;

import dev.tailsampling.datadog.ApmPayload;
import java.util.List;
import java.util.Map;

/** A payload for Datadog's intake of APM stats. */
record ApmStatsRequest(ApmPayload payload) implements IntakeRequest<ApmStatsRequest> {

    @Override
    public byte[] body() {
        return payload.toByteArray();
    }

    @Override
    public Map<String, String> headers() {
        return Map.of();
    }

    @Override
    public long spanCount() {
        return payload.hits();
    }

    @Override
    public boolean isSingle() {
        return payload.isSingleGroup();
    }

    @Override
    public List<ApmStatsRequest> halves() {
        return payload.halves().stream().map(ApmStatsRequest::new).toList();
    }
}
