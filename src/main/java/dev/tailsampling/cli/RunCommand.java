package dev.tailsampling.cli;

import dev.tailsampling.selector.CycleMetric;
import dev.tailsampling.selector.CycleReport;
import dev.tailsampling.selector.SourceException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;

/** {@code tss run}: samples a table on a schedule until it is stopped. */
@Command(name = "run", description = {"Samples a table on a schedule until it is stopped (Ctrl-C, SIGTERM).",
        "After a failure it waits and continues from the ledger, as after a restart."})
final class RunCommand implements Callable<Integer> {

    private static final Logger LOG = LoggerFactory.getLogger(RunCommand.class);
    private static final Duration FIRST_BACKOFF = Duration.ofSeconds(1);
    private static final Duration MAX_BACKOFF = Duration.ofMinutes(1);

    @ParentCommand
    private Main main;

    @Mixin
    private TableOption table;

    @Mixin
    private PolicyOption policies;

    @Mixin
    private ExportOptions export;

    @Option(names = "--interval", paramLabel = "SECONDS",
            description = "Rest when there is nothing to read; by default app.evaluation_interval_secs.")
    private @Nullable Integer intervalSeconds;

    private final CountDownLatch stop = new CountDownLatch(1);
    private final CountDownLatch stopped = new CountDownLatch(1);

    @Override
    public Integer call() throws InterruptedException {
        Duration interval = interval();
        LoadedPolicies loaded = policies.load(main);
        Runtime.getRuntime().addShutdownHook(new Thread(this::awaitEnd, "shutdown"));
        try {
            Duration backoff = FIRST_BACKOFF;
            while (!stopRequested(Duration.ZERO)) {
                backoff = session(loaded, interval) ? FIRST_BACKOFF : longer(backoff);
                if (stopRequested(backoff)) {
                    break;
                }
            }
        } finally {
            stopped.countDown();
        }
        return ExitCode.OK;
    }

    private Duration interval() {
        if (intervalSeconds == null) {
            return main.config().app().evaluationInterval();
        }
        if (intervalSeconds < 1) {
            throw new UsageException("--interval must be at least 1 second: " + intervalSeconds);
        }
        return Duration.ofSeconds(intervalSeconds);
    }

    /** Lets the cycle in progress end before the process does. */
    private void awaitEnd() {
        stop.countDown();
        if (!main.config().app().gracefulShutdown()) {
            return;
        }
        try {
            if (!stopped.await(main.config().app().shutdownTimeout().toMillis(), TimeUnit.MILLISECONDS)) {
                LOG.warn("the cycle did not end in time; the next start continues it");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static Duration longer(Duration backoff) {
        Duration doubled = backoff.multipliedBy(2);
        return doubled.compareTo(MAX_BACKOFF) > 0 ? MAX_BACKOFF : doubled;
    }

    /** Runs cycles until asked to stop, or until one fails. Returns whether any succeeded. */
    private boolean session(LoadedPolicies loaded, Duration interval) throws InterruptedException {
        boolean any = false;
        try (Workspace workspace = main.openWorkspace();
                Session session = workspace.openSession(table.name(main), loaded, export,
                        main.console())) {
            session.selector().recover();
            do {
                log(session, session.cycle());
                workspace.tidyUp();
                any = true;
            } while (!stopRequested(session.selector().caughtUp() ? interval : Duration.ZERO));
        } catch (UncheckedIOException | SourceException e) {
            LOG.warn("the cycle failed, the next attempt continues from the ledger: {}", e.getMessage());
        }
        return any;
    }

    /** A cycle is one line, but one that found nothing to do is none. */
    private static void log(Session session, CycleReport report) {
        session.selector().exportProblem().filter(problem -> report.get(CycleMetric.EXPORTS_UNCONFIRMED) > 0)
                .ifPresent(problem -> LOG.warn("an export is not confirmed, it will be tried again: {}", problem));
        if (report.get(CycleMetric.ROWS_READ) == 0 && report.get(CycleMetric.TRACES_COMPLETED) == 0) {
            return;
        }
        LOG.atInfo().setMessage("cycle").addKeyValue("table", session.source())
                .addKeyValue("policy_set", session.policySet())
                .addKeyValue("rows_undecodable", report.get(CycleMetric.ROWS_UNDECODABLE))
                .addKeyValue("spans_read", report.get(CycleMetric.SPANS_READ))
                .addKeyValue("traces_sampled", report.get(CycleMetric.TRACES_SAMPLED))
                .addKeyValue("traces_not_sampled", report.get(CycleMetric.TRACES_NOT_SAMPLED))
                .addKeyValue("traces_dropped", report.get(CycleMetric.TRACES_DROPPED))
                .addKeyValue("traces_late", report.get(CycleMetric.TRACES_LATE))
                .addKeyValue("traces_open", report.get(CycleMetric.TRACES_OPEN))
                .addKeyValue("spans_exported", report.get(CycleMetric.SPANS_EXPORTED))
                .addKeyValue("exports_unconfirmed", report.get(CycleMetric.EXPORTS_UNCONFIRMED)).log();
    }

    private boolean stopRequested(Duration within) throws InterruptedException {
        return stop.await(within.toMillis(), TimeUnit.MILLISECONDS);
    }
}
