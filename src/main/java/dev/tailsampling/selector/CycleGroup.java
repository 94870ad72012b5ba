package dev.tailsampling.selector;

import java.util.List;

/**
 * Cycles of one source that are recorded together, after their exports: what is not exported stands in the last one's
 * {@code unconfirmedExports}, itself included.
 *
 * @param previousCycle the newest cycle of the source in the ledger before these, 0 if there is none
 * @param earlier up to where the cycles before the last one had read, ascending
 * @param last the last one, whose position counts; its {@link LoggedCycle#exportedFirst} is true
 */
public record CycleGroup(long previousCycle, List<ReadUpTo> earlier, LoggedCycle last) {

    /**
     * How far a cycle had read.
     *
     * @param cycle its number
     * @param nextOffsets rows below these offsets had been read
     */
    public record ReadUpTo(long cycle, SourceOffsets nextOffsets) {}

    public CycleGroup {
        earlier = List.copyOf(earlier);
        if (!last.exportedFirst()) {
            throw new IllegalArgumentException("cycles are recorded together after their exports only");
        }
    }
}
