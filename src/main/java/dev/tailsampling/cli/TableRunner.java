package dev.tailsampling.cli;

import dev.tailsampling.config.ConfigException;
import dev.tailsampling.selector.ConcurrentCycleException;
import dev.tailsampling.selector.CycleReport;
import dev.tailsampling.selector.MissingSourceException;
import dev.tailsampling.selector.SourceException;
import dev.tailsampling.selector.TableLease;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The cycles of one table, as long as this instance holds the table's lease. A session is opened anew after a failure and
 * then continues from the ledger. Failures back off.
 */
final class TableRunner implements TableCycles {

    /** Whether other tables are sampled by the same process, which must go on. */
    enum Company {
        ALONE, OTHERS
    }

    private static final Logger LOG = LoggerFactory.getLogger(TableRunner.class);

    /** How long a table that does not exist, or that another instance leads, is left alone. */
    static final Duration LOOK_AGAIN = Duration.ofSeconds(5);

    private final String table;
    private final Duration rest;
    private final Company company;
    private final Supplier<Optional<TableLease>> leases;
    private final Function<TableLease, Session> opener;
    private final TableWatcher watcher;
    private final Backoff backoff = new Backoff();
    private @Nullable TableLease lease;
    private @Nullable Session session;

    /**
     * Opens nothing yet.
     *
     * @param rest pause when there is nothing left to read
     * @param leases gives the lease of the table, if it is free
     * @param opener opens a session under that lease
     * @param watcher is told what happens
     */
    TableRunner(String table, Duration rest, Company company, Supplier<Optional<TableLease>> leases,
            Function<TableLease, Session> opener, TableWatcher watcher) {
        this.table = table;
        this.rest = rest;
        this.company = company;
        this.leases = leases;
        this.opener = opener;
        this.watcher = watcher;
    }

    @Override
    public Duration next() {
        watcher.begins(table);
        try {
            return attempt();
        } finally {
            watcher.rests(table);
        }
    }

    private Duration attempt() {
        try {
            TableLease held = lease();
            return held == null ? standby() : cycle(session(held));
        } catch (RuntimeException e) {
            boolean passes = mayPass(e);
            giveUp(e);
            if (!passes) {
                throw e;
            }
            return failed(e);
        }
    }

    private @Nullable TableLease lease() {
        TableLease held = lease;
        if (held != null && held.state() == TableLease.State.LOST) {
            close();
        }
        if (lease == null) {
            lease = leases.get().orElse(null);
        }
        return lease;
    }

    private Duration standby() {
        backoff.reset();
        watcher.standby(table);
        return LOOK_AGAIN;
    }

    private Session session(TableLease held) {
        Session open = session;
        if (open == null) {
            open = opener.apply(held);
            session = open;
            open.selector().recover();
        }
        return open;
    }

    private Duration cycle(Session open) {
        CycleReport report = open.cycle();
        watcher.cycle(open, report);
        backoff.reset();
        return open.selector().caughtUp() ? rest : Duration.ZERO;
    }

    /** What nothing but a change of the arguments or of the program mends ends a process that has nothing else to do. */
    private boolean mayPass(RuntimeException failure) {
        return switch (failure) {
            case UncheckedIOException e -> true;
            case SourceException e -> true;
            case UsageException e -> false;
            case ConfigException e -> false;
            // Another instance took over; without leases it is one that nobody expects.
            case ConcurrentCycleException e -> company == Company.OTHERS || lease != null && lease.token() > 0;
            default -> company == Company.OTHERS;
        };
    }

    private Duration failed(RuntimeException failure) {
        watcher.failed(table, failure);
        return failure instanceof MissingSourceException ? LOOK_AGAIN : backoff.next();
    }

    /** After a failure, closing may fail for the same reason; the next attempt opens a new session anyway. */
    private void giveUp(RuntimeException failure) {
        try {
            closeSession();
        } catch (RuntimeException e) {
            LOG.debug("closing the session of {} failed, too", table, e);
        }
        if (mightGoBetterElsewhere(failure)) {
            release();
        }
    }

    /**
     * Another instance reads the same table, and where leases cannot be asked for nobody else can take this one. To keep it
     * keeps its fencing token, too, so that attempts that come to nothing leave nothing in the ledger.
     */
    private boolean mightGoBetterElsewhere(RuntimeException failure) {
        TableLease held = lease;
        return switch (failure) {
            case SourceException e -> false;
            case ConcurrentCycleException e -> true;
            default -> held != null && held.state() != TableLease.State.UNKNOWN;
        };
    }

    @Override
    public void close() {
        try {
            closeSession();
        } finally {
            release();
        }
    }

    private void closeSession() {
        Session open = session;
        session = null;
        if (open != null) {
            watcher.sessionEnded(table);
            open.close();
        }
    }

    private void release() {
        TableLease held = lease;
        lease = null;
        if (held != null) {
            held.close();
        }
    }
}
