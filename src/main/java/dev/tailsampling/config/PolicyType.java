package dev.tailsampling.config;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** The policy types of the Collector's {@code tail_sampling} processor (contrib v0.164.1), by where they may stand. */
enum PolicyType {
    ALWAYS_SAMPLE(Group.SIMPLE), LATENCY(Group.SIMPLE), NUMERIC_ATTRIBUTE(Group.SIMPLE), PROBABILISTIC(Group.SIMPLE),
    STATUS_CODE(Group.SIMPLE), STRING_ATTRIBUTE(Group.SIMPLE), BOOLEAN_ATTRIBUTE(Group.SIMPLE),
    SPAN_COUNT(Group.SIMPLE),
    AND(Group.AND), NOT(Group.NOT), DROP(Group.DROP), TRACE_STATE(Group.LATER), TRACE_FLAGS(Group.LATER),
    OTTL_CONDITION(Group.LATER), RATE_LIMITING(Group.LATER), BYTES_LIMITING(Group.LATER), COMPOSITE(Group.LATER),
    EXTENSION(Group.LATER);

    /** Types that may stand in the same places. */
    enum Group {
        SIMPLE, AND, NOT, DROP,
        /** Not supported yet. */
        LATER
    }

    private final Group group;

    PolicyType(Group group) {
        this.group = group;
    }

    Group group() {
        return group;
    }

    /** Name in a policies file, of the type and of the block with its fields. */
    String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** The type of that name, null if there is none. */
    static @Nullable PolicyType ofLabel(String label) {
        return Arrays.stream(values()).filter(type -> type.label().equals(label)).findFirst().orElse(null);
    }

    static List<String> labels() {
        return Arrays.stream(values()).map(PolicyType::label).toList();
    }
}
