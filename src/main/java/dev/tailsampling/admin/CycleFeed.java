package dev.tailsampling.admin;

import dev.tailsampling.selector.FinishedCycle;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Tells of finished cycles as they finish. Whoever listens too slowly loses the oldest, and learns how many; publishing
 * never waits. Thread-safe.
 */
public final class CycleFeed implements AutoCloseable {

    /** Listeners at the same time at most. */
    public static final int MAX_SUBSCRIBERS = 32;

    /** Cycles that wait for one listener at most. */
    public static final int MAX_WAITING = 256;

    private final Set<Subscription> subscriptions = ConcurrentHashMap.newKeySet();
    private boolean closed;

    /** Hands a cycle to all who listen. */
    public void publish(FinishedCycle cycle) {
        subscriptions.forEach(subscription -> subscription.add(cycle));
    }

    /** Cycles from now on; empty if too many listen already, or the feed has ended. */
    public synchronized Optional<Subscription> subscribe() {
        if (closed || subscriptions.size() >= MAX_SUBSCRIBERS) {
            return Optional.empty();
        }
        Subscription subscription = new Subscription();
        subscriptions.add(subscription);
        return Optional.of(subscription);
    }

    /** How many listen. */
    public int subscribers() {
        return subscriptions.size();
    }

    /** Ends all subscriptions, after what waits for them; there will be no others. */
    @Override
    public synchronized void close() {
        closed = true;
        subscriptions.forEach(Subscription::close);
    }

    /** One listener's cycles. For one thread that takes and another that closes. */
    public final class Subscription implements AutoCloseable {

        // A lock of this kind lets virtual threads wait at no cost; a monitor would not, before JDK 24.
        private final ReentrantLock lock = new ReentrantLock();
        private final Condition changed = lock.newCondition();
        private final ArrayDeque<FinishedCycle> waiting = new ArrayDeque<>();
        private long lost;
        private boolean ended;

        private Subscription() {}

        /**
         * What a listener gets.
         *
         * @param cycle null if there was none in time
         * @param lostBefore how many cycles were lost before it since the last one that was taken
         */
        public record Next(@Nullable FinishedCycle cycle, long lostBefore) {}

        private void add(FinishedCycle cycle) {
            lock.lock();
            try {
                if (waiting.size() == MAX_WAITING) {
                    waiting.removeFirst();
                    lost++;
                }
                waiting.addLast(cycle);
                changed.signalAll();
            } finally {
                lock.unlock();
            }
        }

        /**
         * Waits for the next cycle.
         *
         * @param patience how long at most
         * @return empty once the subscription has ended
         */
        public Optional<Next> next(Duration patience) throws InterruptedException {
            lock.lockInterruptibly();
            try {
                long left = patience.toNanos();
                while (waiting.isEmpty() && !ended) {
                    if (left <= 0) {
                        return Optional.of(new Next(null, 0));
                    }
                    left = changed.awaitNanos(left);
                }
                return waiting.isEmpty() ? Optional.empty() : Optional.of(take());
            } finally {
                lock.unlock();
            }
        }

        private Next take() {
            Next next = new Next(waiting.removeFirst(), lost);
            lost = 0;
            return next;
        }

        @Override
        public void close() {
            subscriptions.remove(this);
            lock.lock();
            try {
                ended = true;
                changed.signalAll();
            } finally {
                lock.unlock();
            }
        }
    }
}
