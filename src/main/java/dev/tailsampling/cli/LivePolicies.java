package dev.tailsampling.cli;

import dev.tailsampling.config.ForceSamplingConfig;
import dev.tailsampling.policy.CompiledPolicies;
import dev.tailsampling.policy.ForceRule;
import dev.tailsampling.selector.ActiveRules;
import dev.tailsampling.selector.ControlLog;
import java.util.List;
import java.util.function.Supplier;

/** The configured policies behind the force rules that apply at the moment. Each version's text is kept. */
final class LivePolicies {

    private final LoadedPolicies configured;
    private final Supplier<List<ForceRule>> rules;
    private final ControlLog control;
    private List<ForceRule> compiledRules;
    private CompiledPolicies compiled;

    private LivePolicies(LoadedPolicies configured, Supplier<List<ForceRule>> rules, ControlLog control) {
        this.configured = configured;
        this.rules = rules;
        this.control = control;
        this.compiledRules = rules.get();
        this.compiled = compile(compiledRules);
    }

    static LivePolicies of(LoadedPolicies configured, Workspace workspace) {
        ForceSamplingConfig config = workspace.config().forceSampling();
        ActiveRules active = new ActiveRules(workspace.forceRules(), config.pollInterval(), workspace.clock());
        return new LivePolicies(configured, config.enabled() ? active::now : List::of, workspace.state());
    }

    /** As they are now; the same object as long as nothing changes. */
    CompiledPolicies now() {
        List<ForceRule> active = rules.get();
        if (!active.equals(compiledRules)) {
            compiled = compile(active);
            compiledRules = active;
        }
        return compiled;
    }

    private CompiledPolicies compile(List<ForceRule> active) {
        LoadedPolicies policies = configured.withForceRules(active);
        CompiledPolicies result = CompiledPolicies.of(policies.set());
        control.addPolicySet(result.version(), policies.text());
        return result;
    }

    /** Version of what {@link #now} gave last. */
    String version() {
        return compiled.version();
    }
}
