package dev.tailsampling.stream;

import org.jspecify.annotations.Nullable;

/** What went wrong in Kafka's clients, in words. */
final class KafkaErrors {

    private KafkaErrors() {}

    /** What the first cause says: those above it often say only that something failed. */
    static String sentence(@Nullable Throwable failure) {
        Throwable cause = failure;
        while (cause != null && cause.getCause() != null) {
            cause = cause.getCause();
        }
        if (cause == null) {
            return "an unknown failure";
        }
        String message = cause.getMessage();
        return message == null ? cause.getClass().getSimpleName() : message;
    }
}
