package dev.tailsampling.admin;

import dev.tailsampling.selector.CycleReport;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What an instance samples, and how that goes. Thread-safe. */
public interface TableBoard {

    /** How it goes with one table. */
    enum State {
        /** Nothing was tried yet. */
        STARTING,
        /** This instance decides on it. */
        SAMPLING,
        /** Another instance decides on it; this one would follow. */
        STANDBY,
        /** It does not exist yet. */
        MISSING,
        /** The last attempt failed; it is tried again. */
        FAILING
    }

    /**
     * The state of one table.
     *
     * @param table "namespace.table"
     * @param problem why it fails, in one sentence; null while it does not
     * @param policySet version of the policies of the last cycle, force rules included; null before the first
     * @param tableTime up to where its time has come; null before the first cycle
     * @param lastCycleAt when the last cycle ended; null before the first
     * @param lastReport its report; null before the first
     * @param total the reports of this process together
     */
    record TableState(String table, State state, @Nullable String problem, @Nullable String policySet,
            @Nullable Instant tableTime, @Nullable Instant lastCycleAt, @Nullable CycleReport lastReport,
            CycleReport total) {}

    /** The tables by name. */
    List<TableState> tables();
}
