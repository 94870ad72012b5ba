package dev.tailsampling.cli;

import dev.tailsampling.admin.CycleFeed;
import dev.tailsampling.admin.Liveness;
import dev.tailsampling.admin.ServiceMetrics;
import dev.tailsampling.selector.CycleReport;
import dev.tailsampling.selector.FinishedCycle;
import dev.tailsampling.selector.MissingSourceException;
import dev.tailsampling.store.RedisWatermarks.Watermark;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Shows everywhere how it goes with the tables; what is the same as before is not logged again. Thread-safe. */
final class ServiceWatcher implements TableWatcher {

    private static final Logger LOG = LoggerFactory.getLogger(ServiceWatcher.class);
    private static final String STANDBY = "standby";

    private final Workspace workspace;
    private final InstanceBoard board;
    private final ServiceMetrics metrics;
    private final CycleFeed feed;
    private final Liveness liveness;
    private final LiveRules rules;
    private final Map<String, String> said = new ConcurrentHashMap<>();

    /** Has said nothing yet. */
    ServiceWatcher(Workspace workspace, InstanceBoard board, ServiceMetrics metrics, CycleFeed feed,
            Liveness liveness, LiveRules rules) {
        this.workspace = workspace;
        this.board = board;
        this.metrics = metrics;
        this.feed = feed;
        this.liveness = liveness;
        this.rules = rules;
    }

    @Override
    public void begins(String table) {
        liveness.beat(table);
    }

    @Override
    public void rests(String table) {
        liveness.rest(table);
    }

    @Override
    public void cycle(SelectorRun run, CycleReport report) {
        Instant now = workspace.clock().instant();
        if (said.remove(run.source()) != null) {
            LOG.info("{} is sampled again", run.source());
        }
        Instant tableTime = run.selector().tableTime().orElse(null);
        board.cycle(run.source(), run.policySet(), tableTime, now, report);
        workspace.publish(run.source(), new Watermark(run.selector().cycleNumber(), tableTime, now,
                workspace.config().app().instanceId()));
        metrics.accept(run.source(), report);
        metrics.keepForceRules(rules.ids());
        feed.publish(new FinishedCycle(run.source(), now, report));
        CycleLog.add(run, report);
        workspace.tidyUp();
    }

    @Override
    public void standby(String table) {
        board.standby(table, workspace.watermark(table).orElse(null));
        if (!STANDBY.equals(said.put(table, STANDBY))) {
            LOG.info("{} is led by another instance; this one stands by", table);
        }
    }

    @Override
    public void failed(String table, RuntimeException failure) {
        String sentence = String.valueOf(failure.getMessage());
        if (failure instanceof MissingSourceException) {
            board.missing(table, sentence);
        } else {
            board.failed(table, sentence);
            metrics.cycleFailed(table);
        }
        if (!sentence.equals(said.put(table, sentence))) {
            LOG.warn("a cycle of {} failed, the next attempt continues from the ledger: {}", table, sentence);
        }
        LOG.debug("a cycle of {} failed", table, failure);
    }

    @Override
    public void sessionEnded(String table) {
        metrics.sessionEnded(table);
    }
}
