package dev.tailsampling.cli;

import dev.tailsampling.admin.PolicyControl;
import dev.tailsampling.admin.RulePreview;
import dev.tailsampling.assembly.QuietRule;
import dev.tailsampling.backfill.RecentTraces;
import dev.tailsampling.backfill.TrialTraces;
import dev.tailsampling.lake.TableHistory;
import dev.tailsampling.policy.CompiledPolicies;
import dev.tailsampling.policy.NamedPolicy;
import dev.tailsampling.policy.PolicySet;
import dev.tailsampling.policy.SamplingPolicy;
import dev.tailsampling.selector.ForceRuleRequest;
import dev.tailsampling.selector.MissingSourceException;
import dev.tailsampling.selector.PolicyActivation;
import dev.tailsampling.selector.PolicyHistory;
import dev.tailsampling.trace.TraceId;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Policies and rules as the admin API changes and tries them, over the tables that are sampled. Thread-safe. */
final class TriedPolicies implements PolicyControl, RulePreview {

    private static final Logger LOG = LoggerFactory.getLogger(TriedPolicies.class);

    private final ReentrantLock reading = new ReentrantLock();
    private final ActivePolicies active;
    private final PolicyHistory history;
    private final Workspace workspace;
    private final Supplier<? extends Collection<String>> tables;

    /**
     * Reads nothing yet.
     *
     * @param tables names of the sampled tables, at the moment
     */
    TriedPolicies(ActivePolicies active, PolicyHistory history, Workspace workspace,
            Supplier<? extends Collection<String>> tables) {
        this.active = active;
        this.history = history;
        this.workspace = workspace;
        this.tables = tables;
    }

    @Override
    public PolicyActivation current() {
        return active.current().activation();
    }

    @Override
    public List<PolicyActivation> history(int limit) {
        return history.list(limit);
    }

    @Override
    public Difference compare(String text) {
        ActivePolicies.Read read = ActivePolicies.parse("the policies", text);
        Map<String, NamedPolicy> now = byName(active.now().set());
        Map<String, NamedPolicy> then = byName(read.parsed().set());
        return new Difference(read.parsed().set().version(), read.parsed().warnings(),
                then.keySet().stream().filter(name -> !now.containsKey(name)).sorted().toList(),
                now.keySet().stream().filter(name -> !then.containsKey(name)).sorted().toList(),
                then.keySet().stream().filter(now::containsKey)
                        .filter(name -> !Objects.equals(now.get(name), then.get(name))).sorted().toList());
    }

    private static Map<String, NamedPolicy> byName(PolicySet set) {
        Map<String, NamedPolicy> byName = new HashMap<>();
        set.policies().forEach(policy -> byName.put(policy.name(), policy));
        return byName;
    }

    @Override
    public List<Effect> effects(String text, Duration window) {
        CompiledPolicies now = CompiledPolicies.of(active.now().set());
        CompiledPolicies then = CompiledPolicies.of(ActivePolicies.parse("the policies", text).parsed().set());
        return overTables(table -> effect(table, now, then, window));
    }

    /** One request at a time, as each takes memory. A table that does not exist yet has no traces. */
    private <T> List<T> overTables(Function<String, T> question) {
        reading.lock();
        try {
            List<T> answers = new ArrayList<>();
            for (String table : tables.get()) {
                try {
                    answers.add(question.apply(table));
                } catch (MissingSourceException e) {
                    LOG.debug("{} has no traces to try policies on", table, e);
                }
            }
            return List.copyOf(answers);
        } finally {
            reading.unlock();
        }
    }

    private Effect effect(String table, CompiledPolicies now, CompiledPolicies then, Duration length) {
        TrialTraces before = new TrialTraces(now, quiet());
        TrialTraces after = new TrialTraces(then, quiet());
        RecentTraces.Window window = recent(table).fold(length, List.of(before, after));
        Set<TraceId> sampledNow = before.sampled();
        Set<TraceId> sampledThen = after.sampled();
        Set<TraceId> both = new HashSet<>(sampledNow);
        both.retainAll(sampledThen);
        return new Effect(table, Instant.ofEpochMilli(window.fromMillisInclusive()),
                Instant.ofEpochMilli(window.untilMillisExclusive()), before.size(), sampledNow.size(),
                sampledThen.size(), (long) sampledNow.size() - both.size(), (long) sampledThen.size() - both.size());
    }

    @Override
    public Optional<PolicyActivation> activate(long known, String author, String text) {
        return active.activate(known, author, text);
    }

    @Override
    public List<Matches> preview(ForceRuleRequest request, Duration window) {
        CompiledPolicies ruleAlone = CompiledPolicies.of(
                new PolicySet(List.of(NamedPolicy.of("preview", new SamplingPolicy.AlwaysSample())))
                        .withForceRules(List.of(request.create("preview", workspace.clock().instant()))));
        return overTables(table -> matches(table, ruleAlone, window));
    }

    private Matches matches(String table, CompiledPolicies ruleAlone, Duration length) {
        TrialTraces traces = new TrialTraces(ruleAlone, quiet());
        RecentTraces.Window window = recent(table).fold(length, List.of(traces));
        List<TraceId> matched = traces.matchedByRules();
        return new Matches(table, Instant.ofEpochMilli(window.fromMillisInclusive()),
                Instant.ofEpochMilli(window.untilMillisExclusive()), traces.size(), matched.size(),
                matched.stream().limit(MAX_EXAMPLES).toList());
    }

    private RecentTraces recent(String table) {
        return new RecentTraces(
                new TableHistory(workspace.catalog(), table,
                        Session.tableOptions(workspace.config(), workspace.clock())),
                workspace.config().storage().iceberg().maxBytesPerCycle());
    }

    private QuietRule quiet() {
        return QuietRule.of(workspace.config().app().inactivityTimeout(), workspace.config().app().maxTraceDuration());
    }
}
