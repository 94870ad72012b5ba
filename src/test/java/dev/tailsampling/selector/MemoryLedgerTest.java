package dev.tailsampling.selector;

class MemoryLedgerTest extends CycleGroupLogContract {

    private final MemoryLedger ledger = new MemoryLedger();

    @Override
    protected CycleGroupLog ledger() {
        return ledger;
    }
}
