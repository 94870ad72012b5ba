package dev.tailsampling.export;

import dev.tailsampling.datadog.ApmPayload;
import java.util.List;

/** A payload for Datadog's intake of APM stats. */
record ApmStatsRequest(ApmPayload payload) implements OutgoingRequest<ApmStatsRequest> {

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
