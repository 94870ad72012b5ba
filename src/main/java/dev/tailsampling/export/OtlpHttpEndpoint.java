package dev.tailsampling.export;

import java.time.InstantSource;
import java.util.Map;
import java.util.Set;

/** Sends single requests to an OTLP/HTTP endpoint and says what the answer means. Thread-safe. */
final class OtlpHttpEndpoint implements RequestEndpoint<OtlpRequest> {

    /** After which the OTLP specification asks to try again, with 408 added. */
    private static final Set<Integer> MAY_PASS = Set.of(408, 429, 502, 503, 504);

    private final HttpTarget target;
    private final HttpPost post;

    OtlpHttpEndpoint(OtlpHttpSettings settings, InstantSource clock) {
        this.target = settings.target();
        this.post = new HttpPost(target, MAY_PASS::contains, clock);
    }

    @Override
    public String place() {
        return target.place();
    }

    @Override
    public byte[] body(OtlpRequest request) {
        return request.encoded(target.compression());
    }

    @Override
    public RequestAnswer send(OtlpRequest request, byte[] body) throws InterruptedException {
        return post.send(body, Map.of());
    }

    @Override
    public void close() {
        post.close();
    }
}
