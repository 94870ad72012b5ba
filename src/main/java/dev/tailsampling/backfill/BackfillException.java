package dev.tailsampling.backfill;

/** A run that is asked for cannot be started, or cannot go on so. The message says what to do. */
public final class BackfillException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    /** One sentence. */
    public BackfillException(String message) {
        super(message);
    }
}
