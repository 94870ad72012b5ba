package dev.tailsampling.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** Settings for machines that have much else to do, and waiting for what happens in the background. */
final class PatientRedis {

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private PatientRedis() {}

    static RedisSettings settings(LocalRedis server) {
        return settings(server, PATIENCE);
    }

    static RedisSettings settings(LocalRedis server, Duration commandTimeout) {
        return new RedisSettings(server.url(), null, 0, Duration.ofSeconds(10), commandTimeout, false, List.of());
    }

    static void await(BooleanSupplier condition) {
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).as("waited for too long").isLessThan(end);
            LockSupport.parkNanos(Duration.ofMillis(10).toNanos());
        }
    }
}
