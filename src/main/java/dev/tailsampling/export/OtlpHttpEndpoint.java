package dev.tailsampling.export;

import java.net.http.HttpClient;
import java.net.http.HttpClient.Redirect;
import java.net.http.HttpClient.Version;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Sends single requests to an OTLP/HTTP endpoint and says what the answer means. Thread-safe. */
final class OtlpHttpEndpoint implements RequestEndpoint {

    /** Of an answer no more than this is kept. */
    private static final int MAX_ANSWER_BYTES = 64 << 10;
    private static final String PROTOBUF = "application/x-protobuf";

    private final OtlpHttpSettings settings;
    private final InstantSource clock;
    private final ResponseText text;
    private final HttpClient client;

    OtlpHttpEndpoint(OtlpHttpSettings settings, InstantSource clock) {
        this.settings = settings;
        this.clock = clock;
        this.text = new ResponseText(settings.headers().values());
        // HTTP/1.1, because without TLS the client would ask every server to upgrade. No redirects: they would take the
        // credentials elsewhere.
        this.client = HttpClient.newBuilder().version(Version.HTTP_1_1).followRedirects(Redirect.NEVER)
                .connectTimeout(settings.requestTimeout()).build();
    }

    @Override
    public String place() {
        return settings.place();
    }

    @Override
    public byte[] body(OtlpRequest request) {
        return request.encoded(settings.compression());
    }

    @Override
    public RequestAnswer send(byte[] body) throws InterruptedException {
        CompletableFuture<HttpResponse<byte[]>> exchange =
                client.sendAsync(request(body), unused -> new LimitedBody(MAX_ANSWER_BYTES));
        Duration timeout = settings.requestTimeout();
        try {
            return meaning(exchange.get(timeout.toMillis(), TimeUnit.MILLISECONDS));
        } catch (TimeoutException e) {
            return tryAgain(" did not answer within " + timeout.toMillis() + " ms");
        } catch (ExecutionException e) {
            return tryAgain(" cannot be reached: " + text.clean(String.valueOf(e.getCause())));
        } finally {
            // The client's own timeout ends with the headers of the answer; this one covers its body as well.
            exchange.cancel(true);
        }
    }

    private HttpRequest request(byte[] body) {
        HttpRequest.Builder request = HttpRequest.newBuilder(settings.endpoint())
                .setHeader("User-Agent", "tail-sampling-selector")
                .POST(BodyPublishers.ofByteArray(body));
        settings.headers().forEach(request::setHeader);
        if (settings.compression() != Compression.NONE) {
            request.setHeader("Content-Encoding", settings.compression().encoding());
        }
        return request.setHeader("Content-Type", PROTOBUF).build();
    }

    private RequestAnswer meaning(HttpResponse<byte[]> response) {
        int status = response.statusCode();
        if (status / 100 == 2) {
            return new RequestAnswer.Taken(partialSuccess(response));
        }
        String reason = settings.place() + " answered " + status + ": " + text.ofError(response.body());
        return switch (status) {
            case 413 -> new RequestAnswer.TooLarge(reason);
            case 408, 429, 502, 503, 504 -> new RequestAnswer.TryAgain(reason, retryAfter(response));
            // A key that ran out, a wrong address or a compression that is not known there can be mended; until then the
            // spans are not given up.
            case 401, 403, 404, 407, 415 -> new RequestAnswer.Unknown(reason);
            // Redirects, and requests that the destination does not want.
            default -> status < 500 ? new RequestAnswer.Refused(reason) : new RequestAnswer.Unknown(reason);
        };
    }

    private PartialSuccess partialSuccess(HttpResponse<byte[]> response) {
        boolean isProtobuf = response.headers().firstValue("Content-Type").orElse(PROTOBUF).startsWith(PROTOBUF);
        PartialSuccess said = isProtobuf ? PartialSuccess.parse(response.body()) : PartialSuccess.NONE;
        return new PartialSuccess(said.rejectedSpans(), text.clean(said.message()));
    }

    private Optional<Duration> retryAfter(HttpResponse<byte[]> response) {
        return response.headers().firstValue("Retry-After").flatMap(value -> RetryAfter.parse(value, clock.instant()));
    }

    private RequestAnswer tryAgain(String what) {
        return new RequestAnswer.TryAgain(settings.place() + what, Optional.empty());
    }

    @Override
    public void close() {
        // Not close(), which waits: whatever is still under way has been given up.
        client.shutdownNow();
    }
}
