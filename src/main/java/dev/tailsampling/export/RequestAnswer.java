package dev.tailsampling.export;

import java.time.Duration;
import java.util.Optional;

/** What came of one request, from the sender's point of view. */
sealed interface RequestAnswer {

    /** May be sent again after a pause; it may have arrived all the same. */
    record TryAgain(String reason, Optional<Duration> retryAfter) implements RequestAnswer {}

    /** The same request is not to be sent again now. */
    sealed interface Settled extends RequestAnswer {}

    /**
     * Taken.
     *
     * @param partialSuccess what the destination said about spans that it did not keep
     */
    record Taken(PartialSuccess partialSuccess) implements Settled {}

    /** Too large; smaller requests may be taken. */
    record TooLarge(String reason) implements Settled {}

    /** Never to be sent again. */
    record Refused(String reason) implements Settled {}

    /** It may have arrived, and trying again at once is of no use. */
    record Unknown(String reason) implements Settled {}
}
