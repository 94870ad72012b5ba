package dev.tailsampling.selector;

import org.jspecify.annotations.Nullable;

/**
 * Whose cycles: those of the scanner that follows a table, or those of one backfill run over it. Cycles of different keys
 * are numbered apart and know nothing of each other.
 *
 * @param source the table, "namespace.table"
 * @param backfillRun id of the backfill run, null for the scanner
 */
public record LedgerKey(String source, @Nullable String backfillRun) {

    /** Stands in no table's name. */
    private static final String SEPARATOR = "#";

    /** The key of the scanner that follows a table. */
    public static LedgerKey live(String source) {
        return new LedgerKey(source, null);
    }

    /** Text form: the table's name, and for a backfill "#" and its run. */
    public String text() {
        return backfillRun == null ? source : source + SEPARATOR + backfillRun;
    }

    /** Whether the text form of a key is a backfill's. */
    public static boolean isBackfill(String text) {
        return text.contains(SEPARATOR);
    }

    /** Key of what the stores derive from one ledger, see {@link DecisionLog#identity}. */
    public String inLedger(String identity) {
        return text() + "@" + identity;
    }
}
