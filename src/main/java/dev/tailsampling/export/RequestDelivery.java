package dev.tailsampling.export;

import dev.tailsampling.selector.ExportOutcome;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.Optional;
import java.util.random.RandomGenerator;

/**
 * Brings requests to an endpoint, each tried as often as the policy says. Thread-safe if the random generator, the pause
 * and the clock are.
 *
 * @param random spreads the pauses between attempts
 * @param clock measures the time spent on attempts
 * @param <R> the kind of requests
 */
record RequestDelivery<R extends OutgoingRequest<R>>(RequestEndpoint<R> endpoint, RetryPolicy retry,
        RandomGenerator random, Pause pause, InstantSource clock) {

    /** Brings the requests of one batch, in their order; each is asked for when those before it have been answered. */
    ExportOutcome deliver(Iterator<R> requests) {
        return deliver(requests, new RequestTally());
    }

    /** The same, with what has come of the batch otherwise. */
    ExportOutcome deliver(Iterator<R> requests, RequestTally tally) {
        try {
            return sendAll(requests, tally);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return new ExportOutcome.Unknown("interrupted while sending to " + endpoint.place());
        }
    }

    /** Stops at the first unknown outcome: the whole batch will come again, and the destination is likely away. */
    private ExportOutcome sendAll(Iterator<R> requests, RequestTally tally) throws InterruptedException {
        Deque<R> cut = new ArrayDeque<>();
        while (!cut.isEmpty() || requests.hasNext()) {
            R request = cut.isEmpty() ? requests.next() : cut.remove();
            switch (send(request)) {
                case RequestAnswer.Taken taken -> tally.taken(taken.partialSuccess());
                case RequestAnswer.Refused refused -> tally.refused(request, refused.reason());
                case RequestAnswer.TooLarge tooLarge when request.isSingle() ->
                    tally.refused(request, tooLarge.reason());
                case RequestAnswer.TooLarge ignored -> request.halves().reversed().forEach(cut::addFirst);
                case RequestAnswer.Unknown unknown -> {
                    return new ExportOutcome.Unknown(unknown.reason());
                }
            }
        }
        return tally.outcome();
    }

    /** Tries until there is another answer than "try again", or it is enough. */
    private RequestAnswer.Settled send(R request) throws InterruptedException {
        byte[] body = endpoint.body(request);
        Instant began = clock.instant();
        for (int attempts = 1;; attempts++) {
            switch (endpoint.send(request, body)) {
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
