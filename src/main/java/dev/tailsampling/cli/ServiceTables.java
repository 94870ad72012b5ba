package dev.tailsampling.cli;

import dev.tailsampling.policy.ForceRule;
import dev.tailsampling.selector.SpanObserver;
import dev.tailsampling.selector.TableLease;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The tables that an instance samples: those of its plan, as they come and go. To be used by one thread. */
final class ServiceTables implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(ServiceTables.class);

    private final Workspace workspace;
    private final ServicePlan plan;
    private final Supplier<LoadedPolicies> policies;
    private final Supplier<List<ForceRule>> rules;
    private final InstanceBoard board;
    private final TableWatcher watcher;
    private final SpanObserver observer;
    private final TableScheduler scheduler;
    private volatile SortedSet<String> names = new TreeSet<>();

    /**
     * Samples nothing yet.
     *
     * @param policies to decide with, at the moment of each cycle; safe for many threads
     * @param rules that apply at the moment; safe for many threads
     * @param observer looks at every span; safe for many threads
     * @param onFailure called when something went wrong that ends the whole
     */
    ServiceTables(Workspace workspace, ServicePlan plan, Supplier<LoadedPolicies> policies,
            Supplier<List<ForceRule>> rules, InstanceBoard board, TableWatcher watcher, SpanObserver observer,
            Runnable onFailure) {
        this.workspace = workspace;
        this.plan = plan;
        this.policies = policies;
        this.rules = rules;
        this.board = board;
        this.watcher = watcher;
        this.observer = observer;
        this.scheduler = new TableScheduler(TableScheduler.executor(plan.concurrentCycles()), onFailure);
    }

    /** Begins with tables that are new, and leaves those that are gone. */
    void look() {
        try {
            SortedSet<String> now = plan.tables().names(workspace);
            Set<String> gone = new TreeSet<>(names);
            gone.removeAll(now);
            gone.forEach(board::left);
            names = now;
            scheduler.keep(now, this::join);
        } catch (UncheckedIOException e) {
            LOG.warn("new tables are looked for later: {}", e.getMessage());
        }
    }

    /** Their names at the moment. For any thread. */
    SortedSet<String> names() {
        return names;
    }

    private TableCycles join(String table) {
        board.joined(table);
        return new TableRunner(table, plan.restOf(table, workspace.config()), plan.company(),
                () -> workspace.lease(table), lease -> session(table, lease), watcher);
    }

    private Session session(String table, TableLease lease) {
        LivePolicies live = new LivePolicies(policies, rules, workspace.controlLog());
        return Session.open(workspace, new Session.Plan(table, lease.token(), live, share(), observer), plan.export(),
                plan.progress());
    }

    /** Tables that join later have a share of their own beyond the limit, until the next start. */
    private MemoryShare share() {
        return new MemoryShare(plan.concurrentCycles(), Math.max(1, names.size()));
    }

    /** Lets the cycles in progress end, and begins no others. */
    @Override
    public void close() throws InterruptedException {
        scheduler.end();
    }
}
