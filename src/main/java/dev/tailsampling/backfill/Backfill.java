package dev.tailsampling.backfill;

import dev.tailsampling.policy.CompiledPolicies;
import dev.tailsampling.policy.Outcome;
import dev.tailsampling.selector.BackfillMode;
import dev.tailsampling.selector.BackfillRun;
import dev.tailsampling.selector.BackfillSlice;
import dev.tailsampling.selector.BackfillSlice.Counts;
import dev.tailsampling.selector.CycleMetric;
import dev.tailsampling.selector.CycleReport;
import dev.tailsampling.selector.DecisionFilter;
import dev.tailsampling.selector.DecisionLog;
import dev.tailsampling.selector.LoggedCycle;
import dev.tailsampling.selector.SelectorPorts;
import dev.tailsampling.selector.SelectorSettings;
import dev.tailsampling.selector.SpanFetcher;
import dev.tailsampling.selector.SpanHistory;
import dev.tailsampling.selector.TraceExporter;
import dev.tailsampling.selector.TraceSelector;
import java.util.List;
import java.util.Optional;
import java.util.function.DoubleConsumer;

/**
 * One run, or what is left of it: the flow over the slices of a range, one cycle each, until every trace that began in the
 * range is complete. A process may die anywhere; another one with the same run goes on from the ledger.
 *
 * <p>After an exception the object is of no further use. Not thread-safe.
 */
public final class Backfill {

    private final BackfillPorts ports;
    private final BackfillRun run;
    private final List<BackfillSlice> slices;
    private final long slicesInRange;
    private final DryRunLog dryRun = new DryRunLog();
    private final DecisionLog log;
    private final RangeSource source;
    private final UnexportedTraces unexported;
    private final TraceSelector selector;
    private long leftOutBefore;

    /**
     * Reads nothing yet.
     *
     * @param slices of the run, as they are registered
     * @param exportBatchBytes about how many bytes of OTLP go to the exporter in one call
     */
    public Backfill(BackfillPorts ports, BackfillRun run, List<BackfillSlice> slices, CompiledPolicies policies,
            long exportBatchBytes) {
        this.ports = ports;
        this.run = run;
        this.slices = List.copyOf(slices);
        this.slicesInRange =
                slices.stream().filter(slice -> slice.untilMillisExclusive() <= run.toMillisExclusive()).count();
        this.log = run.mode() == BackfillMode.DRY_RUN ? dryRun : ports.log();
        this.source = new RangeSource(ports.history(), range(run), slices);
        this.unexported = new UnexportedTraces(ports.history(), new ExportedBefore(log, ports.control(), run));
        this.selector = new TraceSelector(selectorPorts(), policies,
                new SelectorSettings(run.id(), run.quiet(), exportBatchBytes, 0, run.mode()));
    }

    /** Which traces a run decides. */
    public static BackfillRange range(BackfillRun run) {
        return new BackfillRange(run.fromMillisInclusive(), run.toMillisExclusive(), run.quiet());
    }

    private SelectorPorts selectorPorts() {
        boolean exports = run.mode() == BackfillMode.EXPORT;
        SpanFetcher fetcher = exports ? unexported : (requests, until, receiver) -> {};
        TraceExporter exporter = exports ? ports.exporter() : new NoExport();
        return new SelectorPorts(source, fetcher, log, ports.recent(), ports.control(), exporter, ports.clock());
    }

    /**
     * The slices of a new run.
     *
     * @throws BackfillException if there are too many
     * @throws dev.tailsampling.selector.SourceException if the last traces of the range cannot be complete yet
     */
    public static List<BackfillSlice> plan(BackfillRun run, SlicePlan plan, SpanHistory history) {
        BackfillRange range = range(run);
        RangeSource.requireRange(history, range);
        return plan.slices(range, history.portions(range.fromMillisInclusive(), range.toMillisExclusive()));
    }

    /**
     * Runs to the end.
     *
     * @param progress told the share of the slices that are done, 0 to 1
     * @return whether the run has ended; if not, some export is not confirmed, and the run is to be started again
     * @throws dev.tailsampling.selector.SourceException if the table is not complete up to where it has to be read
     */
    public boolean run(DoubleConsumer progress) {
        selector.recover();
        goOnFrom(log.latest(run.key().text()), progress);
        CycleReport report;
        do {
            report = selector.cycle();
            note(report, progress);
        } while (!source.hasEnded());
        boolean confirmed = report.get(CycleMetric.EXPORTS_UNCONFIRMED) == 0;
        if (confirmed) {
            ports.runs().finish(run.id(), ports.clock().instant());
        }
        return confirmed;
    }

    /** A process that died between the ledger and the control plane left slices that are done and not noted. */
    private void goOnFrom(Optional<LoggedCycle> latest, DoubleConsumer progress) {
        long position = latest.map(cycle -> cycle.cursor().nextOffsets().of(0)).orElse(run.fromMillisInclusive());
        slices.stream().filter(slice -> !slice.isDone() && slice.untilMillisExclusive() <= position)
                .forEach(slice -> ports.runs().finishSlice(run.id(), slice.number(), recorded(slice.number())));
        slices.stream().filter(slice -> slice.untilMillisExclusive() == position)
                .forEach(slice -> progress.accept(share(slice)));
        stopWhenComplete(position);
    }

    private Counts recorded(int cycle) {
        BackfillTally tally = new BackfillTally();
        log.forEach(DecisionFilter.ofCycles(run.key(), cycle, cycle), tally::add);
        BackfillReport report = tally.report(Counts.NONE);
        return new Counts(report.decided().traces(), report.of(Outcome.SAMPLED).traces(), 0, 0);
    }

    private void note(CycleReport report, DoubleConsumer progress) {
        BackfillSlice slice = source.lastRead();
        if (slice == null || source.hasEnded()) {
            return;
        }
        long sampled = report.get(CycleMetric.TRACES_SAMPLED);
        long decided = sampled + report.get(CycleMetric.TRACES_NOT_SAMPLED) + report.get(CycleMetric.TRACES_DROPPED);
        long leftOut = unexported.leftOut();
        ports.runs().finishSlice(run.id(), slice.number(),
                new Counts(decided, sampled, leftOut - leftOutBefore, report.get(CycleMetric.SPANS_EXPORTED)));
        leftOutBefore = leftOut;
        progress.accept(share(slice));
        stopWhenComplete(slice.untilMillisExclusive());
    }

    private void stopWhenComplete(long position) {
        if (position >= run.toMillisExclusive() && selector.openTraces() == 0) {
            source.stop();
        }
    }

    /** Slices are about equal in bytes; those after the range hardly matter. */
    private double share(BackfillSlice slice) {
        return Math.min(1, slice.number() / (double) slicesInRange);
    }

    /** Why the destination last refused spans or left an export unconfirmed, in its words. */
    public Optional<String> exportProblem() {
        return selector.exportProblem();
    }

    /** All that the run has decided, earlier processes included. */
    public BackfillReport report() {
        Counts sums = ports.runs().slices(run.id()).stream().map(BackfillSlice::counts)
                .filter(counts -> counts != null).reduce(Counts.NONE, Counts::plus);
        if (run.mode() == BackfillMode.DRY_RUN) {
            return dryRun.tally().report(sums);
        }
        BackfillTally tally = new BackfillTally();
        log.forEach(DecisionFilter.ofCycles(run.key(), 0, Long.MAX_VALUE), tally::add);
        return tally.report(sums);
    }
}
