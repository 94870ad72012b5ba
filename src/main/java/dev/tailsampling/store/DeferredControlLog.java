package dev.tailsampling.store;

import dev.failsafe.CircuitBreaker;
import dev.tailsampling.selector.ControlLog;
import dev.tailsampling.selector.CycleReport;
import dev.tailsampling.selector.SourceRow;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * A control log that may go away for a while without stopping the flow: what is to be kept waits in memory, and is
 * written in its order when the log is back. What waits when the process dies is lost; that costs exports that are driven
 * again, never a decision. Reading fails while the log is away. Thread-safe.
 */
public final class DeferredControlLog implements ControlLog {

    /** So much may wait; then keeping fails, too, as a process that nobody mends must not fill its memory. */
    static final int MAX_WAITING = 20_000;

    private static final Duration LEFT_ALONE = Duration.ofSeconds(10);

    private final ControlLog log;
    private final CircuitBreaker<Object> breaker;
    private final Deque<Runnable> waiting = new ArrayDeque<>();

    /** Nothing waits yet. */
    public DeferredControlLog(ControlLog log) {
        this(log, LEFT_ALONE);
    }

    DeferredControlLog(ControlLog log, Duration leftAlone) {
        this.log = log;
        this.breaker = CircuitBreaker.builder().withFailureThreshold(1).withSuccessThreshold(1).withDelay(leftAlone)
                .build();
    }

    /** How much waits to be written. */
    public synchronized int waiting() {
        return waiting.size();
    }

    private synchronized void keep(Runnable write) {
        waiting.addLast(write);
        try {
            writeWaiting();
        } catch (UncheckedIOException e) {
            if (waiting.size() > MAX_WAITING) {
                waiting.removeLast();
                throw e;
            }
        }
    }

    private void writeWaiting() {
        while (!waiting.isEmpty() && (waiting.size() > MAX_WAITING || breaker.tryAcquirePermit())) {
            try {
                waiting.getFirst().run();
                breaker.recordSuccess();
                waiting.removeFirst();
            } catch (UncheckedIOException e) {
                breaker.recordFailure();
                throw e;
            }
        }
    }

    private synchronized <T> T read(Supplier<T> question) {
        // Whoever asks shall find what was kept before. Asking is rare, so it does not wait for the breaker.
        breaker.close();
        writeWaiting();
        return question.get();
    }

    @Override
    public void confirmExport(String source, long cycle) {
        keep(() -> log.confirmExport(source, cycle));
    }

    @Override
    public List<Long> confirmedExports(String source, Collection<Long> cycles) {
        return read(() -> log.confirmedExports(source, cycles));
    }

    @Override
    public void forgetConfirmedExports(String source, long beforeCycle) {
        keep(() -> log.forgetConfirmedExports(source, beforeCycle));
    }

    @Override
    public void addReport(String source, Instant finishedAt, CycleReport report) {
        keep(() -> log.addReport(source, finishedAt, report));
    }

    @Override
    public long forgetReportsOlderThan(Instant finishedBefore) {
        return read(() -> log.forgetReportsOlderThan(finishedBefore));
    }

    @Override
    public void addDeadLetters(String source, Map<SourceRow, String> reasons) {
        Map<SourceRow, String> copy = new LinkedHashMap<>(reasons);
        keep(() -> log.addDeadLetters(source, copy));
    }

    @Override
    public long deadLetterCount(String source) {
        return read(() -> log.deadLetterCount(source));
    }

    @Override
    public void addUnreadableFile(String source, String file, String reason) {
        keep(() -> log.addUnreadableFile(source, file, reason));
    }

    @Override
    public List<String> unreadableFiles(String source) {
        return read(() -> log.unreadableFiles(source));
    }

    @Override
    public void addPolicySet(String version, String text) {
        keep(() -> log.addPolicySet(version, text));
    }

    @Override
    public Optional<String> policySet(String version) {
        return read(() -> log.policySet(version));
    }

    @Override
    public void keepLimits(String source, long cycle, String limits) {
        keep(() -> log.keepLimits(source, cycle, limits));
    }

    @Override
    public Optional<String> limits(String source, long cycle) {
        return read(() -> log.limits(source, cycle));
    }
}
