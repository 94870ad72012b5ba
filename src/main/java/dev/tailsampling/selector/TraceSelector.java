package dev.tailsampling.selector;

import dev.tailsampling.assembly.CompletedTrace;
import dev.tailsampling.assembly.OpenTraces;
import dev.tailsampling.assembly.SpanCache;
import dev.tailsampling.policy.CompiledPolicies;
import dev.tailsampling.policy.PolicyDecider;
import dev.tailsampling.policy.TraceSummary;
import dev.tailsampling.trace.SpanField;
import dev.tailsampling.trace.SpanView;
import dev.tailsampling.trace.TraceId;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The one flow. A cycle reads what is new, folds it, takes the traces that are complete, decides them, records the
 * decisions with the position of the source in one commit, and only then fetches and exports the kept ones. A process may
 * die anywhere: before the commit nothing has happened, after it the ledger says what remains to be exported.
 *
 * <p>Call {@link #recover} once, then {@link #cycle} as often as wanted. After an exception the object is of no further
 * use: make a new one and recover, as after a restart. Not thread-safe.
 */
public final class TraceSelector {

    /** Of the memory for spans, to tell those that come twice. */
    private static final int SEEN_SHARE = 8;
    private static final Duration LOOK_EVERY = Duration.ofSeconds(1);

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
    /** What is held of traces as they come; null where spans are read from a table. */
    private @Nullable HeldTraces held;
    private @Nullable WaitingExport waiting;
    private final RepeatedSpans repeated;
    private final HandOverBook handOvers;
    private final TreeMap<Long, String> unrecordedLimits = new TreeMap<>();

    /** Key of what the stores derive from this ledger about this source; known after {@link #recover}. */
    private String stateKey = "";
    private SourceCursor cursor = SourceCursor.START;
    private long tableTimeMillis = SourceCursor.NO_TABLE_TIME;
    private long cycle;
    private long spansOpen;
    /** The newest cycle that is in the ledger for sure. */
    private long recordedCycle;
    private boolean caughtUp;
    private Instant looked = Instant.EPOCH;
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
        this.traceExport = new TraceExport(ports.fetcher(), ports.exporter(), settings.exportBatchBytes(),
                settings.outgoing(source));
        this.pending = new PendingExports(ports, key, traceExport);
        this.handOvers = new HandOverBook(ports.handOvers());
        this.repeated = settings.hold() == null
                ? RepeatedSpans.ignored()
                : RepeatedSpans.within(settings.spanCacheBytes() / SEEN_SHARE);
        this.held = holding();
    }

    private @Nullable HeldTraces holding() {
        HoldLimits limits = held == null ? settings.hold() : held.limits();
        return limits == null ? null : new HeldTraces(limits, open, cache, policies.folder(), repeated::forgetSpans);
    }

    /** Continues where the ledger says that the last run ended. To be called once, before anything else. */
    public void recover() {
        stateKey = key.inLedger(ports.log().identity());
        Optional<LoggedCycle> newest = ports.log().latest(key.text());
        newest.ifPresent(latest -> {
            recovery().completeRecentDecisions(latest.cycle());
            recovery().unconfirmedExports(latest).forEach(pending::add);
            cursor = latest.cursor();
            tableTimeMillis = cursor.tableTimeMillis();
            cycle = latest.cycle();
            ports.control().limits(stateKey, cycle).ifPresent(decider::restore);
        });
        recordedCycle = cycle;
        takeBackHandOvers();
        newest.ifPresent(this::fold);
    }

    private void takeBackHandOvers() {
        List<TraceSummary> ofOtherPolicies = new ArrayList<>();
        for (HandOvers.HandOver trace : handOvers.load(stateKey, recordedCycle, recovery())) {
            if (policies.version().equals(trace.policySet())) {
                takeBack(trace.summary());
            } else {
                ofOtherPolicies.add(trace.summary());
            }
        }
        foldAgain(ofOtherPolicies).forEach(this::takeBack);
    }

    private void takeBack(TraceSummary summary) {
        open.takeBack(summary);
        spansOpen += summary.spanCount();
    }

    /** Summaries of these traces under the present policies, from their spans. */
    private List<TraceSummary> foldAgain(List<TraceSummary> handedOver) {
        return handedOver.isEmpty()
                ? List.of()
                : new FetchedSummaries(policies.folder(), handedOver).fold(ports.fetcher(), cursor.nextOffsets());
    }

    /**
     * Goes on with other policies or force rules. What their conditions say of spans that were read before is found by
     * folding the open traces again, as after a restart. To be called between cycles.
     */
    public void usePolicies(CompiledPolicies changed) {
        if (changed.version().equals(policies.version())) {
            return;
        }
        LoggedCycle position = position(cycle);
        List<TraceSummary> handedOver = new ArrayList<>();
        if (held != null) {
            open.forEach(summary -> {
                if (summary.isHandedOver()) {
                    handedOver.add(summary);
                }
            });
            handOvers.policiesChange(policies.version(), held.parts());
        }
        String budgets = decider.snapshot();
        policies = changed;
        decider = new PolicyDecider(changed);
        decider.restore(budgets);
        open = new OpenTraces(settings.quiet(), policies.folder());
        held = holding();
        cache.clear();
        repeated.clear();
        spansOpen = 0;
        foldAgain(handedOver).forEach(this::takeBack);
        fold(position);
    }

    /** Folds the spans of open traces up to a position, but for those that were handed over. */
    private void fold(LoggedCycle position) {
        recovery().refold(position, policies.fields(), (span, row) -> {
            if (!open.isHandedOver(span.traceIdHigh(), span.traceIdLow())) {
                fold(span, row);
            }
        });
    }

    private Recovery recovery() {
        return new Recovery(ports, key, stateKey, settings.rememberFor());
    }

    /** False for a span that is there already. */
    private boolean fold(SpanView span, SourceRow row) {
        // What was handed over is not looked at any more.
        if (!open.isHandedOver(span.traceIdHigh(), span.traceIdLow()) && repeated.isRepeated(span)) {
            return false;
        }
        TraceSummary summary = open.fold(span, row.timestampMillis(), row.activeMillis(), row.location());
        HeldTraces holding = held;
        if (holding == null) {
            cache.offer(span, summary.spanCount() - 1);
        } else {
            if (summary.spanCount() == 1) {
                summary.beginsAfter(OffsetLocations.within(row.offset()));
            }
            holding.folded(span, row, summary);
        }
        spansOpen++;
        return true;
    }

    /** What is looked at of spans that are read for the first time. */
    private Set<SpanField> fields() {
        return ports.observer().equals(SpanObserver.NONE) ? policies.fields() : SpanField.ALL;
    }

    private void takeIn(SpanView span, SourceRow row) {
        if (fold(span, row)) {
            ports.observer().observe(span);
        }
    }

    /** Where the flow stands, as the ledger would say it. */
    private LoggedCycle position(long number) {
        SourceOffsets replayFrom = ports.source().lowestOffsets(open.heldLocations(), cursor);
        return new LoggedCycle(key.text(), number, settings.runId() + "-" + number, settings.runId(),
                policies.version(), cursor, replayFrom, pending.cycles(), settings.fencingToken(), held != null);
    }

    /** Reads a bounded amount of new rows and decides the traces that are complete. */
    public CycleReport cycle() {
        WaitingExport unconfirmed = waiting;
        return unconfirmed == null ? readAndDecide() : exportAgain(unconfirmed);
    }

    private CycleReport readAndDecide() {
        CycleCounts counts = begin();
        Instant began = ports.clock().instant();
        long spansBefore = spansOpen;
        int tracesBefore = open.size();
        repeated.takeCount();
        CycleIntake intake = new CycleIntake(source, ports.control(), counts, fields(), this::takeIn,
                this::takeCompleted);
        SourceRead read = ports.source().readNew(cursor, intake);
        intake.keepDeadLetters();
        counts.add(CycleMetric.SPANS_READ, spansOpen - spansBefore);
        counts.add(CycleMetric.SPANS_DUPLICATE, repeated.takeCount());
        counts.add(CycleMetric.TRACES_OPENED, open.size() + intake.completed().size() - tracesBefore);
        cursor = read.cursor();
        tableTimeMillis = read.tableTimeMillis();
        caughtUp = read.caughtUp() && !pending.ranOutOfTime();
        counts.addRead(read);
        counts.addMillis(CycleMetric.READ_MILLIS, began, ports.clock().instant());
        List<CompletedTrace> completed = new ArrayList<>(intake.completed());
        completed.addAll(takeCompleted(tableTimeMillis));
        if (held != null) {
            completed.addAll(held.takeOldest());
        }
        return finish(completed, counts);
    }

    /** Traces of one window compete for budgets, so the window that has begun has to wait for its end. */
    private List<CompletedTrace> takeCompleted(long atMillis) {
        if (atMillis == SourceCursor.NO_TABLE_TIME) {
            return List.of();
        }
        return open.takeCompleted(policies.hasLimits()
                ? atMillis - Math.floorMod(atMillis, PolicyDecider.WINDOW_MILLIS) - 1
                : atMillis);
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

    /** Version of the policies in use. */
    public String policySet() {
        return policies.version();
    }

    /** Rows below these offsets have been read. */
    public SourceOffsets nextOffsets() {
        return cursor.nextOffsets();
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
        if (isTimeToLook()) {
            // Another store may be at hand than in the last cycle, which has missed some.
            recovery().completeRecentDecisions(recordedCycle);
        }
        if (settings.recordsEveryCycle()) {
            pending.driveAll(stateKey, cursor.nextOffsets(), counts);
        } else {
            pending.drive(stateKey, cursor.nextOffsets(), counts);
        }
        return counts;
    }

    /** Small cycles are many. */
    private boolean isTimeToLook() {
        Instant now = ports.clock().instant();
        boolean isTime = held == null || Duration.between(looked, now).compareTo(LOOK_EVERY) >= 0;
        looked = isTime ? now : looked;
        return isTime;
    }

    private CycleReport finish(List<CompletedTrace> completed, CycleCounts counts) {
        Instant began = ports.clock().instant();
        List<DecidedTrace> decided = decide(completed);
        decided.forEach(trace -> counts.addDecided(trace, policies.matchedRules(trace.summary())));
        for (DecidedTrace trace : decided) {
            spansOpen -= trace.summary().spanCount();
            repeated.forgetSpans(trace.summary());
        }
        boolean handedOver = handOver(counts);
        boolean recorded = handedOver || !decided.isEmpty() || madeProgressWithNothingOpen(counts)
                || settings.recordsEveryCycle();
        if (recorded) {
            record(decided);
        }
        counts.addMillis(CycleMetric.DECIDE_MILLIS, began, ports.clock().instant());
        if (!recorded) {
            return end(List.of(), counts, false);
        }
        if (held != null) {
            return exportAgain(new WaitingExport(decided, sampled(decided)), counts);
        }
        pending.add(cycle);
        List<ExportRequest> sampled = sampled(decided);
        TraceExport.Confirmation confirmation = export(sampled, counts);
        pending.note(stateKey, cycle, confirmation);
        if (!sampled.isEmpty() && confirmation == TraceExport.Confirmation.CONFIRMED) {
            pending.destinationIsBack();
        }
        return end(decided, counts, true);
    }

    private List<ExportRequest> sampled(List<DecidedTrace> decided) {
        return decided.stream().filter(DecidedTrace::isSampled).map(ExportRequest::of)
                .map(request -> repeated.areIn(request.fetch().traceId()) ? request.ofUnknownCount() : request)
                .toList();
    }

    private TraceExport.Confirmation export(List<ExportRequest> sampled, CycleCounts counts) {
        Instant began = ports.clock().instant();
        TraceExport.Confirmation confirmation = traceExport.export(sampled, cache, cursor.nextOffsets(), counts);
        counts.addMillis(CycleMetric.EXPORT_MILLIS, began, ports.clock().instant());
        return confirmation;
    }

    /** Decided traces that wait for a destination; until it has taken them nothing is read, and the topic is the buffer. */
    private record WaitingExport(List<DecidedTrace> decided, List<ExportRequest> sampled) {}

    private CycleReport exportAgain(WaitingExport export) {
        return exportAgain(export, begin());
    }

    private CycleReport exportAgain(WaitingExport export, CycleCounts counts) {
        // After a crash there may be another cycle of that number, with other spans.
        traceExport.begin(stateKey + "/" + cycle + "@" + settings.runId());
        boolean confirmed = export(export.sampled(), counts) == TraceExport.Confirmation.CONFIRMED;
        waiting = confirmed ? null : export;
        caughtUp &= confirmed;
        return end(confirmed ? export.decided() : List.of(), counts, true);
    }

    /** Whether the last cycle's export is not confirmed: then the next one tries it again. */
    public boolean isWaitingForExport() {
        return waiting != null;
    }

    private boolean handOver(CycleCounts counts) {
        HeldTraces holding = held;
        if (holding == null || !handOvers.isUsed() || tableTimeMillis == SourceCursor.NO_TABLE_TIME) {
            return false;
        }
        int handedOver = holding.handOver(tableTimeMillis, handOvers.toBeStruckOut()::contains);
        counts.add(CycleMetric.TRACES_HANDED_OVER, handedOver);
        return handedOver > 0;
    }

    private CycleReport end(List<DecidedTrace> done, CycleCounts counts, boolean recorded) {
        for (DecidedTrace trace : done) {
            cache.release(trace.summary().traceIdHigh(), trace.summary().traceIdLow());
            repeated.forget(trace.summary());
        }
        ports.source().forgetAllBut(open.heldLocations());
        counts.add(CycleMetric.TRACES_OPEN, open.size());
        counts.add(CycleMetric.SPANS_OPEN_AFTER, spansOpen);
        counts.add(CycleMetric.EXPORTS_UNCONFIRMED, pending.size() + (waiting == null ? 0 : 1));
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
        return new CycleDecisions(policies, decider, settings.quiet()).on(completed, prior);
    }

    private void record(List<DecidedTrace> decided) {
        long next = cycle + 1;
        Instant now = ports.clock().instant();
        List<DecidedTrace> ordered = decided.stream()
                .sorted(Comparator.comparing(trace -> trace.summary().traceId())).toList();
        Iterable<DecisionRecord> records = () -> ordered.stream().map(trace -> toRecord(trace, next, now)).iterator();
        if (policies.hasLimits()) {
            keepLimits(next, decider.snapshot());
        }
        if (held != null) {
            handOvers.write(stateKey, next, policies.version(), held, decided);
        }
        ports.log().record(position(next), records);
        cycle = next;
        recordedCycle = held == null ? next : recordedCycle;
        if (settings.backfill() == null) {
            ports.control().forgetConfirmedExports(stateKey, next);
        }
        ports.recent().remember(stateKey, next, records);
    }

    /** Those of a cycle that is not in the ledger yet would push out those of the last one that is. */
    private void keepLimits(long number, String limits) {
        if (held == null) {
            ports.control().keepLimits(stateKey, number, limits);
        } else {
            unrecordedLimits.put(number, limits);
        }
    }

    /** To be told when cycles up to this one are in the ledger, where that is not so at once. */
    public void recorded(long throughCycleInclusive) {
        recordedCycle = throughCycleInclusive;
        handOvers.recorded(stateKey, throughCycleInclusive);
        Map.Entry<Long, String> limits = unrecordedLimits.floorEntry(throughCycleInclusive);
        if (limits != null) {
            ports.control().keepLimits(stateKey, throughCycleInclusive, limits.getValue());
            unrecordedLimits.headMap(throughCycleInclusive, true).clear();
        }
    }

    /** From now on this much may be held in memory, where spans are read as they come. */
    public void holdAtMost(HoldLimits limits, long spanCacheBytes) {
        cache.limit(spanCacheBytes);
        if (held != null) {
            held.limit(limits);
        }
    }

    private DecisionRecord toRecord(DecidedTrace trace, long number, Instant now) {
        TraceSummary summary = trace.summary();
        return new DecisionRecord(source, number, settings.runId(), policies.version(), now, tableTimeMillis,
                trace.completion(), TraceFacts.of(summary, policies.conditionWords()), trace.decision(),
                settings.backfill());
    }
}
