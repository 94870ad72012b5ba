package dev.tailsampling.export;

import java.time.InstantSource;
import java.util.Map;

/** Sends single payloads to Datadog's intake of APM stats and says what the answers mean. Thread-safe. */
final class ApmStatsEndpoint implements RequestEndpoint<ApmStatsRequest> {

    private final HttpTarget target;
    private final HttpPost post;

    ApmStatsEndpoint(ApmStatsSettings settings, InstantSource clock) {
        this.target = settings.target();
        this.post = new HttpPost(target, status -> status == 408 || status == 429 || status >= 500, clock);
    }

    @Override
    public String place() {
        return target.place();
    }

    @Override
    public byte[] body(ApmStatsRequest request) {
        return target.compression().compress(request.payload().toByteArray());
    }

    @Override
    public RequestAnswer send(ApmStatsRequest request, byte[] body) throws InterruptedException {
        return post.send(body, Map.of());
    }

    @Override
    public void close() {
        post.close();
    }
}
