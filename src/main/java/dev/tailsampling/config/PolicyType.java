package dev.tailsampling.config;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * The policy types, by where they may stand: those of the Collector's {@code tail_sampling} processor (contrib v0.164.1),
 * and {@code match} and {@code budget}, which are ours.
 */
enum PolicyType {
    ALWAYS_SAMPLE(Group.SIMPLE), LATENCY(Group.SIMPLE), NUMERIC_ATTRIBUTE(Group.SIMPLE), PROBABILISTIC(Group.SIMPLE),
    STATUS_CODE(Group.SIMPLE), STRING_ATTRIBUTE(Group.SIMPLE), BOOLEAN_ATTRIBUTE(Group.SIMPLE),
    SPAN_COUNT(Group.SIMPLE), TRACE_STATE(Group.SIMPLE), TRACE_FLAGS(Group.SIMPLE), OTTL_CONDITION(Group.SIMPLE),
    MATCH(Group.SIMPLE),
    RATE_LIMITING(Group.LIMIT), BYTES_LIMITING(Group.LIMIT),
    AND(Group.AND), NOT(Group.NOT), DROP(Group.DROP), COMPOSITE(Group.BUDGET), BUDGET(Group.BUDGET),
    EXTENSION(Group.FOREIGN);

    /** Types that may stand in the same places. */
    enum Group {
        SIMPLE, LIMIT, AND, NOT, DROP, BUDGET,
        /** Code of the Collector's, which cannot run here. */
        FOREIGN
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
