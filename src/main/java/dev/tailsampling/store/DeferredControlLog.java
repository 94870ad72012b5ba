package dev.tailsampling.store;

import dev.failsafe.CircuitBreaker;
import dev.tailsampling.selector.ControlLog;
import dev.tailsampling.selector.CycleReport;
import dev.tailsampling.selector.SourceRow;
import dev.tailsampling.store.WaitingWrites.Write;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A control log that may go away for a while without stopping the flow: what is to be kept waits in memory, and is
 * written in its order when the log is back, by one thread at a time; the others only leave theirs. A write that the log
 * refuses although it takes others is given up. What waits when the process dies is lost; that costs exports that are
 * driven again, never a decision. Reading waits for what was kept before, and fails while the log is away. Thread-safe.
 */
public final class DeferredControlLog implements ControlLog, AutoCloseable {

    /** So much may wait; then keeping fails, too, as a process that nobody mends must not fill its memory. */
    static final int MAX_WAITING = 20_000;

    private static final Duration LEFT_ALONE = Duration.ofSeconds(10);

    private record GivenUp(long count, String last) {}

    private final ControlLog log;
    private final CircuitBreaker<Object> breaker;
    private final WaitingWrites waiting = new WaitingWrites();
    private final ReentrantLock writing = new ReentrantLock();
    private volatile @Nullable String awayBecause;
    private @Nullable GivenUp givenUp;

    /** Nothing waits yet. To be closed before the log is. */
    public DeferredControlLog(ControlLog log) {
        this(log, LEFT_ALONE);
    }

    DeferredControlLog(ControlLog log, Duration leftAlone) {
        this.log = log;
        this.breaker = CircuitBreaker.builder().withFailureThreshold(1).withSuccessThreshold(1).withDelay(leftAlone)
                .build();
    }

    /** How much waits to be written. */
    public int waiting() {
        return waiting.size();
    }

    /** Why writes wait and how many, and what was given up since the process began; empty if neither. */
    public Optional<String> problem() {
        String problem = Stream.of(whatWaits(), whatWasGivenUp()).flatMap(Optional::stream)
                .collect(Collectors.joining("; "));
        return problem.isEmpty() ? Optional.empty() : Optional.of(problem);
    }

    private Optional<String> whatWaits() {
        int writes = waiting.size();
        String reason = awayBecause;
        return reason == null || writes == 0
                ? Optional.empty()
                : Optional.of(writes + " writes to the control log wait until it is back: " + reason);
    }

    private synchronized Optional<String> whatWasGivenUp() {
        return givenUp == null
                ? Optional.empty()
                : Optional.of(givenUp.count() + " writes to the control log were given up, the last: "
                        + givenUp.last());
    }

    private synchronized void giveUp(long count, String last) {
        givenUp = new GivenUp(count + (givenUp == null ? 0 : givenUp.count()), last);
    }

    private void keep(String what, Consumer<ControlLog> write) {
        keep(new WaitingWrites.Other(what, write));
    }

    private void keep(Write write) {
        waiting.add(write);
        try {
            writeUnlessAnotherDoes();
        } catch (UncheckedIOException e) {
            // It waits, which problem() tells.
        }
        int dropped = write.deadLetters() == 0 ? 0 : waiting.dropOldDeadLetters();
        if (dropped > 0) {
            giveUp(dropped, "dead letters beyond the newest " + WaitingWrites.MAX_DEAD_LETTERS + " that waited");
        }
        if (waiting.size() > MAX_WAITING && waiting.remove(write)) {
            throw failure(MAX_WAITING + " writes to the control log wait already, no more can: " + awayBecause, null);
        }
    }

    private void writeUnlessAnotherDoes() {
        boolean again = true;
        while (again && writing.tryLock()) {
            try {
                again = writeWaiting();
            } finally {
                writing.unlock();
            }
            // Something may have been left after the last look, by a thread that found the lock taken.
            again = again && waiting.size() > 0;
        }
    }

    /** Whether all was written; else the log is left alone. Only for the thread that has the lock. */
    private boolean writeWaiting() {
        for (Write next = waiting.first(); next != null; next = waiting.first()) {
            if (!breaker.tryAcquirePermit()) {
                return false;
            }
            write(next);
            waiting.remove(next);
        }
        return true;
    }

    private void write(Write write) {
        try {
            write.to(log);
        } catch (RuntimeException e) {
            requireTakesWrites();
            writeOrGiveUp(write);
        }
        breaker.recordSuccess();
        awayBecause = null;
    }

    private void writeOrGiveUp(Write write) {
        try {
            write.to(log);
        } catch (RuntimeException e) {
            requireTakesWrites();
            giveUp(1, write.what() + ", as " + e.getMessage());
        }
    }

    /** Forgets what nobody has. A log that only answers would not do: a server may be read-only for a while. */
    private void requireTakesWrites() {
        try {
            log.forgetConfirmedExports("", 0);
        } catch (UncheckedIOException e) {
            awayBecause = e.getMessage();
            breaker.recordFailure();
            throw e;
        }
    }

    /** Whoever asks shall find what was kept before. Asking is rare, so it does not wait for the breaker. */
    private <T> T read(Supplier<T> question) {
        writeNow();
        return question.get();
    }

    private void writeNow() {
        writing.lock();
        try {
            breaker.close();
            writeWaiting();
        } finally {
            writing.unlock();
        }
    }

    /**
     * Writes what waits.
     *
     * @throws UncheckedIOException if the log is away still; what waits is lost then
     */
    @Override
    public void close() {
        try {
            writeNow();
        } catch (UncheckedIOException e) {
            throw failure(waiting.size() + " writes to the control log are lost, the exports they confirm are driven "
                    + "again: " + e.getMessage(), e);
        }
    }

    private static UncheckedIOException failure(String sentence, @Nullable Throwable cause) {
        return new UncheckedIOException(sentence, new IOException(sentence, cause));
    }

    @Override
    public void confirmExport(String source, long cycle) {
        keep("export of cycle " + cycle + " of " + source, to -> to.confirmExport(source, cycle));
    }

    @Override
    public List<Long> confirmedExports(String source, Collection<Long> cycles) {
        return read(() -> log.confirmedExports(source, cycles));
    }

    @Override
    public void forgetConfirmedExports(String source, long beforeCycle) {
        keep("exports of " + source + " before cycle " + beforeCycle,
                to -> to.forgetConfirmedExports(source, beforeCycle));
    }

    @Override
    public void addReport(String source, Instant finishedAt, CycleReport report) {
        keep("report of " + source + " at " + finishedAt, to -> to.addReport(source, finishedAt, report));
    }

    @Override
    public long forgetReportsOlderThan(Instant finishedBefore) {
        return read(() -> log.forgetReportsOlderThan(finishedBefore));
    }

    @Override
    public void addDeadLetters(String source, Map<SourceRow, String> reasons) {
        keep(new WaitingWrites.DeadLetters(source, new LinkedHashMap<>(reasons)));
    }

    @Override
    public long deadLetterCount(String source) {
        return read(() -> log.deadLetterCount(source));
    }

    @Override
    public void addUnreadableFile(String source, String file, String reason) {
        keep("damaged file " + file, to -> to.addUnreadableFile(source, file, reason));
    }

    @Override
    public List<String> unreadableFiles(String source) {
        return read(() -> log.unreadableFiles(source));
    }

    @Override
    public void addPolicySet(String version, String text) {
        keep("policy set " + version, to -> to.addPolicySet(version, text));
    }

    @Override
    public Optional<String> policySet(String version) {
        return read(() -> log.policySet(version));
    }

    @Override
    public void keepLimits(String source, long cycle, String limits) {
        keep(new WaitingWrites.Limits(source, cycle, limits));
    }

    @Override
    public Optional<String> limits(String source, long cycle) {
        return read(() -> log.limits(source, cycle));
    }
}
