package dev.tailsampling.ottl;

/** A value of the wrong type, or out of range, met while a condition is evaluated. Has no stack trace, being data's fault. */
final class EvaluationException extends RuntimeException {

    EvaluationException(String message) {
        super(message, null, false, false);
    }
}
