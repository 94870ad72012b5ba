package dev.tailsampling.cli;

import dev.tailsampling.selector.TraceSelector;

/** A selector at work, for those who tell how it goes. */
interface SelectorRun {

    /** What it reads: "namespace.table" or "topic/partition". */
    String source();

    /** Version of the policies of the last cycle. */
    String policySet();

    TraceSelector selector();
}
