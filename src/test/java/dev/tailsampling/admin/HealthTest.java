package dev.tailsampling.admin;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tailsampling.admin.HealthComponent.Weight;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class HealthTest {

    private static final Instant T0 = Instant.parse("2026-01-01T00:00:00Z");
    private static final Duration LONG = Duration.ofMinutes(1);
    private static final Duration SHORT = Duration.ofMillis(20);

    private final AtomicReference<Instant> now = new AtomicReference<>(T0);
    private final AtomicReference<Optional<String>> answer = new AtomicReference<>(Optional.empty());
    private final AtomicInteger asked = new AtomicInteger();

    private Health health(Weight weight, Duration timeout, Supplier<Optional<String>> check) {
        return new Health(List.of(new HealthComponent("redis", weight, check)), now::get, timeout,
                Duration.ofSeconds(5));
    }

    private Optional<String> ask() {
        asked.incrementAndGet();
        return answer.get();
    }

    private static ComponentState redis(Health health) {
        return health.report().components().get("redis");
    }

    private void pass(Duration duration) {
        now.updateAndGet(before -> before.plus(duration));
    }

    @Test
    void answersAreUsedAgainForAWhile() {
        Health health = health(Weight.MINOR, LONG, this::ask);
        assertThat(redis(health).isUp()).isTrue();
        answer.set(Optional.of("connection refused"));

        pass(Duration.ofMillis(4_999));
        assertThat(redis(health).isUp()).isTrue();
        assertThat(asked).hasValue(1);

        pass(Duration.ofMillis(1));
        assertThat(redis(health)).isEqualTo(new ComponentState(Weight.MINOR, ComponentState.Status.DOWN,
                "connection refused", now.get()));
        assertThat(asked).hasValue(2);
    }

    @Test
    void sinceIsWhenTheStatusBegan() {
        Health health = health(Weight.MINOR, LONG, this::ask);
        for (int i = 0; i < 3; i++) {
            assertThat(redis(health).since()).isEqualTo(T0);
            pass(Duration.ofSeconds(10));
        }
    }

    @Test
    void criticalComponentsBringTheServiceDownOthersDegradeIt() {
        Supplier<Optional<String>> down = () -> Optional.of("away");
        assertThat(health(Weight.CRITICAL, LONG, Optional::empty).report().status()).isEqualTo(HealthReport.Status.UP);
        assertThat(health(Weight.MINOR, LONG, down).report().status()).isEqualTo(HealthReport.Status.DEGRADED);
        assertThat(health(Weight.CRITICAL, LONG, down).report().status()).isEqualTo(HealthReport.Status.DOWN);
    }

    @Test
    void readyFromStartToStopWhileCriticalComponentsAreUp() {
        Health health = health(Weight.CRITICAL, LONG, this::ask);
        assertThat(health.notReady()).contains("the service is starting");
        health.started();
        assertThat(health.notReady()).isEmpty();
        answer.set(Optional.of("timed out"));
        pass(Duration.ofSeconds(6));
        assertThat(health.notReady()).contains("redis is down: timed out");
        answer.set(Optional.empty());
        pass(Duration.ofSeconds(6));
        assertThat(health.notReady()).isEmpty();
        health.draining();
        assertThat(health.notReady()).contains("the service is stopping");
    }

    @Test
    void minorComponentsDoNotTakeTheServiceAway() {
        Health health = health(Weight.MINOR, LONG, () -> Optional.of("away"));
        health.started();
        assertThat(health.notReady()).isEmpty();
    }

    @Test
    void oneThatHangsIsDownAndAskedOnlyOnce() throws Exception {
        CountDownLatch hang = new CountDownLatch(1);
        CountDownLatch ended = new CountDownLatch(1);
        Health health = health(Weight.CRITICAL, SHORT, () -> {
            asked.incrementAndGet();
            try {
                hang.await();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
            ended.countDown();
            return Optional.empty();
        });
        for (int i = 0; i < 5; i++) {
            assertThat(redis(health).detail()).isEqualTo("no answer within 20 ms");
            pass(Duration.ofSeconds(10));
        }
        assertThat(asked).hasValue(1);

        hang.countDown();
        ended.await();
        // It is noted a moment later.
        while (!redis(health).isUp()) {
            Thread.onSpinWait();
        }
        assertThat(asked.get()).isLessThanOrEqualTo(2);
    }

    @Test
    void manyWhoAskAtOnceShareOneCheck() throws Exception {
        CountDownLatch all = new CountDownLatch(1);
        Health health = health(Weight.MINOR, LONG, () -> {
            asked.incrementAndGet();
            try {
                all.await();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
            return Optional.empty();
        });
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<ComponentState>> states =
                    Stream.generate(() -> threads.submit(() -> redis(health))).limit(50).toList();
            all.countDown();
            for (Future<ComponentState> state : states) {
                assertThat(state.get().isUp()).isTrue();
            }
        }
        assertThat(asked).hasValue(1);
    }

    @Test
    void whatACheckThrowsIsShownInOneLineWithoutSecrets() {
        Health health = health(Weight.MINOR, LONG, () -> {
            throw new UncheckedIOException("cannot reach redis://user:s3cret@host:6379/0\nand password=s3cret, too",
                    new IOException("away"));
        });
        assertThat(redis(health).detail()).isEqualTo("cannot reach redis://user:***@host:6379/0 and password=***, too");
        assertThat(redis(health(Weight.MINOR, LONG, () -> {
            throw new IllegalStateException();
        })).detail()).isEqualTo("IllegalStateException");
        assertThat(redis(health(Weight.MINOR, LONG, () -> Optional.of("x".repeat(10_000)))).detail()).hasSize(501);
    }
}
