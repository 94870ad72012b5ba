package dev.tailsampling.admin;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Predicate;

/** Counters that differ in labels whose values come with the data, of which there are only so many. Not thread-safe. */
final class CounterFamily {

    private final MeterRegistry registry;
    private final String name;
    private final String description;
    private final int most;
    private final Tags others;
    private final Map<Tags, Counter> counters = new HashMap<>();

    /**
     * Counts nothing yet.
     *
     * @param most so many counters at most, besides those that come to count the rest
     * @param others labels that stand for those of any further ones
     */
    CounterFamily(MeterRegistry registry, String name, String description, int most, Tags others) {
        this.registry = registry;
        this.name = name;
        this.description = description;
        this.most = most;
        this.others = others;
    }

    void add(Tags labels, double count) {
        Tags known = counters.containsKey(labels) || counters.size() < most ? labels : labels.and(others);
        counters.computeIfAbsent(known, unseen -> Counter.builder(name).description(description).tags(unseen)
                .register(registry)).increment(count);
    }

    /** Forgets what these labels say. */
    void removeIf(Predicate<Tags> gone) {
        counters.entrySet().removeIf(entry -> {
            boolean remove = gone.test(entry.getKey());
            if (remove) {
                registry.remove(entry.getValue());
            }
            return remove;
        });
    }
}
