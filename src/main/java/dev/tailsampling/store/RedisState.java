package dev.tailsampling.store;

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
