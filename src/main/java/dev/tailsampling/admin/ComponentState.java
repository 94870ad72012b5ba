package dev.tailsampling.admin;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * How a component is.
 *
 * @param weight what it means if it is down
 * @param status up or down
 * @param detail why it is down, without secrets; null if it is up
 * @param since when a check found this status first
 */
record ComponentState(HealthComponent.Weight weight, Status status, @Nullable String detail, Instant since) {

    /** Whether it answers. */
    enum Status {
        UP, DOWN
    }

    boolean isUp() {
        return status == Status.UP;
    }

    boolean isCriticalAndDown() {
        return !isUp() && weight == HealthComponent.Weight.CRITICAL;
    }
}
