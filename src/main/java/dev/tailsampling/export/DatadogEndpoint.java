package dev.tailsampling.export;

import java.time.InstantSource;
import java.util.Map;

/** Sends single payloads to Datadog's trace intake and says what the answers mean. Thread-safe. */
final class DatadogEndpoint implements RequestEndpoint<DatadogRequest> {

    private final HttpTarget target;
    private final HttpPost post;

    DatadogEndpoint(DatadogSettings settings, InstantSource clock) {
        this.target = settings.target();
        this.post = new HttpPost(target, status -> status == 408 || status == 429 || status >= 500, clock);
    }

    @Override
    public String place() {
        return target.place();
    }

    @Override
    public byte[] body(DatadogRequest request) {
        return target.compression().compress(request.payload().toByteArray());
    }

    @Override
    public RequestAnswer send(DatadogRequest request, byte[] body) throws InterruptedException {
        return post.send(body, Map.of("X-Datadog-Reported-Languages", request.payload().languages()));
    }

    @Override
    public void close() {
        post.close();
    }
}
