package dev.tailsampling.cli;

import dev.tailsampling.selector.CycleReport;

/** Is told how it goes with the tables of a process, on the threads of their cycles. */
interface TableWatcher {

    /** An attempt begins. */
    void begins(String table);

    /** An attempt is over, whatever came of it. */
    void rests(String table);

    /** A cycle has ended. */
    void cycle(SelectorRun run, CycleReport report);

    /** Another instance leads the table. */
    void standby(String table);

    /** An attempt failed; there will be another. */
    void failed(String table, RuntimeException failure);

    /** A session was closed, and with it went what it held in memory. */
    void sessionEnded(String table);
}
