package dev.tailsampling.export;

import java.time.InstantSource;

/**
 * Sends single payloads to one of Datadog's intakes and says what the answers mean. Thread-safe.
 *
 * @param <R> the kind of request
 */
final class DatadogIntake<R extends IntakeRequest<R>> implements RequestEndpoint<R> {

    private final HttpTarget target;
    private final HttpPost post;

    DatadogIntake(HttpTarget target, InstantSource clock) {
        this.target = target;
        this.post = new HttpPost(target, status -> status == 408 || status == 429 || status >= 500, clock);
    }

    @Override
    public String place() {
        return target.place();
    }

    @Override
    public byte[] body(R request) {
        return target.compression().compress(request.body());
    }

    @Override
    public RequestAnswer send(R request, byte[] body) throws InterruptedException {
        return post.send(body, request.headers());
    }

    @Override
    public void close() {
        post.close();
    }
}
