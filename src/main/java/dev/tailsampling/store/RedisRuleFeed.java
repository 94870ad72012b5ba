package dev.tailsampling.store;

import io.lettuce.core.api.StatefulConnection;
import io.lettuce.core.pubsub.RedisPubSubAdapter;
import java.io.UncheckedIOException;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Hears of changes of the force rules at once. Messages are lost while the connection is: every time that it is made,
 * first or again, counts as a change. Thread-safe.
 */
public final class RedisRuleFeed implements AutoCloseable {

    private static final long PAUSE_MILLIS = 1_000;

    private final RedisConnections redis;
    private final String channel;
    private final Runnable onChange;
    private final ScheduledExecutorService connecting = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("redis-rule-feed").factory());
    private @Nullable StatefulConnection<String, String> connection;
    private boolean closed;

    RedisRuleFeed(RedisConnections redis, String channel, Runnable onChange) {
        this.redis = redis;
        this.channel = channel;
        this.onChange = onChange;
        connecting.execute(this::connect);
    }

    /** Until it succeeds once; afterwards the library connects and subscribes again by itself. */
    private void connect() {
        try {
            keep(redis.subscribe(channel, new RedisPubSubAdapter<>() {
                @Override
                public void message(String from, String message) {
                    onChange.run();
                }

                @Override
                public void subscribed(String to, long count) {
                    onChange.run();
                }
            }));
        } catch (UncheckedIOException e) {
            connectLater();
        }
    }

    private synchronized void connectLater() {
        if (!closed) {
            var unused = connecting.schedule(this::connect, PAUSE_MILLIS, TimeUnit.MILLISECONDS);
        }
    }

    private synchronized void keep(StatefulConnection<String, String> made) {
        connection = made;
        if (closed) {
            close();
        }
    }

    /** Hears nothing any more. */
    @Override
    public synchronized void close() {
        closed = true;
        connecting.shutdownNow();
        if (connection != null) {
            connection.close();
        }
    }
}
