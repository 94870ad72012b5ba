package dev.tailsampling.cli;

import dev.tailsampling.assembly.QuietRule;
import dev.tailsampling.config.IcebergConfig;
import dev.tailsampling.config.SelectorConfig;
import dev.tailsampling.config.TableLayouts;
import dev.tailsampling.lake.AutoMqTable;
import dev.tailsampling.lake.AutoMqTableOptions;
import dev.tailsampling.lake.TableTimeOptions;
import dev.tailsampling.selector.CycleReport;
import dev.tailsampling.selector.SelectorPorts;
import dev.tailsampling.selector.SelectorSettings;
import dev.tailsampling.selector.SpanFetcher;
import dev.tailsampling.selector.SpanObserver;
import dev.tailsampling.selector.TraceSelector;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/** A selector on one table, wired and locked: no second process with the same home decides on the table meanwhile. */
final class Session implements SelectorRun, AutoCloseable {

    private static final int RUN_ID_LENGTH = 8;
    static final long EXPORT_BATCH_BYTES = 4 << 20;
    private static final int MAX_CACHE_SHARE_OF_HEAP = 4;
    private static final Duration ESTIMATE_SLACK = Duration.ofSeconds(30);

    private final TraceSelector selector;
    private final ExportOptions.Destination destination;
    private final TableLock lock;
    private final Progress progress;
    private final String source;
    private final String runId;
    private final LivePolicies policies;

    private Session(TraceSelector selector, ExportOptions.Destination destination, TableLock lock, Progress progress,
            String source, String runId, LivePolicies policies) {
        this.selector = selector;
        this.destination = destination;
        this.lock = lock;
        this.progress = progress;
        this.source = source;
        this.runId = runId;
        this.policies = policies;
    }

    /**
     * What a session decides on, and with what.
     *
     * @param table "namespace.table"
     * @param fencingToken of the table's lease, 0 for none
     * @param policies to decide with, at the moment of each cycle
     * @param share what it may use of the limits on memory
     * @param observer looks at every span
     */
    record Plan(String table, long fencingToken, LivePolicies policies, MemoryShare share, SpanObserver observer) {}

    static Session open(Workspace workspace, Plan plan, ExportOptions export, Console console) {
        TableLock lock = TableLock.acquire(workspace.home(), plan.table());
        try {
            ExportOptions.Destination destination = export.open(workspace.config().export(),
                    workspace.exportFile(plan.table()), workspace.clock(), destinations(workspace));
            try {
                return open(workspace, plan, console, lock, destination);
            } catch (RuntimeException e) {
                destination.exporter().close();
                throw e;
            }
        } catch (RuntimeException e) {
            lock.close();
            throw e;
        }
    }

    private static Session open(Workspace workspace, Plan plan, Console console, TableLock lock,
            ExportOptions.Destination destination) {
        SelectorConfig config = workspace.config();
        InstantSource clock = workspace.clock();
        workspace.tidyUp();
        AutoMqTable source = new AutoMqTable(workspace.catalog(), plan.table(),
                tableOptions(config, clock).sharedBy(plan.share().concurrentCycles()));
        Progress progress = new Progress(console, clock, "scanning " + plan.table(), "spans", 0);
        SelectorPorts ports = new SelectorPorts(new ProgressSource(source, progress), source, workspace.ledger(),
                workspace.recentDecisions(), workspace.controlLog(), destination.exporter(), plan.observer(), null,
                clock);
        String runId = UUID.randomUUID().toString().substring(0, RUN_ID_LENGTH);
        QuietRule quiet = QuietRule.of(config.app().inactivityTimeout(), config.app().maxTraceDuration());
        SelectorSettings settings = new SelectorSettings(runId, quiet, EXPORT_BATCH_BYTES,
                plan.share().ofCache(spanCacheBytes(config.storage().iceberg())))
                .withFencingToken(plan.fencingToken()).withRememberFor(config.redis().traceTtl())
                .withSpanCompression(config.spanCompression().settings());
        if (plan.fencingToken() > 0) {
            workspace.ledger().fence(plan.table(), plan.fencingToken(), runId);
        }
        TraceSelector selector = new TraceSelector(ports, plan.policies().now(), settings);
        return new Session(selector, destination, lock, progress, plan.table(), runId, plan.policies());
    }

    private static List<DestinationPlan> destinations(Workspace workspace) {
        List<DestinationPlan> plans =
                new ArrayList<>(FurtherDestinations.of(workspace.config(), workspace.clock()));
        FurtherDestinations.tablePlan(workspace.config(), workspace.catalog()).ifPresent(plans::add);
        return plans;
    }

    static AutoMqTableOptions tableOptions(SelectorConfig config, InstantSource clock) {
        IcebergConfig iceberg = config.storage().iceberg();
        TableTimeOptions tableTime = new TableTimeOptions(iceberg.watermarkSlack(), ESTIMATE_SLACK,
                iceberg.idleAdvance() ? iceberg.idleAfter() : null, clock);
        return new AutoMqTableOptions(iceberg.maxBytesPerCycle(), config.export().maxBytesInFlight(),
                SpanFetcher.PART_BYTES, tableTime, TableLayouts.choice(iceberg.layout()));
    }

    private static long spanCacheBytes(IcebergConfig iceberg) {
        return Math.min(iceberg.spanCacheBytes(), Runtime.getRuntime().maxMemory() / MAX_CACHE_SHARE_OF_HEAP);
    }

    /** One cycle under the force rules that apply now. */
    CycleReport cycle() {
        selector.usePolicies(policies.now());
        return selector.cycle();
    }

    @Override
    public TraceSelector selector() {
        return selector;
    }

    @Override
    public String source() {
        return source;
    }

    String runId() {
        return runId;
    }

    @Override
    public String policySet() {
        return policies.version();
    }

    /** Where kept traces go, in words. */
    String destination() {
        return destination.description();
    }

    @Override
    public void close() {
        progress.close();
        try (TableLock released = lock) {
            destination.exporter().close();
        }
    }
}
