package dev.tailsampling.selector;

import dev.tailsampling.assembly.SpanCache;
import dev.tailsampling.policy.Outcome;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The cycles whose export nobody confirmed, and what is done about them: the oldest first, and when the destination is
 * still away not the others, which would fail too. Each attempt reads the ledger and the table, so while the destination
 * stays away there are pauses, unless a newer export tells that it is back. Not thread-safe.
 */
final class PendingExports {

    /**
     * How long one cycle exports what is pending before it goes on to decide. After a long outage there may be hours of
     * it, and whoever watches over the cycles would take the process for dead.
     */
    static final Duration LONGEST_ROUND = Duration.ofSeconds(30);

    /** Whatever is cached of a trace that was decided in an earlier cycle came after that decision. */
    private static final SpanCache NOTHING_CACHED = new SpanCache(0);

    private static final Duration NO_BOUND = Duration.ofSeconds(Long.MAX_VALUE);

    private final SelectorPorts ports;
    private final LedgerKey key;
    private final TraceExport traceExport;
    private final TreeSet<Long> cycles = new TreeSet<>();
    private final CyclePause pause = new CyclePause();
    private boolean ranOutOfTime;
    private @Nullable String ledger;

    PendingExports(SelectorPorts ports, LedgerKey key, TraceExport traceExport) {
        this.ports = ports;
        this.key = key;
        this.traceExport = traceExport;
    }

    /** A cycle whose export comes next, or was not confirmed when the last run ended. */
    void add(long cycle) {
        cycles.add(cycle);
        traceExport.begin(group(cycle));
    }

    /** The name of a cycle's spans among those of all cycles of all ledgers. */
    private String group(long cycle) {
        if (ledger == null) {
            ledger = ports.log().identity();
        }
        return key.inLedger(ledger) + "/" + cycle;
    }

    /** Their numbers, ascending. */
    CycleNumbers cycles() {
        return CycleNumbers.of(cycles);
    }

    int size() {
        return cycles.size();
    }

    /** Whether the last round stopped for no other reason than {@link #LONGEST_ROUND}. */
    boolean ranOutOfTime() {
        return ranOutOfTime;
    }

    /** What came of a cycle's export. */
    void note(String stateKey, long cycle, TraceExport.Confirmation confirmation) {
        if (confirmation == TraceExport.Confirmation.CONFIRMED) {
            ports.control().confirmExport(stateKey, cycle);
            cycles.remove(cycle);
        }
    }

    /** The next round need not wait. */
    void destinationIsBack() {
        pause.succeeded();
    }

    /**
     * Exports what is pending, unless it is time for a pause, and goes on in the next round with what takes longer than
     * {@link #LONGEST_ROUND}.
     *
     * @param position of the source, for cycles that the ledger's history does not tell of any more
     */
    void drive(String stateKey, SourceOffsets position, CycleCounts counts) {
        ranOutOfTime = false;
        if (!cycles.isEmpty() && pause.isOver()) {
            drive(stateKey, position, counts, LONGEST_ROUND);
        }
    }

    /** Exports what is pending, however long it takes and however often it failed: for runs that have an end. */
    void driveAll(String stateKey, SourceOffsets position, CycleCounts counts) {
        if (!cycles.isEmpty()) {
            drive(stateKey, position, counts, NO_BOUND);
        }
    }

    private void drive(String stateKey, SourceOffsets position, CycleCounts counts, Duration longest) {
        Instant began = ports.clock().instant();
        Map<Long, SourceOffsets> readUpTo = new HashMap<>();
        ports.log().cycles(key.text(), cycles.first())
                .forEach(logged -> readUpTo.put(logged.cycle(), logged.cursor().nextOffsets()));
        for (long cycle : cycles()) {
            traceExport.begin(group(cycle));
            TraceExport.Confirmation confirmation = traceExport.export(sampled(cycle), NOTHING_CACHED,
                    readUpTo.getOrDefault(cycle, position), counts);
            note(stateKey, cycle, confirmation);
            if (confirmation == TraceExport.Confirmation.UNCONFIRMED) {
                pause.failed();
                return;
            }
            if (longest.compareTo(Duration.between(began, ports.clock().instant())) <= 0) {
                ranOutOfTime = !cycles.isEmpty();
                break;
            }
        }
        pause.succeeded();
    }

    private List<ExportRequest> sampled(long cycle) {
        List<ExportRequest> requests = new ArrayList<>();
        ports.log().forEach(DecisionFilter.ofCycles(key, cycle, cycle).withOutcome(Outcome.SAMPLED),
                logged -> requests.add(ExportRequest.of(logged)));
        return requests;
    }
}
