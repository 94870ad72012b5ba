package dev.tailsampling.layout;

/** A layout does not fit a table; the message is half a sentence that says why. */
public final class LayoutException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    /** A reason, to stand behind a colon. */
    public LayoutException(String message) {
        super(message);
    }
}
