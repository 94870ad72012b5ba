package dev.tailsampling.selector;

/** The source does not exist (yet). Waiting may help. */
public final class MissingSourceException extends SourceException {

    private static final long serialVersionUID = 1L;

    /** Which one, and what makes it exist, in one sentence. */
    public MissingSourceException(String message) {
        super(message);
    }
}
