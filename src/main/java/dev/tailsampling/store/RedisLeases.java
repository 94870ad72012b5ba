package dev.tailsampling.store;

import static dev.tailsampling.store.RedisScript.bytes;

import dev.tailsampling.selector.TableLease;
import dev.tailsampling.selector.TableLeases;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Leases in Redis: a key with an end for each table, renewed three times before it comes. Fencing tokens are the time in
 * milliseconds, or one more than the last if that is greater: a Redis that has forgotten the last gives none twice.
 * Thread-safe.
 */
public final class RedisLeases implements TableLeases, AutoCloseable {

    /** The lease is free, or was ours: a new token. */
    private static final RedisScript ACQUIRE = RedisScript.returningNumber("""
            local holder = redis.call('GET', KEYS[1])
            if holder and string.match(holder, '^%d+ (.*)$') ~= ARGV[1] then return 0 end
            local last = redis.call('GET', KEYS[2]) or '0'
            local time = redis.call('TIME')
            local token = string.format('%.0f', math.max(tonumber(string.match(last, '^%d+')) + 1,
              time[1] * 1000 + math.floor(time[2] / 1000), tonumber(ARGV[3])))
            redis.call('SET', KEYS[2], token .. ' ' .. ARGV[1])
            redis.call('SET', KEYS[1], token .. ' ' .. ARGV[1], 'PX', ARGV[2])
            return tonumber(token)""");
    /** Still ours; or gone, and nobody had it since. */
    private static final RedisScript RENEW = RedisScript.returningNumber("""
            local holder = redis.call('GET', KEYS[1])
            if holder then
              if holder ~= ARGV[1] then return 0 end
              redis.call('PEXPIRE', KEYS[1], ARGV[2])
              return 1
            end
            local last = redis.call('GET', KEYS[2])
            if last and last ~= ARGV[1] then return 0 end
            redis.call('SET', KEYS[2], ARGV[1])
            redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2])
            return 1""");
    private static final RedisScript RELEASE = RedisScript.returningNumber(
            "if redis.call('GET', KEYS[1]) == ARGV[1] then return redis.call('DEL', KEYS[1]) end return 0");
    private static final long NOT_OURS = 0;
    private static final int RENEWALS_PER_LIFE = 3;

    private final RedisConnections redis;
    private final String owner;
    private final Duration timeToLive;
    private final @Nullable ScheduledExecutorService renewing;

    RedisLeases(RedisConnections redis, String instanceId, Duration timeToLive) {
        this(redis, instanceId, timeToLive, Executors.newSingleThreadScheduledExecutor(
                Thread.ofPlatform().daemon().name("redis-leases").factory()));
    }

    /**
     * For tests: without renewals a lease ends unless its state is asked.
     *
     * @param renewing null for none
     */
    RedisLeases(RedisConnections redis, String instanceId, Duration timeToLive,
            @Nullable ScheduledExecutorService renewing) {
        this.redis = redis;
        this.owner = instanceId + "-"
                + Long.toString(ThreadLocalRandom.current().nextLong(Long.MAX_VALUE), Character.MAX_RADIX);
        this.timeToLive = timeToLive;
        this.renewing = renewing;
    }

    @Override
    public Optional<TableLease> tryAcquire(String source, long tokenAtLeast) {
        Long token = redis.call(ACQUIRE.<Long>on(keys(source),
                List.of(bytes(owner), bytes(timeToLive.toMillis()), bytes(tokenAtLeast))));
        return token == 0 ? Optional.empty() : Optional.of(new Lease(source, token));
    }

    /** One slot of a cluster. */
    private static List<byte[]> keys(String source) {
        return List.of(bytes("tss:{" + source + "}:lease"), bytes("tss:{" + source + "}:lease-token"));
    }

    /** Stops renewing; leases that were not closed end by themselves. */
    @Override
    public void close() {
        if (renewing != null) {
            renewing.shutdownNow();
        }
    }

    private final class Lease implements TableLease {

        private final List<byte[]> keys;
        private final long token;
        private final byte[] holder;
        private final @Nullable ScheduledFuture<?> renewal;
        private volatile boolean lost;

        Lease(String source, long token) {
            this.keys = keys(source);
            this.token = token;
            this.holder = bytes(token + " " + owner);
            this.renewal = renewing == null ? null : schedule(renewing);
        }

        private ScheduledFuture<?> schedule(ScheduledExecutorService scheduler) {
            long pause = Math.max(1, timeToLive.toMillis() / RENEWALS_PER_LIFE);
            return scheduler.scheduleAtFixedRate(this::renewInBackground, pause, pause, TimeUnit.MILLISECONDS);
        }

        /** Does not wait for the answer: a server that hangs must not keep the leases of other tables from being renewed. */
        private void renewInBackground() {
            try {
                var unused = send().thenAccept(this::learn);
            } catch (UncheckedIOException e) {
                // The next attempt, or whoever asks for the state, will see.
            }
        }

        /** Never after the release: it would take the lease again. */
        private synchronized CompletionStage<Long> send() {
            return lost
                    ? CompletableFuture.completedStage(NOT_OURS)
                    : redis.send(RENEW.<Long>on(keys, List.of(holder, bytes(timeToLive.toMillis()))));
        }

        private void learn(long renewed) {
            if (renewed == NOT_OURS) {
                lost = true;
            }
        }

        @Override
        public long token() {
            return token;
        }

        @Override
        public State state() {
            try {
                learn(redis.await(send().toCompletableFuture()));
                return lost ? State.LOST : State.HELD;
            } catch (UncheckedIOException e) {
                return State.UNKNOWN;
            }
        }

        @Override
        public void close() {
            if (renewal != null) {
                renewal.cancel(false);
            }
            try {
                redis.await(release());
            } catch (UncheckedIOException e) {
                // It ends by itself.
            }
        }

        private synchronized Future<Long> release() {
            lost = true;
            return redis.send(RELEASE.<Long>on(keys, List.of(holder)));
        }
    }
}
