package dev.tailsampling.selector;

import dev.tailsampling.assembly.QuietRule;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What a backfill run was asked to do. A run that goes on must be asked the same.
 *
 * @param id names it
 * @param table the table that it reads, "namespace.table"
 * @param fromMillisInclusive traces whose first span arrived from then on, milliseconds since the epoch
 * @param toMillisExclusive and before then
 * @param mode what it does with its decisions
 * @param policySet version of its policies, force rules included
 * @param quiet when a trace is complete
 * @param startedAt when it began
 * @param finishedAt when it ended, null as long as it did not
 */
public record BackfillRun(String id, String table, long fromMillisInclusive, long toMillisExclusive, BackfillMode mode,
        String policySet, QuietRule quiet, Instant startedAt, @Nullable Instant finishedAt) {

    /** The key of its cycles in the ledger. */
    public LedgerKey key() {
        return new LedgerKey(table, id);
    }

    /** This run, ended. */
    public BackfillRun finished(Instant at) {
        return new BackfillRun(id, table, fromMillisInclusive, toMillisExclusive, mode, policySet, quiet, startedAt,
                at);
    }
}
