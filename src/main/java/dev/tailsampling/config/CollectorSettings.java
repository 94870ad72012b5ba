package dev.tailsampling.config;

import dev.tailsampling.config.YamlNode.Field;
import dev.tailsampling.config.YamlNode.Mapping;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/** Settings of the Collector's processor that mean nothing here: accepted, with a word on what applies instead. */
final class CollectorSettings {

    private static final String COMPLETENESS =
            "app.inactivity_timeout_secs and app.max_trace_duration_secs say when a trace is complete";
    private static final String NO_OVERFLOW = "open traces need little memory, and none is evicted";

    /** Names of the settings, and what applies instead. */
    static final Map<String, String> INSTEAD = Map.ofEntries(
            Map.entry("decision_wait", COMPLETENESS),
            Map.entry("decision_wait_after_root_received", COMPLETENESS),
            Map.entry("num_traces", NO_OVERFLOW),
            Map.entry("block_on_overflow", NO_OVERFLOW),
            Map.entry("expected_new_traces_per_sec", "memory is not set aside in advance"),
            Map.entry("num_shards", "traces are not divided among shards"),
            Map.entry("sampling_strategy", "every trace is decided whole, when it is complete"),
            Map.entry("drop_pending_traces_on_shutdown", "open traces are read again after a restart"),
            Map.entry("decision_cache", "redis.trace_ttl_secs says how long decisions are remembered"),
            Map.entry("tail_storage", "the spans stay in the table until the decision"));

    private final PolicyWarnings warnings;

    CollectorSettings(PolicyWarnings warnings) {
        this.warnings = warnings;
    }

    /**
     * Warns of each setting in the block.
     *
     * @throws PolicyException on a setting that the Collector does not have either
     */
    void check(Mapping block) {
        for (Field field : block.fields().values()) {
            String instead = INSTEAD.get(field.name());
            if (instead != null) {
                warnings.add(field.name() + " is not used: " + instead);
            } else if (!field.name().equals(ListedPolicies.KEY) && !SetFields.NAMES.contains(field.name())) {
                throw unknown(field);
            }
        }
    }

    private static PolicyException unknown(Field field) {
        List<String> known = new ArrayList<>(INSTEAD.keySet());
        known.add(ListedPolicies.KEY);
        known.addAll(SetFields.NAMES);
        String hint = new NearestName(known).hint(field.name());
        return new PolicyException(field.origin() + ": unknown key " + field.name()
                + (hint.isEmpty() ? "; known are " + String.join(", ", new TreeSet<>(known)) : hint));
    }
}
