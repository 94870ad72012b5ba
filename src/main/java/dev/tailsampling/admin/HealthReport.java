package dev.tailsampling.admin;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/** How the components are, by name. Immutable. */
record HealthReport(Map<String, ComponentState> components) {

    /** How the service is. */
    enum Status {
        UP, DEGRADED, DOWN
    }

    HealthReport {
        components = Collections.unmodifiableMap(new LinkedHashMap<>(components));
    }

    Status status() {
        if (components.values().stream().anyMatch(ComponentState::isCriticalAndDown)) {
            return Status.DOWN;
        }
        return components.values().stream().allMatch(ComponentState::isUp) ? Status.UP : Status.DEGRADED;
    }
}
