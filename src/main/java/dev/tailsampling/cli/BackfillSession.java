package dev.tailsampling.cli;

import dev.tailsampling.assembly.QuietRule;
import dev.tailsampling.backfill.Backfill;
import dev.tailsampling.backfill.BackfillPorts;
import dev.tailsampling.backfill.BackfillReport;
import dev.tailsampling.backfill.NoExport;
import dev.tailsampling.backfill.RunRegister;
import dev.tailsampling.backfill.SlicePlan;
import dev.tailsampling.config.SelectorConfig;
import dev.tailsampling.lake.TableHistory;
import dev.tailsampling.policy.CompiledPolicies;
import dev.tailsampling.policy.ForceRule;
import dev.tailsampling.selector.BackfillMode;
import dev.tailsampling.selector.BackfillRun;
import dev.tailsampling.selector.BackfillRuns;
import dev.tailsampling.selector.BackfillSlice;
import dev.tailsampling.selector.SpanHistory;
import dev.tailsampling.store.MemoryBackfillRuns;
import dev.tailsampling.store.MemoryState;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A backfill run, wired and locked: no second process with the same home works on the same run meanwhile. */
final class BackfillSession implements AutoCloseable {

    private final BackfillRun run;
    private final Backfill backfill;
    private final ExportOptions.Destination destination;
    private final TableLock lock;
    private final Progress progress;
    private final Workspace workspace;
    private final Console console;

    private BackfillSession(BackfillRun run, Backfill backfill, ExportOptions.Destination destination, TableLock lock,
            Progress progress, Workspace workspace, Console console) {
        this.run = run;
        this.backfill = backfill;
        this.destination = destination;
        this.lock = lock;
        this.progress = progress;
        this.workspace = workspace;
        this.console = console;
    }

    static BackfillSession open(Workspace workspace, Main main, BackfillOptions options, String table,
            LoadedPolicies policies, boolean withRules, ExportOptions export) {
        String runId = Objects.requireNonNullElseGet(options.runId(), BackfillOptions::newRunId);
        TableLock lock = TableLock.ofRun(workspace.home(), runId);
        try {
            return new Opening(workspace, main, options, table).open(runId, policies, withRules, export, lock);
        } catch (RuntimeException e) {
            lock.close();
            throw e;
        }
    }

    /** What is needed while the parts are put together. */
    private record Opening(Workspace workspace, Main main, BackfillOptions options, String table) {

        BackfillSession open(String runId, LoadedPolicies policies, boolean withRules, ExportOptions export,
                TableLock lock) {
            BackfillRun known = workspace.state().backfillRuns().find(runId).orElse(null);
            BackfillMode mode = options.mode(known);
            CompiledPolicies compiled = compile(policies, withRules, mode);
            BackfillRun run = run(runId, mode, known, compiled.version());
            ExportOptions.Destination destination = destination(export, mode);
            Progress progress =
                    new Progress(main.console(), main.clock(), "backfilling " + table, "spans", 0);
            BackfillPorts ports = ports(mode, new ProgressHistory(history(), progress), destination);
            SlicePlan plan = new SlicePlan(config().storage().iceberg().maxBytesPerCycle(), options.slice());
            List<BackfillSlice> slices = new RunRegister(ports.runs(), ports.log()).enter(run,
                    () -> Backfill.plan(run, plan, ports.history()));
            Backfill backfill = new Backfill(ports, run, slices, compiled, Session.EXPORT_BATCH_BYTES);
            BackfillRun registered = known != null && known.finishedAt() != null ? known : run;
            return new BackfillSession(registered, backfill, destination, lock, progress, workspace,
                    main.console());
        }

        private SelectorConfig config() {
            return workspace.config();
        }

        private CompiledPolicies compile(LoadedPolicies policies, boolean withRules, BackfillMode mode) {
            List<ForceRule> rules = withRules
                    ? ForceRule.active(workspace.forceRules().list(), main.clock().instant())
                    : List.of();
            LoadedPolicies ruled = policies.withForceRules(rules);
            CompiledPolicies compiled = CompiledPolicies.of(ruled.set());
            if (mode != BackfillMode.DRY_RUN) {
                workspace.state().addPolicySet(compiled.version(), ruled.text());
            }
            return compiled;
        }

        private BackfillRun run(String runId, BackfillMode mode, @Nullable BackfillRun known, String policySet) {
            Instant now = main.clock().instant();
            return new BackfillRun(runId, table, options.from(known, now).toEpochMilli(),
                    options.to(known, now).toEpochMilli(), mode, policySet,
                    QuietRule.of(config().app().inactivityTimeout(), config().app().maxTraceDuration()), now, null);
        }

        private ExportOptions.Destination destination(ExportOptions export, BackfillMode mode) {
            return mode == BackfillMode.EXPORT
                    ? export.open(config().export(),
                            workspace.exportFile(table), main.clock())
                    : new ExportOptions.Destination(new NoExport(), "nowhere");
        }

        private SpanHistory history() {
            return new TableHistory(workspace.catalog(), table, Session.tableOptions(config(), main.clock()));
        }

        private BackfillPorts ports(BackfillMode mode, SpanHistory history, ExportOptions.Destination destination) {
            if (mode == BackfillMode.DRY_RUN) {
                MemoryState memory = new MemoryState();
                return new BackfillPorts(history, workspace.ledger(), memory, memory, new MemoryBackfillRuns(),
                        destination.exporter(), main.clock());
            }
            BackfillRuns runs = workspace.state().backfillRuns();
            return new BackfillPorts(history, workspace.ledger(), workspace.state(), workspace.state(), runs,
                    destination.exporter(), main.clock());
        }
    }

    /** Runs to the end; returns whether it has ended. A run that had ended before stays as it is. */
    boolean run() {
        if (run.finishedAt() != null) {
            console.say("Run " + run.id() + " ended " + run.finishedAt() + " already; this is its report.");
            return true;
        }
        if (run.mode() == BackfillMode.DRY_RUN) {
            return backfill.run(progress::reached);
        }
        console.say("Run " + run.id() + ": should it be interrupted, the same command with --run-id " + run.id()
                + " goes on.");
        return backfill.run(share -> {
            progress.reached(share);
            workspace.tidyUp();
        });
    }

    BackfillRun asked() {
        return run;
    }

    BackfillReport report() {
        return backfill.report();
    }

    Optional<String> exportProblem() {
        return backfill.exportProblem();
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
