package dev.tailsampling.cli;

import dev.tailsampling.config.IcebergConfig;
import dev.tailsampling.lake.TablePattern;
import dev.tailsampling.selector.TableLease;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.Map;
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

/** {@code tss run}: samples tables on a schedule until it is stopped. */
@Command(name = "run", description = {"Samples tables on a schedule until it is stopped (Ctrl-C, SIGTERM).",
        "After a failure it waits and continues from the ledger, as after a restart; other tables go on."})
final class RunCommand implements Callable<Integer> {

    private static final Logger LOG = LoggerFactory.getLogger(RunCommand.class);
    private static final Duration LOOK_FOR_TABLES_EVERY = Duration.ofSeconds(10);

    @ParentCommand
    private Main main;

    @Mixin
    private TablesOption tables;

    @Mixin
    private PolicyOption policies;

    @Mixin
    private ExportOptions export;

    @Option(names = "--interval", paramLabel = "SECONDS", description = {
            "Rest when there is nothing to read; by default app.evaluation_interval_secs.",
            "storage.iceberg.table_intervals goes before."})
    private @Nullable Integer intervalSeconds;

    private final CountDownLatch stop = new CountDownLatch(1);
    private final CountDownLatch stopped = new CountDownLatch(1);

    @Override
    public Integer call() throws InterruptedException {
        SampledTables sampled = tables.sampled(main);
        Duration interval = interval();
        LoadedPolicies loaded = policies.load(main);
        Runtime.getRuntime().addShutdownHook(new Thread(this::awaitEnd, "shutdown"));
        try {
            Workspace opened = openWorkspace();
            if (opened != null) {
                try (Workspace workspace = opened) {
                    run(workspace, sampled, table -> runner(workspace, sampled, table, loaded, interval));
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

    /** Lets the cycles in progress end before the process does. */
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

    /** The workspace, as soon as the catalog can be reached; null if the process is to end before. */
    private @Nullable Workspace openWorkspace() throws InterruptedException {
        Backoff backoff = new Backoff();
        do {
            try {
                return main.openWorkspace();
            } catch (UncheckedIOException e) {
                LOG.warn("nothing can be sampled yet, it is tried again: {}", e.getMessage());
            }
        } while (!stopRequested(backoff.next()));
        return null;
    }

    private void run(Workspace workspace, SampledTables sampled, TableOpener opener) throws InterruptedException {
        TableScheduler scheduler =
                new TableScheduler(TableScheduler.executor(concurrentCycles(sampled)), stop::countDown);
        try {
            do {
                lookForTables(workspace, sampled, scheduler, opener);
            } while (!stopRequested(LOOK_FOR_TABLES_EVERY));
        } finally {
            scheduler.end();
        }
    }

    private static int concurrentCycles(SampledTables sampled) {
        return sampled.count(Runtime.getRuntime().availableProcessors());
    }

    /** Tables that join later have a share of their own beyond the limit, until the next start. */
    private static MemoryShare share(Workspace workspace, SampledTables sampled) {
        return new MemoryShare(concurrentCycles(sampled), Math.max(1, sampled.names(workspace).size()));
    }

    private static void lookForTables(Workspace workspace, SampledTables sampled, TableScheduler scheduler,
            TableOpener opener) {
        try {
            scheduler.keep(sampled.names(workspace), opener::open);
        } catch (UncheckedIOException e) {
            LOG.warn("new tables are looked for later: {}", e.getMessage());
        }
    }

    private interface TableOpener {
        TableCycles open(String table);
    }

    private TableCycles runner(Workspace workspace, SampledTables sampled, String table, LoadedPolicies loaded,
            Duration interval) {
        // The progress of several tables would overwrite each other.
        Console console = sampled.several() ? Console.silent() : main.console();
        InstanceBoard board = new InstanceBoard();
        board.joined(table);
        return new TableRunner(table, rest(table, interval),
                sampled.several() ? TableRunner.Company.OTHERS : TableRunner.Company.ALONE,
                () -> workspace.leases().tryAcquire(table, 1),
                lease -> Session.open(workspace, plan(workspace, table, lease, loaded, share(workspace, sampled)),
                        export, console),
                new ServiceWatcher(board, (session, report) -> {
                    CycleLog.add(session, report);
                    workspace.tidyUp();
                }));
    }

    private static Session.Plan plan(Workspace workspace, String table, TableLease lease, LoadedPolicies loaded,
            MemoryShare share) {
        return new Session.Plan(table, lease.token(),
                new LivePolicies(() -> loaded, workspace.activeRules(), workspace.state()), share);
    }

    private Duration rest(String table, Duration otherwise) {
        IcebergConfig iceberg = main.config().storage().iceberg();
        return iceberg.tableIntervals().entrySet().stream()
                .filter(entry -> TablePattern.of(entry.getKey()).matches(table)).map(Map.Entry::getValue).findFirst()
                .orElse(otherwise);
    }

    private boolean stopRequested(Duration within) throws InterruptedException {
        return stop.await(within.toMillis(), TimeUnit.MILLISECONDS);
    }
}
