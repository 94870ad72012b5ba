package dev.tailsampling.cli;

import dev.tailsampling.admin.AdminServerSettings;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.Optional;
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

/** {@code tss run}: the service, until it is stopped. */
@Command(name = "run", description = {"Samples tables on a schedule until it is stopped (Ctrl-C, SIGTERM), and serves",
        "the admin API, health and metrics (observability.health_port, metrics_port).",
        "After a failure it waits and continues from the ledger, as after a restart; other tables go on."})
final class RunCommand implements Callable<Integer> {

    private static final Logger LOG = LoggerFactory.getLogger(RunCommand.class);

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
        LogSettings.of(main.config()).apply();
        Optional<TopicPlan> topic = TopicPlan.of(main.config());
        SampledTables sampled = topic.isEmpty() ? tables.sampled(main) : tables.sampledBeside(topic.get(), main);
        ServicePlan plan =
                new ServicePlan(topic, sampled, policies.source(main), export, interval(), main.console());
        AdminServerSettings settings = AdminServerSettings.of(main.config());
        settings.remarks().forEach(LOG::warn);
        Runtime.getRuntime().addShutdownHook(new Thread(this::awaitEnd, "shutdown"));
        try {
            Workspace opened = openWorkspace();
            if (opened != null) {
                try (Workspace workspace = opened) {
                    serve(workspace, plan, settings);
                }
            }
        } finally {
            stopped.countDown();
        }
        return ExitCode.OK;
    }

    private void serve(Workspace workspace, ServicePlan plan, AdminServerSettings settings)
            throws InterruptedException {
        try (Service service = Service.start(workspace, plan, settings, stop::countDown)) {
            service.run(stop);
        }
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

    /** The workspace, as soon as the control plane can be reached; null if the process is to end before. */
    private @Nullable Workspace openWorkspace() throws InterruptedException {
        Backoff backoff = new Backoff();
        do {
            try {
                return main.openWorkspace();
            } catch (UncheckedIOException e) {
                LOG.warn("nothing can be sampled yet, it is tried again: {}", e.getMessage());
            }
        } while (!stop.await(backoff.next().toMillis(), TimeUnit.MILLISECONDS));
        return null;
    }
}
