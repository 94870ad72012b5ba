package dev.tailsampling.store;

import dev.tailsampling.selector.ForceRuleText;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Locale;
import java.util.Optional;

/**
 * State that several instances share, in Redis: recent decisions, force rules, leases. A server that is away when this is
 * opened, or goes away later, makes calls fail at once or after the command timeout, with {@link UncheckedIOException};
 * connections come back by themselves. Thread-safe. docs/REDIS.md has every key.
 */
public final class RedisState implements AutoCloseable {

    private static final String NEVER_EVICTS = "noeviction";
    private static final String POLICY = "maxmemory_policy:";

    private final RedisConnections connections;

    private RedisState(RedisConnections connections) {
        this.connections = connections;
    }

    /**
     * Prepares to connect; the first call connects.
     *
     * @throws IllegalArgumentException if the settings cannot be meant
     */
    public static RedisState open(RedisSettings settings) {
        return new RedisState(new RedisConnections(settings));
    }

    /** What keeps the server from being used as it should be, in one sentence; empty if nothing does. */
    public Optional<String> problem() {
        try {
            connections.call(commands -> commands.ping());
        } catch (UncheckedIOException e) {
            return Optional.of(String.valueOf(e.getMessage()));
        }
        return evictionPolicy().filter(policy -> !policy.equals(NEVER_EVICTS))
                .map(policy -> connections.name() + " may throw away keys when its memory is full (maxmemory-policy "
                        + policy + "): set maxmemory-policy noeviction");
    }

    /** Empty if the server does not tell, or this user may not ask. */
    private Optional<String> evictionPolicy() {
        try {
            return connections.call(commands -> commands.info("memory")).lines()
                    .filter(line -> line.startsWith(POLICY))
                    .map(line -> line.substring(POLICY.length()).strip().toLowerCase(Locale.ROOT)).findFirst();
        } catch (UncheckedIOException e) {
            return Optional.empty();
        }
    }

    /**
     * Recent decisions; to be used until this is closed.
     *
     * @param timeToLive how long a decision is remembered at least; at most an eighth longer
     * @param clock must be that of the other instances, within seconds
     */
    public RedisRecentDecisions recentDecisions(Duration timeToLive, InstantSource clock) {
        return new RedisRecentDecisions(connections, timeToLive, clock);
    }

    /**
     * Hand-overs; to be used until this is closed.
     *
     * @param timeToLive how long those of a source are kept that nobody appends to or loads; longer than a trace may be
     *     open and an instance away together
     */
    public RedisHandOvers handOvers(Duration timeToLive) {
        return new RedisHandOvers(connections, timeToLive);
    }

    /**
     * Leases; to be closed before this is.
     *
     * @param instanceId names this instance for people who look into Redis
     * @param timeToLive after which a lease ends that its holder has not renewed
     */
    public RedisLeases leases(String instanceId, Duration timeToLive) {
        return new RedisLeases(connections, instanceId, timeToLive);
    }

    /**
     * Watermarks; to be used until this is closed.
     *
     * @param timeToLive how long one is kept that its leader does not renew
     */
    public RedisWatermarks watermarks(Duration timeToLive) {
        return new RedisWatermarks(connections, timeToLive);
    }

    /**
     * Force rules shared through Redis.
     *
     * @param copy where this instance keeps them too, with the record of changes; an older state of Redis is told by it
     * @param text the form in which they are kept in Redis
     * @param channel where changes are told
     */
    public SharedForceRules forceRules(ForceRuleCopy copy, ForceRuleText text, String channel, InstantSource clock) {
        return new SharedForceRules(new RedisRules(connections, text, channel), copy, clock);
    }

    /**
     * Listens until it is closed, whether the server is there at the moment or not. To be closed before this is.
     *
     * @param channel where changes are told
     * @param onChange called on every message, and whenever messages may have been missed; must not block
     */
    public RedisRuleFeed ruleFeed(String channel, Runnable onChange) {
        return new RedisRuleFeed(connections, channel, onChange);
    }

    RedisConnections connections() {
        return connections;
    }

    @Override
    public void close() {
        connections.close();
    }

    /** The failure as everything in here reports it. */
    static UncheckedIOException failure(String sentence, Throwable cause) {
        return new UncheckedIOException(sentence, new IOException(sentence, cause));
    }
}
