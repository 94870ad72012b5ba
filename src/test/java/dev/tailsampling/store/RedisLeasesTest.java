package dev.tailsampling.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tailsampling.selector.TableLease;
import dev.tailsampling.selector.TableLease.State;
import dev.tailsampling.selector.TableLeases;
import io.lettuce.core.RedisClient;
import io.lettuce.core.api.sync.RedisCommands;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class RedisLeasesTest extends TableLeasesContract {

    private static final Duration LONG = Duration.ofMinutes(5);
    private static final Duration SHORT = Duration.ofMillis(400);
    private static final String LEASE = "tss:{" + TABLE + "}:lease";
    private static LocalRedis server;
    private static RedisClient client;
    private static RedisCommands<String, String> cli;

    private RedisState stateOfOne;
    private RedisState stateOfOther;
    private RedisLeases one;
    private RedisLeases other;

    @BeforeAll
    static void startServer() {
        server = LocalRedis.start();
        client = RedisClient.create(server.url());
        cli = client.connect().sync();
    }

    @AfterAll
    static void stopServer() {
        client.shutdown(Duration.ZERO, Duration.ofSeconds(1));
        server.close();
    }

    @BeforeEach
    void open() {
        cli.flushall();
        stateOfOne = RedisState.open(PatientRedis.settings(server));
        stateOfOther = RedisState.open(PatientRedis.settings(server));
        one = stateOfOne.leases("one", LONG);
        other = stateOfOther.leases("other", LONG);
    }

    @AfterEach
    void close() {
        one.close();
        other.close();
        stateOfOne.close();
        stateOfOther.close();
    }

    @Override
    TableLeases one() {
        return one;
    }

    @Override
    TableLeases other() {
        return other;
    }

    @Test
    void tokensGoOnWhenRedisHasForgottenThem() {
        TableLease before = one.tryAcquire(TABLE, 1).orElseThrow();
        cli.flushall();
        TableLease after = other.tryAcquire(TABLE, 1).orElseThrow();

        assertThat(after.token()).isGreaterThan(before.token());
        assertThat(before.state()).isEqualTo(State.LOST);
        assertThat(after.state()).isEqualTo(State.HELD);
    }

    @Test
    void theHolderTakesItsLeaseAgainWhenRedisComesBackEmpty() {
        TableLease lease = one.tryAcquire(TABLE, 1).orElseThrow();
        cli.flushall();

        assertThat(lease.state()).isEqualTo(State.HELD);
        assertThat(other.tryAcquire(TABLE, 1)).isEmpty();
        assertThat(cli.get(LEASE)).startsWith(lease.token() + " one-");
    }

    @Test
    void aPausedHolderLosesItsLease() {
        try (RedisLeases paused = new RedisLeases(stateOfOne.connections(), "paused", SHORT, null)) {
            TableLease lease = paused.tryAcquire(TABLE, 1).orElseThrow();
            assertThat(other.tryAcquire(TABLE, 1)).isEmpty();
            PatientRedis.await(() -> cli.exists(LEASE) == 0);
            TableLease next = other.tryAcquire(TABLE, lease.token()).orElseThrow();

            assertThat(next.token()).isGreaterThan(lease.token());
            assertThat(lease.state()).isEqualTo(State.LOST);
            lease.close();
            assertThat(next.state()).isEqualTo(State.HELD);
        }
    }

    @Test
    void aHolderThatWasOvertakenAndFollowedByNobodyStaysLost() {
        try (RedisLeases paused = new RedisLeases(stateOfOne.connections(), "paused", SHORT, null)) {
            TableLease lease = paused.tryAcquire(TABLE, 1).orElseThrow();
            PatientRedis.await(() -> cli.exists(LEASE) == 0);
            other.tryAcquire(TABLE, 1).orElseThrow().close();

            assertThat(lease.state()).isEqualTo(State.LOST);
            assertThat(cli.exists(LEASE)).isZero();
        }
    }

    @Test
    void aHolderThatNobodyFollowedGoesOn() {
        try (RedisLeases paused = new RedisLeases(stateOfOne.connections(), "paused", SHORT, null)) {
            TableLease lease = paused.tryAcquire(TABLE, 1).orElseThrow();
            PatientRedis.await(() -> cli.exists(LEASE) == 0);

            assertThat(lease.state()).isEqualTo(State.HELD);
            assertThat(other.tryAcquire(TABLE, 1)).isEmpty();
        }
    }

    @Test
    void leasesAreRenewedInTheBackground() {
        Duration life = Duration.ofSeconds(3);
        try (RedisLeases renewing = stateOfOne.leases("renewing", life)) {
            TableLease lease = renewing.tryAcquire(TABLE, 1).orElseThrow();
            long end = System.nanoTime() + life.multipliedBy(2).toNanos();
            PatientRedis.await(() -> {
                Optional<TableLease> taken = other.tryAcquire(TABLE, 1);
                assertThat(taken).isEmpty();
                return System.nanoTime() > end;
            });
            assertThat(lease.state()).isEqualTo(State.HELD);
            renewing.close();
            PatientRedis.await(() -> other.tryAcquire(TABLE, 1).isPresent());
            assertThat(lease.state()).isEqualTo(State.LOST);
        }
    }

    @Test
    void nobodyKnowsWhileRedisIsAway() {
        try (LocalRedis away = LocalRedis.start();
                RedisState there = RedisState.open(PatientRedis.settings(away));
                RedisLeases leases = there.leases("one", LONG)) {
            TableLease lease = leases.tryAcquire(TABLE, 1).orElseThrow();
            away.stop();
            assertThat(lease.state()).isEqualTo(State.UNKNOWN);
            away.startAgainEmpty();
            PatientRedis.await(() -> lease.state() == State.HELD);
        }
    }
}
