package dev.tailsampling.selector;

/** Another process is deciding on the same source with the same ledger. */
public final class ConcurrentCycleException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final String source;

    /**
     * Says which source and cycle.
     *
     * @param source text of the {@link LedgerKey}
     */
    public ConcurrentCycleException(String source, String message) {
        super(message);
        this.source = source;
    }

    /** Text of the key of the source on which another process decides. */
    public String source() {
        return source;
    }
}
