package dev.tailsampling.selector;

/** The source cannot be read as it is; the message names the cause and the remedy. Retrying alone does not help. */
public sealed class SourceException extends RuntimeException permits MissingSourceException {

    private static final long serialVersionUID = 1L;

    /** A cause with its remedy, in one sentence. */
    public SourceException(String message) {
        super(message);
    }
}
