package dev.tailsampling.selector;

/** The right to decide on one source, until it is lost. Thread-safe. */
public interface TableLease extends AutoCloseable {

    /** Whether it is still held. */
    enum State {
        /** It is. */
        HELD,
        /** Another instance has it, or may take it: nothing may be decided any more. */
        LOST,
        /**
         * The store cannot be asked. Deciding may go on: nobody can take the lease meanwhile, and the ledger refuses the
         * commits of a holder that another has followed.
         */
        UNKNOWN
    }

    /** Greater than the token of every earlier holder, from 1. The ledger refuses commits with lesser ones. */
    long token();

    /** Asks the store, or answers from what is known since shortly. */
    State state();

    /** Gives it back, so that others need not wait for its end. Never throws. */
    @Override
    void close();
}
