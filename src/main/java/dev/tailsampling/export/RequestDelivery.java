package dev.tailsampling.export;

import dev.tailsampling.selector.ExportOutcome;
import dev.tailsampling.selector.SampledTrace;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;

/**
 * Brings batches to an endpoint in requests of bounded size, each tried as often as the policy says. Thread-safe if the
 * random generator, the pause and the clock are.
 *
 * @param maxRequestBytes requests are cut at this size before compression; a larger trace is sent alone
 * @param random spreads the pauses between attempts
 * @param clock measures the time spent on attempts
 */
record RequestDelivery(RequestEndpoint endpoint, int maxRequestBytes, RetryPolicy retry, RandomGenerator random,
        Pause pause, InstantSource clock) {

    ExportOutcome deliver(List<SampledTrace> batch) {
        try {
            return sendAll(batch);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return new ExportOutcome.Unknown("interrupted while sending to " + endpoint.place());
        }
    }

    /** Stops at the first unknown outcome: the whole batch will come again, and the destination is likely away. */
    private ExportOutcome sendAll(List<SampledTrace> batch) throws InterruptedException {
        Deque<OtlpRequest> waiting = new ArrayDeque<>(OtlpRequest.cut(batch, maxRequestBytes));
        RequestTally tally = new RequestTally();
        while (!waiting.isEmpty()) {
            OtlpRequest request = waiting.remove();
            switch (send(request)) {
                case RequestAnswer.Taken taken -> tally.taken(taken.partialSuccess());
                case RequestAnswer.Refused refused -> tally.refused(request, refused.reason());
                case RequestAnswer.TooLarge tooLarge when request.isSingleTrace() ->
                    tally.refused(request, tooLarge.reason());
                case RequestAnswer.TooLarge ignored -> request.halves().reversed().forEach(waiting::addFirst);
                case RequestAnswer.Unknown unknown -> {
                    return new ExportOutcome.Unknown(unknown.reason());
                }
            }
        }
        return tally.outcome();
    }

    /** Tries until there is another answer than "try again", or it is enough. */
    private RequestAnswer.Settled send(OtlpRequest request) throws InterruptedException {
        byte[] body = endpoint.body(request);
        Instant began = clock.instant();
        for (int attempts = 1;; attempts++) {
            switch (endpoint.send(body)) {
                case RequestAnswer.Settled settled -> {
                    return settled;
                }
                case RequestAnswer.TryAgain again -> {
                    Optional<Duration> wait = retry.pause(attempts, Duration.between(began, clock.instant()),
                            again.retryAfter(), random);
                    if (wait.isEmpty()) {
                        return new RequestAnswer.Unknown(again.reason() + " (attempts: " + attempts + ")");
                    }
                    pause.of(wait.get());
                }
            }
        }
    }
}
