package dev.tailsampling.otlp;

/** The bytes or the text are not the trace data that they should be; the message says what is wrong and where. */
public final class MalformedOtlpException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    /** A defect described by one sentence that names its place. */
    public MalformedOtlpException(String message) {
        super(message);
    }
}
