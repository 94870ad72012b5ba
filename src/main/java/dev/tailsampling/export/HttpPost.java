package dev.tailsampling.export;

import java.net.http.HttpClient;
import java.net.http.HttpClient.Redirect;
import java.net.http.HttpClient.Version;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.IntPredicate;

/** Posts protobuf, unless a header says otherwise, to one address and says what the answers mean. Thread-safe. */
final class HttpPost implements AutoCloseable {

    /** Of an answer no more than this is kept. */
    private static final int MAX_ANSWER_BYTES = 64 << 10;
    private static final String PROTOBUF = "application/x-protobuf";

    private final HttpTarget target;
    private final IntPredicate mayPass;
    private final InstantSource clock;
    private final ResponseText text;
    private final HttpClient client;

    /**
     * Connects with the first request.
     *
     * @param mayPass whether a request is tried again after an answer of this status
     * @param clock measures what is left until a date in {@code Retry-After}
     */
    HttpPost(HttpTarget target, IntPredicate mayPass, InstantSource clock) {
        this.target = target;
        this.mayPass = mayPass;
        this.clock = clock;
        this.text = new ResponseText(target.headers().values());
        // HTTP/1.1, because without TLS the client would ask every server to upgrade. No redirects: they would take the
        // credentials elsewhere.
        this.client = HttpClient.newBuilder().version(Version.HTTP_1_1).followRedirects(Redirect.NEVER)
                .connectTimeout(target.requestTimeout()).build();
    }

    /**
     * Sends one request and waits for the answer.
     *
     * @param body compressed as the target says
     * @param headers of this request alone
     * @throws InterruptedException if the thread was interrupted while it waited; the request may have arrived
     */
    RequestAnswer send(byte[] body, Map<String, String> headers) throws InterruptedException {
        CompletableFuture<HttpResponse<byte[]>> exchange =
                client.sendAsync(request(body, headers), unused -> new LimitedBody(MAX_ANSWER_BYTES));
        Duration timeout = target.requestTimeout();
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

    private HttpRequest request(byte[] body, Map<String, String> headers) {
        HttpRequest.Builder request = HttpRequest.newBuilder(target.uri())
                .setHeader("User-Agent", "tail-sampling-selector")
                .setHeader("Content-Type", PROTOBUF)
                .POST(BodyPublishers.ofByteArray(body));
        target.headers().forEach(request::setHeader);
        headers.forEach(request::setHeader);
        if (target.compression() != Compression.NONE) {
            request.setHeader("Content-Encoding", target.compression().encoding());
        }
        return request.build();
    }

    private RequestAnswer meaning(HttpResponse<byte[]> response) {
        int status = response.statusCode();
        if (status / 100 == 2) {
            return new RequestAnswer.Taken(partialSuccess(response));
        }
        String reason = target.place() + " answered " + status + ": " + text.ofError(response.body());
        if (mayPass.test(status)) {
            return new RequestAnswer.TryAgain(reason, retryAfter(response));
        }
        return switch (status) {
            case 413 -> new RequestAnswer.TooLarge(reason);
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
        return new RequestAnswer.TryAgain(target.place() + what, Optional.empty());
    }

    @Override
    public void close() {
        // Not close(), which waits: whatever is still under way has been given up.
        client.shutdownNow();
    }
}
