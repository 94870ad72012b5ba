package dev.tailsampling.cli;

import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Runs the cycles of several tables, fair between them: a table runs one cycle at a time, and the executor takes cycles
 * in the order in which they became due. A table with a backlog is due again at once, but behind all that were due while
 * it ran, so it gets what the others leave.
 *
 * <p>To be used by one thread; the cycles run on the executor's.
 */
final class TableScheduler {

    private final ScheduledExecutorService executor;
    private final Runnable onFailure;
    private final Map<String, TableCycles> tables = new ConcurrentHashMap<>();
    /** Those of the tables, and of tables that were left whose last cycle has not been closed yet. */
    private final Set<TableCycles> open = ConcurrentHashMap.newKeySet();
    private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();

    /**
     * Runs nothing yet.
     *
     * @param executor its threads bound how many cycles run at once; it drops what is not due when it is shut down
     * @param onFailure called when a table's cycles threw something, which ends the whole
     */
    TableScheduler(ScheduledExecutorService executor, Runnable onFailure) {
        this.executor = executor;
        this.onFailure = onFailure;
    }

    /** An executor of so many threads for {@link #TableScheduler}. */
    static ScheduledExecutorService executor(int threads) {
        ScheduledThreadPoolExecutor executor = new ScheduledThreadPoolExecutor(threads,
                Thread.ofPlatform().name("table-cycles-", 1).factory(), new ThreadPoolExecutor.DiscardPolicy());
        executor.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
        return executor;
    }

    /** From now on these tables are sampled: others end after the cycle that they are in. */
    void keep(Set<String> names, Function<String, TableCycles> opener) {
        tables.keySet().retainAll(names);
        for (String name : names) {
            if (!tables.containsKey(name)) {
                TableCycles cycles = opener.apply(name);
                tables.put(name, cycles);
                open.add(cycles);
                schedule(name, cycles, Duration.ZERO);
            }
        }
    }

    private void schedule(String name, TableCycles cycles, Duration rest) {
        // What goes wrong is kept by run itself.
        var unused = executor.schedule(() -> run(name, cycles), rest.toNanos(), TimeUnit.NANOSECONDS);
    }

    private void run(String name, TableCycles cycles) {
        try {
            if (cycles.equals(tables.get(name))) {
                schedule(name, cycles, cycles.next());
            } else {
                open.remove(cycles);
                cycles.close();
            }
        } catch (Throwable e) {
            failure.compareAndSet(null, e);
            onFailure.run();
        }
    }

    /** The failure of one table is no reason to leave others open, whose leases somebody waits for. */
    private void close(TableCycles cycles) {
        try {
            cycles.close();
        } catch (RuntimeException e) {
            failure.compareAndSet(null, e);
        }
    }

    /**
     * Lets the cycles in progress end, begins no others and closes all.
     *
     * @throws RuntimeException or an error: what a table's cycles threw first
     */
    void end() throws InterruptedException {
        executor.shutdown();
        executor.awaitTermination(Long.MAX_VALUE, TimeUnit.NANOSECONDS);
        open.forEach(this::close);
        switch (failure.get()) {
            case null -> {
            }
            case RuntimeException e -> throw e;
            case Error e -> throw e;
            case Throwable e -> throw new IllegalStateException(e);
        }
    }
}
