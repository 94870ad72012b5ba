package dev.tailsampling.store;

import io.lettuce.core.SetArgs;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * How far the leader of each table has come, for instances that stand by and for people. The ledger is the truth: nothing
 * is decided by these. Thread-safe.
 */
public final class RedisWatermarks {

    private static final String UNKNOWN = "-";
    private static final int PARTS = 4;

    private final RedisConnections redis;
    private final Duration timeToLive;

    /**
     * A leader's progress.
     *
     * @param cycle number of its last cycle that was recorded
     * @param tableTime up to where the table's time has come; null while it is not known
     * @param at when the leader said so
     * @param instance the leader
     */
    public record Watermark(long cycle, @Nullable Instant tableTime, Instant at, String instance) {

        private String text() {
            return cycle + " " + (tableTime == null ? UNKNOWN : tableTime.toEpochMilli()) + " " + at.toEpochMilli()
                    + " " + instance;
        }

        private static Optional<Watermark> parse(String text) {
            String[] parts = text.split(" ", PARTS);
            if (parts.length < PARTS) {
                return Optional.empty();
            }
            Instant tableTime = parts[1].equals(UNKNOWN) ? null : Instant.ofEpochMilli(Long.parseLong(parts[1]));
            return Optional.of(new Watermark(Long.parseLong(parts[0]), tableTime,
                    Instant.ofEpochMilli(Long.parseLong(parts[2])), parts[3]));
        }
    }

    RedisWatermarks(RedisConnections redis, Duration timeToLive) {
        this.redis = redis;
        this.timeToLive = timeToLive;
    }

    /** Tells the others. Waits for no answer, and does nothing while the server is away: the next cycle tells again. */
    public void publish(String table, Watermark watermark) {
        try {
            var unused = redis.send(commands -> commands.set(key(table), RedisScript.bytes(watermark.text()),
                    SetArgs.Builder.px(timeToLive.toMillis())));
        } catch (UncheckedIOException e) {
            // The ledger knows.
        }
    }

    /**
     * What the leader of a table said last.
     *
     * @throws UncheckedIOException if the server cannot be asked
     */
    public Optional<Watermark> find(String table) {
        byte[] found = redis.call(commands -> commands.get(key(table)));
        return found == null ? Optional.empty() : Watermark.parse(new String(found, StandardCharsets.UTF_8));
    }

    private static byte[] key(String table) {
        return RedisScript.bytes("tss:{" + table + "}:watermark");
    }
}
