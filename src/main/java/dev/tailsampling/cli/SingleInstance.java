package dev.tailsampling.cli;

import dev.tailsampling.selector.TableLease;
import dev.tailsampling.selector.TableLeases;
import java.util.Optional;

/** Leases where no other instance shares the state: {@link TableLock} keeps processes with the same home apart. */
final class SingleInstance implements TableLeases {

    @Override
    public Optional<TableLease> tryAcquire(String source, long tokenAtLeast) {
        return Optional.of(new Unshared());
    }

    /** Without a fencing token: the ledger's cycle numbers alone tell writers apart. */
    private static final class Unshared implements TableLease {

        @Override
        public long token() {
            return 0;
        }

        @Override
        public State state() {
            return State.HELD;
        }

        @Override
        public void close() {}
    }
}
