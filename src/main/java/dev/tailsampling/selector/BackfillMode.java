package dev.tailsampling.selector;

import java.util.Locale;

/** What a backfill does with its decisions. */
public enum BackfillMode {
    /** They are counted and forgotten. */
    DRY_RUN,
    /** They are recorded in the ledger. */
    RECORD,
    /** They are recorded, and kept traces that were not exported before are exported. */
    EXPORT;

    /** Name for people and in options: "dry-run". */
    public String label() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
