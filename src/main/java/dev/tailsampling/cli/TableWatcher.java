package dev.tailsampling.cli;

import dev.tailsampling.selector.CycleReport;

/** Is told how it goes with the tables of a process, on the threads of their cycles. */
interface TableWatcher {

    /** A cycle has ended. */
    void cycle(Session session, CycleReport report);

    /** Another instance leads the table. */
    void standby(String table);

    /** An attempt failed; there will be another. */
    void failed(String table, RuntimeException failure);
}
