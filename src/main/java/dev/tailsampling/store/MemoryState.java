package dev.tailsampling.store;

import dev.tailsampling.assembly.CompletionReason;
import dev.tailsampling.selector.ControlLog;
import dev.tailsampling.selector.CycleReport;
import dev.tailsampling.selector.DeadLetter;
import dev.tailsampling.selector.DecisionRecord;
import dev.tailsampling.selector.FinishedCycle;
import dev.tailsampling.selector.OperationLog;
import dev.tailsampling.selector.PriorDecision;
import dev.tailsampling.selector.RecentDecisions;
import dev.tailsampling.selector.SourceRow;
import dev.tailsampling.trace.TraceId;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Recent decisions and the control log in this process's memory, gone when it ends. The reference for what the ports
 * mean, and enough for dry runs. A decision takes about 140 bytes (measured). Thread-safe.
 */
public final class MemoryState implements RecentDecisions, ControlLog {

    /** Times count in milliseconds, as in a database. */
    private record Remembered(PriorDecision decision, long decidedAtMillis) {}

    /** What is known of one source. */
    private static final class Source {
        private final Map<TraceId, Remembered> decisions = new HashMap<>();
        private final Set<Long> confirmedExports = new TreeSet<>();
        private final LinkedHashMap<KafkaPosition, DeadLetter> deadLetters = new LinkedHashMap<>();
        private final TreeSet<String> unreadableFiles = new TreeSet<>();
        private final TreeMap<Long, String> limits = new TreeMap<>();
        private long deadLetterCount;
        private long newestCycle;
    }

    private final InstantSource clock;
    private final Map<String, Source> sources = new HashMap<>();
    private final List<FinishedCycle> reports = new ArrayList<>();
    private final Map<String, String> policySets = new HashMap<>();
    private final OperationLog operations = new MemoryOperationLog(this);

    /** Nothing kept yet; times are the system's. */
    public MemoryState() {
        this(InstantSource.system());
    }

    /**
     * Nothing kept yet.
     *
     * @param clock gives the times at which things were noted
     */
    public MemoryState(InstantSource clock) {
        this.clock = clock;
    }

    private Source source(String name) {
        return sources.computeIfAbsent(name, unseen -> new Source());
    }

    @Override
    public synchronized Map<TraceId, PriorDecision> find(String source, Collection<TraceId> traceIds) {
        Map<TraceId, Remembered> decisions = source(source).decisions;
        Map<TraceId, PriorDecision> found = new HashMap<>();
        for (TraceId traceId : traceIds) {
            Remembered remembered = decisions.get(traceId);
            if (remembered != null) {
                found.put(traceId, remembered.decision());
            }
        }
        return found;
    }

    @Override
    public void remember(String source, long cycle, Iterable<DecisionRecord> decisions) {
        // The iterable may fail half-way, or take its time: it is read before anything changes, and outside the lock.
        List<DecisionRecord> all = new ArrayList<>();
        decisions.forEach(all::add);
        rememberAll(source, cycle, all);
    }

    private synchronized void rememberAll(String source, long cycle, List<DecisionRecord> decisions) {
        Source known = source(source);
        for (DecisionRecord row : decisions) {
            Remembered remembered = new Remembered(new PriorDecision(row.cycle(), row.decision().outcome(),
                    row.decision().policy(), row.decision().threshold()), row.decidedAt().toEpochMilli());
            if (row.completion() == CompletionReason.LATE_SPANS) {
                known.decisions.putIfAbsent(row.trace().traceId(), remembered);
            } else {
                known.decisions.put(row.trace().traceId(), remembered);
            }
        }
        known.newestCycle = cycle;
    }

    @Override
    public synchronized long newestCycle(String source) {
        return source(source).newestCycle;
    }

    @Override
    public synchronized long forgetOlderThan(Instant decidedBefore) {
        long before = decidedBefore.toEpochMilli();
        long forgotten = 0;
        for (Source source : sources.values()) {
            int size = source.decisions.size();
            source.decisions.values().removeIf(remembered -> remembered.decidedAtMillis() < before);
            forgotten += size - source.decisions.size();
        }
        return forgotten;
    }

    @Override
    public synchronized void confirmExport(String source, long cycle) {
        source(source).confirmedExports.add(cycle);
    }

    @Override
    public synchronized List<Long> confirmedExports(String source, Collection<Long> cycles) {
        Set<Long> confirmed = source(source).confirmedExports;
        return cycles.stream().distinct().sorted().filter(confirmed::contains).toList();
    }

    @Override
    public synchronized void forgetConfirmedExports(String source, long beforeCycle) {
        source(source).confirmedExports.removeIf(cycle -> cycle < beforeCycle);
    }

    @Override
    public synchronized void addReport(String source, Instant finishedAt, CycleReport report) {
        reports.add(new FinishedCycle(source, finishedAt, report));
    }

    /** The reports of a source, in the order in which they were added. */
    public synchronized List<CycleReport> reports(String source) {
        return reports.stream().filter(cycle -> cycle.source().equals(source)).map(FinishedCycle::report).toList();
    }

    synchronized List<FinishedCycle> newestReports(@Nullable String source, int limit) {
        return reports.reversed().stream().filter(cycle -> source == null || cycle.source().equals(source))
                .sorted(Comparator.comparing(FinishedCycle::finishedAt).reversed()).limit(limit).toList();
    }

    @Override
    public synchronized long forgetReportsOlderThan(Instant finishedBefore) {
        long size = reports.size();
        reports.removeIf(cycle -> cycle.finishedAt().isBefore(finishedBefore));
        return size - reports.size();
    }

    @Override
    public synchronized void addDeadLetters(String source, Map<SourceRow, String> reasons) {
        Source known = source(source);
        Instant now = clock.instant().truncatedTo(ChronoUnit.MILLIS);
        reasons.forEach((row, reason) -> {
            KafkaPosition position = KafkaPosition.of(row);
            DeadLetter letter = new DeadLetter(source, position.row(row.timestampMillis()), reason, now);
            if (known.deadLetters.putIfAbsent(position, letter) == null) {
                known.deadLetterCount++;
            }
        });
        while (known.deadLetters.size() > DEAD_LETTERS_KEPT) {
            known.deadLetters.pollFirstEntry();
        }
    }

    @Override
    public synchronized long deadLetterCount(String source) {
        return source(source).deadLetterCount;
    }

    synchronized List<DeadLetter> newestDeadLetters(@Nullable String source, int limit) {
        return sources.entrySet().stream().filter(known -> source == null || known.getKey().equals(source))
                .sorted(Map.Entry.comparingByKey())
                .flatMap(known -> known.getValue().deadLetters.sequencedValues().reversed().stream())
                .sorted(Comparator.comparing(DeadLetter::firstSeen).reversed()).limit(limit).toList();
    }

    /** What operators ask. */
    public OperationLog operations() {
        return operations;
    }

    @Override
    public synchronized void addUnreadableFile(String source, String file, String reason) {
        source(source).unreadableFiles.add(file);
    }

    @Override
    public synchronized List<String> unreadableFiles(String source) {
        return List.copyOf(source(source).unreadableFiles);
    }

    @Override
    public synchronized void addPolicySet(String version, String text) {
        policySets.putIfAbsent(version, text);
    }

    @Override
    public synchronized Optional<String> policySet(String version) {
        return Optional.ofNullable(policySets.get(version));
    }

    @Override
    public synchronized void keepLimits(String source, long cycle, String limits) {
        TreeMap<Long, String> kept = source(source).limits;
        kept.put(cycle, limits);
        kept.headMap(cycle - 1).clear();
    }

    @Override
    public synchronized Optional<String> limits(String source, long cycle) {
        return Optional.ofNullable(source(source).limits.get(cycle));
    }
}
