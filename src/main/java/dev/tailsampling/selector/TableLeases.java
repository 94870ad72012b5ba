package dev.tailsampling.selector;

import java.util.Optional;

/**
 * Which instance decides on a source, among several that could. Failures of the store behind it are
 * {@link java.io.UncheckedIOException}. Thread-safe.
 */
public interface TableLeases {

    /**
     * Takes the lease of a source if nobody has it.
     *
     * @param source the table, "namespace.table"
     * @param tokenAtLeast the fencing token is this or a greater one: one more than the ledger has seen
     * @return the lease; empty while another instance has it
     */
    Optional<TableLease> tryAcquire(String source, long tokenAtLeast);
}
