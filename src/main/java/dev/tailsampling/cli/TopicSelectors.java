package dev.tailsampling.cli;

import dev.tailsampling.assembly.QuietRule;
import dev.tailsampling.config.SelectorConfig;
import dev.tailsampling.export.CommitGroupExporter;
import dev.tailsampling.lake.TableRows;
import dev.tailsampling.policy.ForceRule;
import dev.tailsampling.selector.CycleBuffer;
import dev.tailsampling.selector.CycleReport;
import dev.tailsampling.selector.ExportOutcome;
import dev.tailsampling.selector.HandOvers;
import dev.tailsampling.selector.HoldLimits;
import dev.tailsampling.selector.HoldLimits.WhenFull;
import dev.tailsampling.selector.LedgerKey;
import dev.tailsampling.selector.PartitionFetcher;
import dev.tailsampling.selector.SelectorPorts;
import dev.tailsampling.selector.SelectorSettings;
import dev.tailsampling.selector.SmallCyclesControlLog;
import dev.tailsampling.selector.SpanObserver;
import dev.tailsampling.selector.SpanSource;
import dev.tailsampling.selector.TieredFetcher;
import dev.tailsampling.selector.TraceExporter;
import dev.tailsampling.selector.TraceSelector;
import dev.tailsampling.stream.PartitionSelector;
import dev.tailsampling.stream.PartitionSelectors;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Wires a selector for each partition of the topic, and tells how it goes with them. Thread-safe. */
final class TopicSelectors implements PartitionSelectors {

    private static final int RUN_ID_LENGTH = 8;
    /** One report of each partition is kept so often. */
    private static final Duration KEEP_REPORTS_EVERY = Duration.ofMinutes(1);

    private final Workspace workspace;
    private final TopicPlan topic;
    private final ServicePlan plan;
    private final Supplier<LoadedPolicies> policies;
    private final Supplier<List<ForceRule>> rules;
    private final InstanceBoard board;
    private final TableWatcher watcher;
    private final SpanObserver observer;
    private final List<DestinationPlan> furtherDestinations;
    private final @Nullable CommitGroupExporter sampledSpans;
    private final AtomicInteger open = new AtomicInteger();
    private final Map<String, Unkept> unkept = new ConcurrentHashMap<>();

    /** Reports of a partition that are not kept yet. */
    private record Unkept(Instant since, CycleReport report) {}

    TopicSelectors(Workspace workspace, TopicPlan topic, ServicePlan plan, Supplier<LoadedPolicies> policies,
            Supplier<List<ForceRule>> rules, InstanceBoard board, TableWatcher watcher, SpanObserver observer) {
        this.workspace = workspace;
        this.topic = topic;
        this.plan = plan;
        this.policies = policies;
        this.rules = rules;
        this.board = board;
        this.watcher = watcher;
        this.observer = observer;
        this.furtherDestinations = FurtherDestinations.of(workspace.config(), workspace.clock());
        this.sampledSpans = FurtherDestinations.table(workspace.config(), workspace.catalog())
                .map(table -> new CommitGroupExporter(table, workspace.config().export().queueBytes())).orElse(null);
    }

    /**
     * Looks whether kept traces can be sent where they are to be sent.
     *
     * @throws UsageException if a destination, or a route, cannot be used
     */
    void check() {
        plan.export().open(workspace.config().export(), workspace.exportFile(topic.topic()), workspace.clock(),
                destinations()).exporter().close();
    }

    @Override
    public void joined(String source) {
        open.incrementAndGet();
        board.joined(source);
    }

    @Override
    public PartitionSelector open(SpanSource source, int partition, PartitionFetcher fromTopic) {
        TraceExporter exporter = plan.export().open(workspace.config().export(), workspace.exportFile(topic.topic()),
                workspace.clock(), destinations()).exporter();
        try {
            return open(source, new TieredFetcher(partition, table(), fromTopic), exporter);
        } catch (RuntimeException | Error e) {
            exporter.close();
            throw e;
        }
    }

    private PartitionSelector open(SpanSource source, TieredFetcher fetcher, TraceExporter exporter) {
        SelectorConfig config = workspace.config();
        LivePolicies live = new LivePolicies(policies, rules, workspace.controlLog());
        CycleBuffer buffer = new CycleBuffer(workspace.ledger(), workspace.recentDecisions());
        SelectorPorts ports = new SelectorPorts(source, fetcher, buffer, buffer,
                new SmallCyclesControlLog(workspace.controlLog()), exporter, observer, handOvers(), workspace.clock());
        SelectorSettings settings = new SelectorSettings(UUID.randomUUID().toString().substring(0, RUN_ID_LENGTH),
                QuietRule.of(config.app().inactivityTimeout(), config.app().maxTraceDuration()),
                Session.EXPORT_BATCH_BYTES, bufferBytes()).withRememberFor(config.redis().traceTtl())
                .withHold(limits()).withSpanCompression(config.spanCompression().settings());
        TraceSelector selector = new TraceSelector(ports, live.now(), settings);
        return new PartitionSelector(selector, buffer, () -> prepare(selector, live), exporter::close);
    }

    private List<DestinationPlan> destinations() {
        List<DestinationPlan> plans = new ArrayList<>(furtherDestinations);
        CommitGroupExporter table = sampledSpans;
        if (table != null) {
            plans.add(
                    FurtherDestinations.tablePlan(Objects.requireNonNull(workspace.config().export().iceberg().table()),
                            table::use));
        }
        return plans;
    }

    /** Makes durable what goes to a table: its commits would be too many if each cycle were one. */
    ExportOutcome beforeCommit() {
        return sampledSpans == null ? new ExportOutcome.Exported(0, "") : sampledSpans.commit();
    }

    /** All partitions are left. */
    void end() {
        if (sampledSpans != null) {
            sampledSpans.close();
        }
    }

    /** Before each cycle: policies may change, and so may the share of a partition in the memory. */
    private void prepare(TraceSelector selector, LivePolicies live) {
        selector.holdAtMost(limits(), bufferBytes());
        selector.usePolicies(live.now());
    }

    private @Nullable PartitionFetcher table() {
        return topic.table().filter(name -> topic.tableHasOffsets())
                .map(name -> new TableRows(workspace.catalog(), name,
                        Session.tableOptions(workspace.config(), workspace.clock())))
                .orElse(null);
    }

    private @Nullable HandOvers handOvers() {
        return topic.table().isPresent() ? workspace.handOvers() : null;
    }

    private int share() {
        return Math.max(1, open.get());
    }

    private long bufferBytes() {
        return topic.bufferBytes() / share();
    }

    private HoldLimits limits() {
        SelectorConfig config = workspace.config();
        return new HoldLimits(Math.max(1, config.app().maxBufferTraces() / share()),
                Math.max(1, config.app().maxBufferSpans() / share()), config.kafka().handOverAfter(),
                topic.table().isPresent() ? WhenFull.HAND_OVER : WhenFull.DECIDE);
    }

    @Override
    public void begins(String source) {
        watcher.begins(source);
    }

    @Override
    public void rests(String source) {
        watcher.rests(source);
    }

    @Override
    public void reported(String source, PartitionSelector selector, CycleReport report) {
        watcher.cycle(new Run(source, selector.selector()), report);
        Instant now = workspace.clock().instant();
        Unkept known = unkept.getOrDefault(source, new Unkept(now, CycleReport.NONE));
        CycleReport all = known.report().then(report);
        if (Duration.between(known.since(), now).compareTo(KEEP_REPORTS_EVERY) >= 0) {
            workspace.controlLog().addReport(LedgerKey.live(source).text(), now, all);
            unkept.remove(source);
        } else {
            unkept.put(source, new Unkept(known.since(), all));
        }
    }

    private record Run(String source, TraceSelector selector) implements SelectorRun {

        @Override
        public String policySet() {
            return selector.policySet();
        }
    }

    @Override
    public void failed(String source, RuntimeException failure) {
        watcher.sessionEnded(source);
        watcher.failed(source, failure);
    }

    @Override
    public void left(String source) {
        open.decrementAndGet();
        Unkept known = unkept.remove(source);
        if (known != null) {
            workspace.controlLog().addReport(LedgerKey.live(source).text(), workspace.clock().instant(),
                    known.report());
        }
        watcher.sessionEnded(source);
        board.left(source);
    }
}
