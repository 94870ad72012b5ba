package dev.tailsampling.cli;

import dev.tailsampling.config.ForceRuleJson;
import dev.tailsampling.config.ForceSamplingConfig;
import dev.tailsampling.config.SelectorConfig;
import dev.tailsampling.selector.ForceRuleStore;
import dev.tailsampling.selector.HandOvers;
import dev.tailsampling.selector.RecentDecisions;
import dev.tailsampling.selector.TableLeases;
import dev.tailsampling.store.ForceRuleCopy;
import dev.tailsampling.store.JdbcState;
import dev.tailsampling.store.RedisLeases;
import dev.tailsampling.store.RedisRuleFeed;
import dev.tailsampling.store.RedisSettings;
import dev.tailsampling.store.RedisState;
import dev.tailsampling.store.RedisWatermarks;
import dev.tailsampling.store.SharedForceRules;
import dev.tailsampling.store.SwitchingDecisions;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** What several instances share through Redis, with the control plane to fall back on. Thread-safe. */
final class SharedStores implements AutoCloseable {

    /** No trace is open for as long, with all the time that instances may be away meanwhile. */
    private static final Duration HAND_OVERS_TIME_TO_LIVE = Duration.ofDays(30);

    private final RedisState redis;
    private final SwitchingDecisions decisions;
    private final SharedForceRules rules;
    private final RedisLeases leases;
    private final RedisWatermarks watermarks;
    private final ForceSamplingConfig forceSampling;

    private SharedStores(RedisState redis, SwitchingDecisions decisions, SharedForceRules rules, RedisLeases leases,
            RedisWatermarks watermarks, ForceSamplingConfig forceSampling) {
        this.redis = redis;
        this.decisions = decisions;
        this.rules = rules;
        this.leases = leases;
        this.watermarks = watermarks;
        this.forceSampling = forceSampling;
    }

    /** Connects when it is needed. */
    static SharedStores open(RedisSettings settings, SelectorConfig config, JdbcState sql, ForceRuleCopy copy,
            InstantSource clock) {
        RedisState redis = RedisState.open(settings);
        return new SharedStores(redis,
                new SwitchingDecisions(redis.recentDecisions(config.redis().traceTtl(), clock), sql),
                redis.forceRules(copy, new ForceRuleJson(), config.forceSampling().pubsubChannel(), clock),
                redis.leases(config.app().instanceId(), config.redis().leaseTtl()),
                redis.watermarks(config.redis().traceTtl()), config.forceSampling());
    }

    RecentDecisions recentDecisions() {
        return decisions;
    }

    ForceRuleStore forceRules() {
        return rules;
    }

    HandOvers handOvers() {
        return redis.handOvers(HAND_OVERS_TIME_TO_LIVE);
    }

    TableLeases leases() {
        return leases;
    }

    RedisWatermarks watermarks() {
        return watermarks;
    }

    /**
     * Listens to changes of the rules; null if nobody wants to be told.
     *
     * @param onChange must not block
     */
    @Nullable
    RedisRuleFeed ruleFeed(Runnable onChange) {
        return forceSampling.enabled() && forceSampling.usePubsub()
                ? redis.ruleFeed(forceSampling.pubsubChannel(), onChange)
                : null;
    }

    /** What is wrong with Redis or had to do without it, in one sentence; empty if nothing. */
    Optional<String> problem() {
        List<String> problems = Stream.of(redis.problem(), decisions.problem(), rules.problem())
                .flatMap(Optional::stream).distinct().toList();
        return problems.isEmpty() ? Optional.empty() : Optional.of(problems.stream().collect(Collectors.joining("; ")));
    }

    @Override
    public void close() {
        try (RedisState closing = redis) {
            leases.close();
        }
    }
}
