package dev.tailsampling.ottl;

/** A value of the wrong type, or out of range, met while a condition is evaluated. Has no stack trace, being data's fault. */
public final class EvaluationException extends IllegalArgumentException {

    EvaluationException(String message) {
        super(message);
    }

    /** Nobody looks at it, and making one takes longer than evaluating a condition. */
    @Override
    public Throwable fillInStackTrace() {
        return this;
    }
}
