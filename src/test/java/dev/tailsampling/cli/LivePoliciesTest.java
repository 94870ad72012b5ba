package dev.tailsampling.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tailsampling.config.ForceRuleJson;
import dev.tailsampling.config.ParsedPolicies;
import dev.tailsampling.config.PolicyFile;
import dev.tailsampling.config.SelectorConfig;
import dev.tailsampling.policy.CompiledPolicies;
import dev.tailsampling.policy.ForceRule;
import dev.tailsampling.selector.ForceRules;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A process that goes on while rules come and go; the standard poll interval is five seconds. */
class LivePoliciesTest {

    private static final String POLICIES = "policies: [{name: all, type: always_sample}]";
    private static final String RULE =
            "{duration_secs: 60, action: force_drop, match: {span: [{key: k, op: exists}]}}";

    @TempDir
    private Path home;

    private Instant now = Instant.parse("2026-11-22T12:00:00Z");
    private Workspace workspace;
    private ForceRules rules;
    private LiveRules activeRules;
    private LivePolicies live;

    @BeforeEach
    void open() {
        workspace = Workspace.open(home, SelectorConfig.defaults(), () -> now);
        rules = new ForceRules(workspace.forceRules(), () -> now, "ann");
        ParsedPolicies parsed = new PolicyFile("p.yaml", POLICIES).parse();
        LoadedPolicies loaded = new LoadedPolicies(parsed.set(), POLICIES);
        activeRules = LiveRules.start(workspace);
        live = new LivePolicies(() -> loaded, activeRules::now, workspace.state());
    }

    @AfterEach
    void close() {
        activeRules.close();
        workspace.close();
    }

    private void after(Duration pause) {
        now = now.plus(pause);
    }

    @Test
    void aRuleIsNoticedAtThePollAndItsEndAtOnce() {
        CompiledPolicies without = live.now();
        ForceRule rule = rules.add(ForceRuleJson.request("rule", RULE), "r1");

        after(Duration.ofMillis(4_999));
        assertThat(live.now()).isSameAs(without);
        after(Duration.ofMillis(1));
        assertThat(live.now().set().forceRules()).containsExactly(rule);
        assertThat(live.now()).isSameAs(live.now());
        assertThat(live.version()).isEqualTo(live.now().version()).isNotEqualTo(without.version());
        after(Duration.ofMillis(54_999));
        assertThat(live.now().set().forceRules()).containsExactly(rule);
        after(Duration.ofMillis(1));
        assertThat(live.now().version()).isEqualTo(without.version());
    }

    @Test
    void everyVersionCanBeReadAgain() {
        String without = live.version();
        ForceRule rule = rules.add(ForceRuleJson.request("rule", RULE), "r1");
        after(Duration.ofSeconds(5));
        String with = live.now().version();
        rules.delete("r1");

        assertThat(workspace.policySet(without).orElseThrow().forceRules()).isEmpty();
        assertThat(workspace.policySet(with).orElseThrow().forceRules()).containsExactly(rule);
        assertThat(workspace.policySet(with).orElseThrow().version()).isEqualTo(with);
    }
}
