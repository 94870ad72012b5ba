package dev.tailsampling.cli;

import dev.tailsampling.policy.CompiledPolicies;
import dev.tailsampling.policy.ForceRule;
import dev.tailsampling.selector.ControlLog;
import java.util.List;
import java.util.function.Supplier;

/** The policies of the moment behind the force rules of the moment. Each version's text is kept. Not thread-safe. */
final class LivePolicies {

    private final Supplier<LoadedPolicies> policies;
    private final Supplier<List<ForceRule>> rules;
    private final ControlLog control;
    private LoadedPolicies compiledFrom;
    private List<ForceRule> compiledRules;
    private CompiledPolicies compiled;

    /**
     * Compiles what is there now.
     *
     * @param policies gives the same object as long as nothing changes
     * @param rules that apply, in the order in which they are asked
     * @param control keeps the texts
     */
    LivePolicies(Supplier<LoadedPolicies> policies, Supplier<List<ForceRule>> rules, ControlLog control) {
        this.policies = policies;
        this.rules = rules;
        this.control = control;
        this.compiledFrom = policies.get();
        this.compiledRules = rules.get();
        this.compiled = compile(compiledFrom, compiledRules);
    }

    /** As they are now; the same object as long as nothing changes. */
    CompiledPolicies now() {
        LoadedPolicies loaded = policies.get();
        List<ForceRule> active = rules.get();
        if (!loaded.equals(compiledFrom) || !active.equals(compiledRules)) {
            compiled = compile(loaded, active);
            compiledFrom = loaded;
            compiledRules = active;
        }
        return compiled;
    }

    private CompiledPolicies compile(LoadedPolicies loaded, List<ForceRule> active) {
        LoadedPolicies behindRules = loaded.withForceRules(active);
        CompiledPolicies result = CompiledPolicies.of(behindRules.set());
        control.addPolicySet(result.version(), behindRules.text());
        return result;
    }

    /** Version of what {@link #now} gave last. */
    String version() {
        return compiled.version();
    }
}
