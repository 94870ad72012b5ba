package dev.tailsampling.store;

import dev.tailsampling.selector.BackfillRuns;

class MemoryBackfillRunsTest extends BackfillRunsContract {

    private final MemoryBackfillRuns runs = new MemoryBackfillRuns();

    @Override
    BackfillRuns runs() {
        return runs;
    }
}
