package dev.tailsampling.config;

import java.util.ArrayList;
import java.util.List;

/** Collects what the author of policies should know. */
final class PolicyWarnings {

    private final List<String> warnings = new ArrayList<>();

    void add(String warning) {
        warnings.add(warning);
    }

    List<String> all() {
        return List.copyOf(warnings);
    }
}
