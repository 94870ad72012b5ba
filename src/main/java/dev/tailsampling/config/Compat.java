package dev.tailsampling.config;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Whose meaning the Collector's policy types have. */
public enum Compat {
    /** Ours: to the nanosecond, typed, R &ge; T, budgets over the whole table. */
    NATIVE,
    /** That of the Collector's {@code tail_sampling} processor, contrib v0.164.1, quirks included. */
    OTEL,
    /** That of the Collector before 2026: inclusive latency, and {@code invert_match} as a veto. */
    OTEL_LEGACY;

    /** Name in files and on the command line. */
    public String label() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** The mode of that name, null if there is none. */
    public static @Nullable Compat ofLabel(String label) {
        return Arrays.stream(values()).filter(mode -> mode.label().equals(label)).findFirst().orElse(null);
    }

    static List<String> labels() {
        return Arrays.stream(values()).map(Compat::label).toList();
    }

    boolean isCollector() {
        return this != NATIVE;
    }
}
