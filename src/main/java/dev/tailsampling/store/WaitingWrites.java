package dev.tailsampling.store;

import dev.tailsampling.selector.ControlLog;
import dev.tailsampling.selector.SourceRow;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Writes to a control log that have not been made yet, in their order. Nothing in here waits for a database. Thread-safe. */
final class WaitingWrites {

    /** As many as the log keeps of each source. */
    static final int MAX_DEAD_LETTERS = ControlLog.DEAD_LETTERS_KEPT;

    /** Limits of earlier cycles are never asked for. */
    private static final int LIMITS_KEPT = 2;

    /** What is to be written. */
    sealed interface Write {
        /** Writes it. */
        void to(ControlLog log);

        /** Names it, for people. */
        String what();

        /** How many dead letters it holds. */
        default int deadLetters() {
            return 0;
        }
    }

    /** How full budgets are after a cycle. */
    record Limits(String source, long cycle, String limits) implements Write {

        @Override
        public void to(ControlLog log) {
            log.keepLimits(source, cycle, limits);
        }

        @Override
        public String what() {
            return "limits of " + source + " after cycle " + cycle;
        }
    }

    /** Rows that could not be decoded, in the order in which they were read. */
    record DeadLetters(String source, Map<SourceRow, String> reasons) implements Write {

        @Override
        public void to(ControlLog log) {
            log.addDeadLetters(source, reasons);
        }

        @Override
        public String what() {
            return "dead letters of " + source;
        }

        @Override
        public int deadLetters() {
            return reasons.size();
        }

        private DeadLetters withoutOldest(int count) {
            Map<SourceRow, String> newest = new LinkedHashMap<>();
            reasons.entrySet().stream().skip(count).forEach(entry -> newest.put(entry.getKey(), entry.getValue()));
            return new DeadLetters(source, newest);
        }
    }

    /** Anything small. */
    record Other(String what, Consumer<ControlLog> write) implements Write {

        @Override
        public void to(ControlLog log) {
            write.accept(log);
        }
    }

    private final Deque<Write> waiting = new ArrayDeque<>();

    synchronized int size() {
        return waiting.size();
    }

    /** The oldest; null if nothing waits. */
    synchronized @Nullable Write first() {
        return waiting.peekFirst();
    }

    /** Adds a write; of limits, only the newest of each source stay. */
    synchronized void add(Write write) {
        waiting.addLast(write);
        if (write instanceof Limits(String source, long cycle, String limits)) {
            List<Write> ofSource = waiting.stream()
                    .filter(other -> other instanceof Limits earlier && earlier.source().equals(source)).toList();
            ofSource.subList(0, Math.max(0, ofSource.size() - LIMITS_KEPT)).forEach(waiting::remove);
        }
    }

    /** Whether it still waited. */
    synchronized boolean remove(Write write) {
        return waiting.removeFirstOccurrence(write);
    }

    /**
     * Drops the oldest dead letters if there are more than {@value #MAX_DEAD_LETTERS}.
     *
     * @return how many were dropped
     */
    synchronized int dropOldDeadLetters() {
        int excess = waiting.stream().mapToInt(Write::deadLetters).sum() - MAX_DEAD_LETTERS;
        if (excess <= 0) {
            return 0;
        }
        int left = excess;
        for (Write write : List.copyOf(waiting)) {
            waiting.removeFirst();
            int dropped = Math.min(left, write.deadLetters());
            left -= dropped;
            if (dropped == 0) {
                waiting.addLast(write);
            } else if (write instanceof DeadLetters letters && dropped < letters.deadLetters()) {
                waiting.addLast(letters.withoutOldest(dropped));
            }
        }
        return excess;
    }
}
