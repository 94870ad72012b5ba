package dev.tailsampling.admin;

import java.util.Optional;
import java.util.function.Supplier;

/**
 * Something that the service depends on.
 *
 * @param name in reports and metrics: lower case
 * @param weight what it means if it is down
 * @param check says in one sentence why it is down, and nothing if it is up; called by a virtual thread of its own, one
 *     at a time. What it throws counts as down
 */
public record HealthComponent(String name, Weight weight, Supplier<Optional<String>> check) {

    /** What it means that a component is down. */
    public enum Weight {
        /** Nothing can be done without it: the service is down, and not ready. */
        CRITICAL,
        /** What goes without it goes on: the service is degraded. */
        MINOR
    }
}
