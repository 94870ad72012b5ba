package dev.tailsampling.admin;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import org.jspecify.annotations.Nullable;

/** A gauge that is shown only while its value is known. Not thread-safe. */
final class OptionalGauge {

    private final MeterRegistry registry;
    private final String name;
    private final String description;
    private final Tags tags;
    private double value;
    private @Nullable Gauge shown;

    OptionalGauge(MeterRegistry registry, String name, String description, Tags tags) {
        this.registry = registry;
        this.name = name;
        this.description = description;
        this.tags = tags;
    }

    void set(double known) {
        value = known;
        if (shown == null) {
            shown = Gauge.builder(name, () -> value).description(description).tags(tags).register(registry);
        }
    }

    void hide() {
        Gauge hidden = shown;
        shown = null;
        if (hidden != null) {
            registry.remove(hidden);
        }
    }
}
