package dev.tailsampling.selector;

import dev.tailsampling.assembly.CompletedTrace;
import dev.tailsampling.assembly.CompletionReason;
import dev.tailsampling.assembly.OpenTraces;
import dev.tailsampling.assembly.SpanCache;
import dev.tailsampling.policy.CompiledPolicies;
import dev.tailsampling.policy.Decision;
import dev.tailsampling.policy.PolicyDecider;
import dev.tailsampling.policy.TraceSummary;
import dev.tailsampling.trace.SpanField;
import dev.tailsampling.trace.SpanView;
import dev.tailsampling.trace.TraceId;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The one flow. A cycle reads what is new, folds it, takes the traces that are complete, decides them, records the
 * decisions with the position of the source in one commit, and only then fetches and exports the kept ones. A process may
 * die anywhere: before the commit nothing has happened, after it the ledger says what remains to be exported.
 *
 * <p>Call {@link #recover} once, then {@link #cycle} as often as wanted. After an exception the object is of no further
 * use: make a new one and recover, as after a restart. Not thread-safe.
 */
public final class TraceSelector {

    /** Bounds memory, and the number of transactions. */
    private static final int DEAD_LETTERS_AT_ONCE = 1_000;

    private final SelectorPorts ports;
    private CompiledPolicies policies;
    private PolicyDecider decider;
    private final SelectorSettings settings;
    private final String source;
    private final LedgerKey key;
    private OpenTraces open;
    private final SpanCache cache;
    private final TraceExport traceExport;
    private final PendingExports pending;

    /** Key of what the stores derive from this ledger about this source; known after {@link #recover}. */
    private String stateKey = "";
    private SourceCursor cursor = SourceCursor.START;
    private long tableTimeMillis = SourceCursor.NO_TABLE_TIME;
    private long cycle;
    private long spansOpen;
    private boolean caughtUp;
    private ReadStats statsBefore = ReadStats.NONE;

    /** Connects to nothing yet. */
    public TraceSelector(SelectorPorts ports, CompiledPolicies policies, SelectorSettings settings) {
        this.ports = ports;
        this.policies = policies;
        this.decider = new PolicyDecider(policies);
        this.settings = settings;
        this.source = ports.source().name();
        this.key = settings.key(source);
        this.open = new OpenTraces(settings.quiet(), policies.folder());
        this.cache = new SpanCache(settings.spanCacheBytes());
        this.traceExport = new TraceExport(ports.fetcher(), ports.exporter(), settings.exportBatchBytes());
        this.pending = new PendingExports(ports, key, traceExport);
    }

    /** Continues where the ledger says that the last run ended. To be called once, before anything else. */
    public void recover() {
        stateKey = key.inLedger(ports.log().identity());
        ports.log().latest(key.text()).ifPresent(latest -> {
            recovery().completeRecentDecisions(latest.cycle());
            recovery().unconfirmedExports(latest).forEach(pending::add);
            refold(latest);
            cursor = latest.cursor();
            tableTimeMillis = cursor.tableTimeMillis();
            cycle = latest.cycle();
            ports.control().limits(stateKey, cycle).ifPresent(decider::restore);
        });
    }

    /**
     * Goes on with other policies or force rules. What their conditions say of spans that were read before is found by
     * folding the open traces again, as after a restart. To be called between cycles.
     */
    public void usePolicies(CompiledPolicies changed) {
        if (changed.version().equals(policies.version())) {
            return;
        }
        String budgets = decider.snapshot();
        policies = changed;
        decider = new PolicyDecider(changed);
        decider.restore(budgets);
        refold(position(cycle));
    }

    private void refold(LoggedCycle position) {
        open = new OpenTraces(settings.quiet(), policies.folder());
        cache.clear();
        spansOpen = 0;
        recovery().refold(position, policies.fields(), this::fold);
    }

    private Recovery recovery() {
        return new Recovery(ports, key, stateKey, settings.rememberFor());
    }

    private void fold(SpanView span, SourceRow row) {
        int spansBefore = open.fold(span, row.timestampMillis(), row.activeMillis(), row.location());
        cache.offer(span, spansBefore);
        spansOpen++;
    }

    /** Where the flow stands, as the ledger would say it. */
    private LoggedCycle position(long number) {
        SourceOffsets replayFrom = ports.source().lowestOffsets(open.heldLocations(), cursor);
        return new LoggedCycle(key.text(), number, settings.runId() + "-" + number, settings.runId(),
                policies.version(), cursor, replayFrom, pending.cycles(), settings.fencingToken());
    }

    /** Reads a bounded amount of new rows and decides the traces that are complete. */
    public CycleReport cycle() {
        CycleCounts counts = begin();
        Instant began = ports.clock().instant();
        long spansBefore = spansOpen;
        int tracesBefore = open.size();
        Folding folding = new Folding(counts);
        SourceRead read = ports.source().readNew(cursor, folding);
        folding.keepDeadLetters();
        counts.add(CycleMetric.SPANS_READ, spansOpen - spansBefore);
        counts.add(CycleMetric.TRACES_OPENED, open.size() - tracesBefore);
        cursor = read.cursor();
        tableTimeMillis = read.tableTimeMillis();
        caughtUp = read.caughtUp() && !pending.ranOutOfTime();
        counts.addRead(read);
        counts.addMillis(CycleMetric.READ_MILLIS, began, ports.clock().instant());
        List<CompletedTrace> completed = tableTimeMillis == SourceCursor.NO_TABLE_TIME
                ? List.of()
                : open.takeCompleted(decidableUntilMillis());
        return finish(completed, counts);
    }

    /** Traces of one window compete for budgets, so the window that has begun has to wait for its end. */
    private long decidableUntilMillis() {
        return policies.hasLimits()
                ? tableTimeMillis - Math.floorMod(tableTimeMillis, PolicyDecider.WINDOW_MILLIS) - 1
                : tableTimeMillis;
    }

    /** Decides every open trace now: the input has ended. */
    public CycleReport drain() {
        CycleCounts counts = begin();
        return finish(open.drain(), counts);
    }

    /** Whether the last cycle left nothing to be gone on with at once: rows to read, or exports for which time ran out. */
    public boolean caughtUp() {
        return caughtUp;
    }

    /** Why the destination last refused spans or left an export unconfirmed, in its words. */
    public Optional<String> exportProblem() {
        return Optional.ofNullable(traceExport.problem());
    }

    /** Up to where the source's time has come; empty before the first cycle that knows. */
    public Optional<Instant> tableTime() {
        return tableTimeMillis == SourceCursor.NO_TABLE_TIME
                ? Optional.empty()
                : Optional.of(Instant.ofEpochMilli(tableTimeMillis));
    }

    /** Number of the last cycle that was recorded, 0 before the first. */
    public long cycleNumber() {
        return cycle;
    }

    /** Number of traces still open. */
    public int openTraces() {
        return open.size();
    }

    private CycleCounts begin() {
        CycleCounts counts = new CycleCounts();
        counts.add(CycleMetric.TRACES_OPEN_BEFORE, open.size());
        counts.add(CycleMetric.SPANS_OPEN_BEFORE, spansOpen);
        statsBefore = ports.source().stats();
        // Another store may be at hand than in the last cycle, which has missed some.
        recovery().completeRecentDecisions(cycle);
        if (settings.recordsEveryCycle()) {
            pending.driveAll(stateKey, cursor.nextOffsets(), counts);
        } else {
            pending.drive(stateKey, cursor.nextOffsets(), counts);
        }
        return counts;
    }

    private CycleReport finish(List<CompletedTrace> completed, CycleCounts counts) {
        Instant began = ports.clock().instant();
        List<DecidedTrace> decided = decide(completed);
        decided.forEach(trace -> counts.addDecided(trace, policies.matchedRules(trace.summary())));
        for (DecidedTrace trace : decided) {
            spansOpen -= trace.summary().spanCount();
        }
        boolean recorded = !decided.isEmpty() || madeProgressWithNothingOpen(counts) || settings.recordsEveryCycle();
        if (recorded) {
            record(decided);
        }
        Instant decidedAt = ports.clock().instant();
        counts.addMillis(CycleMetric.DECIDE_MILLIS, began, decidedAt);
        if (recorded) {
            pending.add(cycle);
            List<ExportRequest> sampled =
                    decided.stream().filter(DecidedTrace::isSampled).map(ExportRequest::of).toList();
            TraceExport.Confirmation confirmation =
                    traceExport.export(sampled, cache, cursor.nextOffsets(), counts);
            pending.note(stateKey, cycle, confirmation);
            if (!sampled.isEmpty() && confirmation == TraceExport.Confirmation.CONFIRMED) {
                pending.destinationIsBack();
            }
        }
        decided.forEach(trace -> cache.release(trace.summary().traceIdHigh(), trace.summary().traceIdLow()));
        ports.source().forgetAllBut(open.heldLocations());
        counts.addMillis(CycleMetric.EXPORT_MILLIS, decidedAt, ports.clock().instant());
        counts.add(CycleMetric.TRACES_OPEN, open.size());
        counts.add(CycleMetric.SPANS_OPEN_AFTER, spansOpen);
        counts.add(CycleMetric.EXPORTS_UNCONFIRMED, pending.size());
        counts.addStats(ports.source().stats().since(statsBefore));
        counts.addCache(cache);
        CycleReport report = counts.report();
        if (recorded || report.get(CycleMetric.ROWS_READ) > 0 || report.get(CycleMetric.SPANS_EXPORTED) > 0) {
            ports.control().addReport(key.text(), ports.clock().instant(), report);
        }
        return report;
    }

    /** Rows that left no trace open (late or undecodable ones, say) still move the position. */
    private boolean madeProgressWithNothingOpen(CycleCounts counts) {
        return open.size() == 0 && counts.report().get(CycleMetric.ROWS_READ) > 0;
    }

    private List<DecidedTrace> decide(List<CompletedTrace> completed) {
        List<TraceId> ids = completed.stream().map(trace -> trace.summary().traceId()).toList();
        Map<TraceId, PriorDecision> prior = ids.isEmpty() ? Map.of() : ports.recent().find(stateKey, ids);
        List<CompletedTrace> fresh =
                completed.stream().filter(trace -> !prior.containsKey(trace.summary().traceId())).toList();
        // A cycle knows few different decisions; equal ones are kept once.
        Map<Decision, Decision> distinct = new HashMap<>();
        List<DecidedTrace> decided = new ArrayList<>(completed.size());
        Iterator<Decision> decisions = decideFresh(fresh).iterator();
        for (CompletedTrace trace : completed) {
            PriorDecision earlier = prior.get(trace.summary().traceId());
            Decision decision = earlier == null ? decisions.next() : followed(earlier);
            CompletionReason reason = earlier == null ? trace.reason() : CompletionReason.LATE_SPANS;
            decided.add(new DecidedTrace(trace.summary(), reason,
                    distinct.computeIfAbsent(decision, same -> same)));
        }
        return decided;
    }

    /** Where traces compete, those that were complete at the same time do so in the order of their ids. */
    private List<Decision> decideFresh(List<CompletedTrace> fresh) {
        if (!policies.hasLimits()) {
            return fresh.stream().map(trace -> policies.decide(trace.summary())).toList();
        }
        List<TraceSummary> ordered = fresh.stream().map(CompletedTrace::summary)
                .sorted(Comparator.comparing(TraceSummary::traceId)).toList();
        List<Decision> decisions = decider.decide(ordered.stream().map(
                summary -> new PolicyDecider.Candidate(summary, settings.quiet().deadlineMillis(summary))).toList());
        Map<TraceId, Decision> byTrace = new HashMap<>();
        for (int i = 0; i < ordered.size(); i++) {
            byTrace.put(ordered.get(i).traceId(), decisions.get(i));
        }
        return fresh.stream().map(trace -> byTrace.get(trace.summary().traceId())).toList();
    }

    private static Decision followed(PriorDecision earlier) {
        return new Decision(earlier.outcome(), earlier.policy(),
                "late spans follow the decision of cycle " + earlier.cycle(), earlier.threshold(), List.of());
    }

    private void record(List<DecidedTrace> decided) {
        long next = cycle + 1;
        Instant now = ports.clock().instant();
        List<DecidedTrace> ordered = decided.stream()
                .sorted(Comparator.comparing(trace -> trace.summary().traceId())).toList();
        Iterable<DecisionRecord> records = () -> ordered.stream().map(trace -> toRecord(trace, next, now)).iterator();
        if (policies.hasLimits()) {
            ports.control().keepLimits(stateKey, next, decider.snapshot());
        }
        ports.log().record(position(next), records);
        cycle = next;
        if (settings.backfill() == null) {
            ports.control().forgetConfirmedExports(stateKey, next);
        }
        ports.recent().remember(stateKey, next, records);
    }

    private DecisionRecord toRecord(DecidedTrace trace, long number, Instant now) {
        TraceSummary summary = trace.summary();
        return new DecisionRecord(source, number, settings.runId(), policies.version(), now, tableTimeMillis,
                trace.completion(), TraceFacts.of(summary, policies.conditionWords()), trace.decision(),
                settings.backfill());
    }

    /** Folds what the source delivers. */
    private final class Folding implements SpanSink {

        private final CycleCounts counts;
        private final Map<SourceRow, String> deadLetters = new LinkedHashMap<>();

        Folding(CycleCounts counts) {
            this.counts = counts;
        }

        @Override
        public Set<SpanField> fields() {
            return policies.fields();
        }

        @Override
        public void span(SpanView span, SourceRow row) {
            fold(span, row);
        }

        @Override
        public void undecodable(SourceRow row, String reason) {
            counts.add(CycleMetric.ROWS_UNDECODABLE, 1);
            deadLetters.put(row, reason);
            if (deadLetters.size() == DEAD_LETTERS_AT_ONCE) {
                keepDeadLetters();
            }
        }

        void keepDeadLetters() {
            if (!deadLetters.isEmpty()) {
                ports.control().addDeadLetters(source, deadLetters);
                deadLetters.clear();
            }
        }

        @Override
        public void unreadable(String file, String reason) {
            counts.add(CycleMetric.FILES_UNREADABLE, 1);
            ports.control().addUnreadableFile(source, file, reason);
        }
    }
}
