package dev.tailsampling.selector;

/** Another process is deciding on the same source with the same ledger. */
public final class ConcurrentCycleException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    /** Says which source and cycle. */
    public ConcurrentCycleException(String message) {
        super(message);
    }
}
