package dev.tailsampling.admin;

import static dev.tailsampling.admin.CycleSeries.PREFIX;

import dev.tailsampling.admin.TableBoard.TableState;
import dev.tailsampling.selector.CycleReport;
import dev.tailsampling.selector.DestinationObserver;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.binder.jvm.JvmGcMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.system.FileDescriptorMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.core.instrument.binder.system.UptimeMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.IntSupplier;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What this process tells Prometheus. Counters belong to the process: they go on when a table's session is opened anew,
 * and never go back. One exposition shows whole cycles only, so what docs/METRICS.md says of sums holds in each.
 * Thread-safe.
 */
public final class ServiceMetrics implements AutoCloseable {

    /** Prometheus' text format. */
    public static final String TEXT = "text/plain; version=0.0.4; charset=utf-8";

    static final String OPEN_METRICS = "application/openmetrics-text; version=1.0.0; charset=utf-8";

    private final ReentrantLock lock = new ReentrantLock();
    private final PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private final JvmGcMetrics garbageCollection = new JvmGcMetrics();
    private final Map<String, TableMetrics> tables = new TreeMap<>();
    private final DestinationMetrics destinations = new DestinationMetrics(registry);
    private final InstantSource clock;
    private volatile @Nullable TableBoard board;
    private volatile @Nullable Health health;

    /**
     * Counts nothing yet.
     *
     * @param version of this program
     * @param clock wall-clock time
     */
    public ServiceMetrics(String version, InstantSource clock) {
        this.clock = clock;
        // A name that ends in ".info" makes Micrometer show it as such, ending in "_info".
        Gauge.builder("tail.sampling.build.info", () -> 1).description("The label has the version of this program")
                .tag("version", version).register(registry);
        new JvmMemoryMetrics().bindTo(registry);
        garbageCollection.bindTo(registry);
        new JvmThreadMetrics().bindTo(registry);
        new ProcessorMetrics().bindTo(registry);
        new FileDescriptorMetrics().bindTo(registry);
        new UptimeMetrics().bindTo(registry);
    }

    /** Counts a cycle of a table. */
    public void accept(String table, CycleReport report) {
        change(table, metrics -> metrics.accept(report));
    }

    /** Counts a cycle that failed, or a session that could not be opened. */
    public void cycleFailed(String table) {
        change(table, TableMetrics::failed);
    }

    /** Notes that a session ended, and with it what it held in memory. */
    public void sessionEnded(String table) {
        change(table, TableMetrics::release);
    }

    /** Counts what comes of batches at each destination; a destination is shown once something was told of it. */
    public DestinationObserver destinations() {
        return destinations;
    }

    /** Forgets what was counted of force rules that are not among these any more. */
    public void keepForceRules(Set<String> ids) {
        locked(() -> {
            tables.values().forEach(metrics -> metrics.keepForceRules(ids));
            return ids;
        });
    }

    /** From now on tables are shown as this board has them, and forgotten when it has them no more. */
    public void watch(TableBoard shown) {
        board = shown;
    }

    /** From now on these components are shown as dependencies. */
    public void watch(Health shown) {
        health = shown;
        shown.names().forEach(name -> Gauge.builder(PREFIX + "dependency_up", () -> shown.isUp(name)
                ? 1
                : 0).description("1 if what this process depends on answered when it was last asked, else 0")
                .tag("dependency", name).register(registry));
    }

    /** From now on the number of clients that follow the stream of cycles is shown. */
    public void watchSubscribers(IntSupplier count) {
        Gauge.builder(PREFIX + "sse_subscribers", count::getAsInt)
                .description("Clients that follow the stream of cycle reports").register(registry);
    }

    private void change(String table, Consumer<TableMetrics> change) {
        locked(() -> {
            change.accept(metrics(table));
            return table;
        });
    }

    private TableMetrics metrics(String table) {
        return tables.computeIfAbsent(table, name -> new TableMetrics(registry, name));
    }

    /**
     * All as text. Waits for components of {@link Health} that were not asked lately.
     *
     * @param contentType {@link #TEXT} or that of OpenMetrics
     */
    public String scrape(String contentType) {
        Health dependencies = health;
        if (dependencies != null) {
            dependencies.report();
        }
        TableBoard shown = board;
        List<TableState> states = shown == null ? List.of() : shown.tables();
        return locked(() -> {
            if (shown != null) {
                show(states);
            }
            return registry.scrape(contentType);
        });
    }

    private void show(List<TableState> states) {
        Set<String> known = states.stream().map(TableState::table).collect(Collectors.toSet());
        tables.entrySet().removeIf(entry -> {
            boolean gone = !known.contains(entry.getKey());
            if (gone) {
                entry.getValue().remove();
            }
            return gone;
        });
        Instant now = clock.instant();
        states.forEach(state -> metrics(state.table()).show(state, now));
    }

    private <T> T locked(Supplier<T> work) {
        lock.lock();
        try {
            return work.get();
        } finally {
            lock.unlock();
        }
    }

    /** Forgets all. */
    @Override
    public void close() {
        garbageCollection.close();
        registry.close();
    }
}
