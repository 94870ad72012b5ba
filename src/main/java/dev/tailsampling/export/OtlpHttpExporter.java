package dev.tailsampling.export;

import dev.tailsampling.selector.ExportOutcome;
import dev.tailsampling.selector.SampledTrace;
import dev.tailsampling.selector.TraceExporter;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;

/**
 * Sends traces as OTLP protobuf over HTTP, compressed with gzip, in requests of bounded size. Spans arrive at least
 * once: a request whose answer was lost is sent again.
 *
 * <p>Tried again: no connection, no answer in time, 408, 429, 502, 503 and 504. Cut in half: 413. Other 5xx are unknown
 * at once: the specification allows no retry, yet the spans may be lost. Everything else but 2xx is refused for good.
 *
 * <p>Not thread-safe.
 */
public final class OtlpHttpExporter implements TraceExporter {

    private final OtlpHttpSettings settings;
    private final RandomGenerator random;
    private final Pause pause;
    private final InstantSource clock;
    private final OtlpEndpoint endpoint;

    /**
     * Connects to nothing yet.
     *
     * @param random spreads the pauses between attempts
     * @param pause waits between attempts
     * @param clock measures the time spent on attempts, and what is left until a date in {@code Retry-After}
     */
    public OtlpHttpExporter(OtlpHttpSettings settings, RandomGenerator random, Pause pause, InstantSource clock) {
        this.settings = settings;
        this.random = random;
        this.pause = pause;
        this.clock = clock;
        this.endpoint = new OtlpEndpoint(settings, clock);
    }

    @Override
    public String name() {
        return "otlp_http";
    }

    @Override
    public ExportOutcome export(List<SampledTrace> batch) {
        try {
            return sendAll(batch);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return new ExportOutcome.Unknown("interrupted while sending to " + settings.place());
        }
    }

    /** Stops at the first unknown outcome: the whole batch will come again, and the destination is likely away. */
    private ExportOutcome sendAll(List<SampledTrace> batch) throws InterruptedException {
        Deque<OtlpRequest> waiting = new ArrayDeque<>(OtlpRequest.cut(batch, settings.maxRequestBytes()));
        RequestTally tally = new RequestTally();
        while (!waiting.isEmpty()) {
            OtlpRequest request = waiting.remove();
            switch (send(request)) {
                case HttpAnswer.Taken taken -> tally.taken(taken.partialSuccess());
                case HttpAnswer.Refused refused -> tally.refused(request, refused.reason());
                case HttpAnswer.TooLarge tooLarge when request.isSingleTrace() ->
                    tally.refused(request, tooLarge.reason());
                case HttpAnswer.TooLarge ignored -> request.halves().reversed().forEach(waiting::addFirst);
                case HttpAnswer.Unknown unknown -> {
                    return new ExportOutcome.Unknown(unknown.reason());
                }
            }
        }
        return tally.outcome();
    }

    /** Tries until there is another answer than "try again", or it is enough. */
    private HttpAnswer.Settled send(OtlpRequest request) throws InterruptedException {
        byte[] body = request.gzip();
        Instant began = clock.instant();
        for (int attempts = 1;; attempts++) {
            switch (endpoint.post(body)) {
                case HttpAnswer.Settled settled -> {
                    return settled;
                }
                case HttpAnswer.TryAgain again -> {
                    Optional<Duration> wait = settings.retry().pause(attempts,
                            Duration.between(began, clock.instant()), again.retryAfter(), random);
                    if (wait.isEmpty()) {
                        return new HttpAnswer.Unknown(again.reason() + " (attempts: " + attempts + ")");
                    }
                    pause.of(wait.get());
                }
            }
        }
    }

    /** Nothing to do: what was taken is in the destination's hands. */
    @Override
    public ExportOutcome flush() {
        return new ExportOutcome.Exported(0, "");
    }

    @Override
    public void close() {
        endpoint.close();
    }
}
