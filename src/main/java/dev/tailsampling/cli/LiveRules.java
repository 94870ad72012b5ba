package dev.tailsampling.cli;

import dev.tailsampling.policy.ForceRule;
import java.util.List;
import java.util.function.Supplier;

/** The force rules that apply at the moment, for all tables of a process. Thread-safe. */
final class LiveRules implements AutoCloseable {

    private final Supplier<List<ForceRule>> rules;

    private LiveRules(Supplier<List<ForceRule>> rules) {
        this.rules = rules;
    }

    static LiveRules start(Workspace workspace) {
        return new LiveRules(workspace.activeRules());
    }

    /** In the order in which they are asked. */
    synchronized List<ForceRule> now() {
        return rules.get();
    }

    @Override
    public void close() {}
}
