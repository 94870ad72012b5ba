package dev.tailsampling.cli;

import dev.tailsampling.config.ConfigException;
import dev.tailsampling.selector.CycleReport;
import dev.tailsampling.selector.SourceException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.function.BiConsumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The cycles of one table in a session, which is opened anew after a failure and then continues from the ledger. Failures
 * back off, and each is logged once as long as it is the same.
 */
final class TableRunner implements TableCycles {

    /** Whether other tables are sampled by the same process, which must go on. */
    enum Company {
        ALONE, OTHERS
    }

    private static final Logger LOG = LoggerFactory.getLogger(TableRunner.class);

    private final String table;
    private final Duration rest;
    private final Company company;
    private final Supplier<Session> opener;
    private final BiConsumer<Session, CycleReport> reports;
    private final Backoff backoff = new Backoff();
    private @Nullable Session session;
    private String problem = "";

    /**
     * Opens nothing yet.
     *
     * @param rest pause when there is nothing left to read
     * @param reports is told of each cycle
     */
    TableRunner(String table, Duration rest, Company company, Supplier<Session> opener,
            BiConsumer<Session, CycleReport> reports) {
        this.table = table;
        this.rest = rest;
        this.company = company;
        this.opener = opener;
        this.reports = reports;
    }

    @Override
    public Duration next() {
        try {
            Session open = session();
            reports.accept(open, open.cycle());
            succeeded();
            return open.selector().caughtUp() ? rest : Duration.ZERO;
        } catch (RuntimeException e) {
            giveUp();
            if (!mayPass(e)) {
                throw e;
            }
            return failed(e);
        }
    }

    private Session session() {
        Session open = session;
        if (open == null) {
            open = opener.get();
            session = open;
            open.selector().recover();
        }
        return open;
    }

    private void succeeded() {
        backoff.reset();
        if (!problem.isEmpty()) {
            problem = "";
            LOG.info("{} is sampled again", table);
        }
    }

    /** What nothing but a change of the arguments or of the program mends ends a process that has nothing else to do. */
    private boolean mayPass(RuntimeException failure) {
        return switch (failure) {
            case UncheckedIOException e -> true;
            case SourceException e -> true;
            case UsageException e -> false;
            case ConfigException e -> false;
            default -> company == Company.OTHERS;
        };
    }

    private Duration failed(RuntimeException failure) {
        String sentence = String.valueOf(failure.getMessage());
        if (!sentence.equals(problem)) {
            problem = sentence;
            LOG.warn("a cycle of {} failed, the next attempt continues from the ledger: {}", table, sentence);
        }
        LOG.debug("a cycle of {} failed", table, failure);
        return backoff.next();
    }

    /** After a failure, closing may fail for the same reason; the next attempt opens a new session anyway. */
    private void giveUp() {
        try {
            close();
        } catch (RuntimeException e) {
            LOG.debug("closing the session of {} failed, too", table, e);
        }
    }

    @Override
    public void close() {
        Session open = session;
        session = null;
        if (open != null) {
            open.close();
        }
    }
}
