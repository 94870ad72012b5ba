package dev.tailsampling.cli;

import dev.tailsampling.admin.AdminPorts;
import dev.tailsampling.admin.AdminServer;
import dev.tailsampling.admin.AdminServerSettings;
import dev.tailsampling.admin.CycleFeed;
import dev.tailsampling.admin.Health;
import dev.tailsampling.admin.HealthRoutes;
import dev.tailsampling.admin.Liveness;
import dev.tailsampling.admin.MetricsRoutes;
import dev.tailsampling.admin.OpenRoutes;
import dev.tailsampling.admin.ServiceMetrics;
import dev.tailsampling.selector.PolicyHistory;
import dev.tailsampling.selector.SpanObserver;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A running instance: tables that are sampled, and a server that tells of it and takes orders. Parts start in the order
 * in which they need each other and end in the reverse one: first the cycles, then the server, which shows the drain.
 */
final class Service implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Service.class);

    private static final Duration LOOK_FOR_TABLES_EVERY = Duration.ofSeconds(10);

    private final ServiceRun run;
    private final LiveRules rules;
    private final ServiceMetrics metrics;
    private final Health health;
    private final ServiceTables tables;
    private final Optional<TopicSampling> topic;
    private final Optional<ApmStatistics> statistics;
    private final AdminServer server;

    private Service(ServiceRun run, LiveRules rules, ServiceMetrics metrics, Health health, ServiceTables tables,
            Optional<TopicSampling> topic, Optional<ApmStatistics> statistics, AdminServer server) {
        this.run = run;
        this.rules = rules;
        this.metrics = metrics;
        this.health = health;
        this.tables = tables;
        this.topic = topic;
        this.statistics = statistics;
        this.server = server;
    }

    /**
     * Starts everything but the sampling.
     *
     * @param onFailure called when something went wrong that ends the whole
     * @throws java.io.UncheckedIOException if the state cannot be reached, or a port is taken
     */
    static Service start(Workspace workspace, ServicePlan plan, AdminServerSettings settings, Runnable onFailure) {
        OpenedParts opened = new OpenedParts();
        try {
            return start(workspace, plan, settings, onFailure, opened);
        } catch (RuntimeException | Error e) {
            opened.closeAfter(e);
            throw e;
        }
    }

    private static Service start(Workspace workspace, ServicePlan plan, AdminServerSettings settings,
            Runnable onFailure, OpenedParts opened) {
        LiveRules rules = LiveRules.start(workspace);
        opened.add(rules::close);
        ServiceMetrics metrics = new ServiceMetrics(Main.version(), workspace.clock());
        opened.add(metrics::close);
        PolicyHistory history = workspace.state().policyHistory();
        ActivePolicies policies = ActivePolicies.start(history, plan.policies(),
                workspace.config().app().instanceId(), workspace.clock());
        InstanceBoard board = new InstanceBoard();
        CycleFeed feed = new CycleFeed();
        Liveness liveness = new Liveness(Liveness.STANDARD_BOUND, System::nanoTime);
        TableWatcher watcher = new ServiceWatcher(workspace, board, metrics, feed, liveness, rules);
        plan.export().watchedBy(metrics.destinations());
        Optional<ApmStatistics> statistics = ApmStatistics.start(workspace.config().datadog(), workspace.clock());
        statistics.ifPresent(sending -> opened.add(sending::close));
        SpanObserver observer = statistics.map(ApmStatistics::observer).orElse(SpanObserver.NONE);
        Optional<TopicSampling> topic = plan.topic().map(wanted -> new TopicSampling(wanted, new TopicSelectors(
                workspace, wanted, plan, policies::now, rules::now, board, watcher, observer), workspace, onFailure));
        Health health = ServiceHealth.of(workspace, board, plan.export(), topic);
        metrics.watch(board);
        metrics.watch(health);
        metrics.watchSubscribers(feed::subscribers);
        ServiceTables tables =
                new ServiceTables(workspace, plan, policies::now, rules::now, board, watcher, observer, onFailure);
        TriedPolicies tried = new TriedPolicies(policies, history, workspace, tables::names);
        AdminPorts ports = new AdminPorts(workspace.forceRules(), tried, workspace.ledger(),
                new RecordedDecisions(workspace), tried, board, workspace.state().operations(), workspace.clock());
        ServiceRun run = ServiceRun.of(workspace, plan);
        OpenRoutes open = OpenRoutes.of(workspace.config().observability(),
                new HealthRoutes(health, liveness, run.process(), workspace.clock()), new MetricsRoutes(metrics));
        AdminServer server = AdminServer.start(settings, open.services(), ports, feed);
        opened.add(server::close);
        LOG.info("admin API, health and metrics at port {}, health and metrics at port {}",
                Integer.toString(server.port()), Integer.toString(server.metricsPort()));
        run.begin();
        return new Service(run, rules, metrics, health, tables, topic, statistics, server);
    }

    /** Samples until somebody says stop, or something goes wrong that ends the whole. */
    void run(CountDownLatch stop) throws InterruptedException {
        String ending = "failed";
        try {
            sample(stop);
            ending = "stopped";
        } finally {
            run.end(ending);
        }
    }

    /** Whatever one part throws, those that it needs end after it. */
    private void sample(CountDownLatch stop) throws InterruptedException {
        try (ApmStatistics endingLast = statistics.orElse(null);
                ServiceTables ending = tables;
                TopicSampling endingFirst = topic.orElse(null)) {
            topic.ifPresent(TopicSampling::start);
            do {
                tables.look();
                health.started();
            } while (!stop.await(LOOK_FOR_TABLES_EVERY.toMillis(), TimeUnit.MILLISECONDS));
            health.draining();
        }
    }

    @Override
    public void close() {
        try (LiveRules endingRules = rules; ServiceMetrics endingMetrics = metrics; AdminServer ending = server) {
            LOG.info("the service ends");
        }
    }
}
