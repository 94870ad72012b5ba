package dev.tailsampling.admin;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class LivenessTest {

    private final AtomicLong nanoTime = new AtomicLong(Long.MAX_VALUE - Duration.ofMinutes(5).toNanos());
    private final Liveness liveness = new Liveness(Duration.ofMinutes(10), nanoTime::get);

    private void pass(Duration duration) {
        nanoTime.addAndGet(duration.toNanos());
    }

    @Test
    void aCycleThatHangsIsNoticedEvenWhenTheTimerOverflows() {
        liveness.beat("otel.a");
        liveness.beat("otel.b");
        pass(Duration.ofMinutes(9));
        liveness.beat("otel.b");
        assertThat(liveness.stuck()).isEmpty();
        pass(Duration.ofMinutes(1));
        assertThat(liveness.stuck()).contains("nothing was heard of the cycle of otel.a for 600 s");
    }

    @Test
    void restIsNoHanging() {
        liveness.beat("otel.a");
        liveness.rest("otel.a");
        pass(Duration.ofDays(1));
        assertThat(liveness.stuck()).isEmpty();
    }

    @Test
    void oneThatGoesOnAfterAllIsAliveAgain() {
        liveness.beat("otel.a");
        pass(Duration.ofHours(1));
        assertThat(liveness.stuck()).isPresent();
        liveness.beat("otel.a");
        assertThat(liveness.stuck()).isEmpty();
    }

    @Test
    void nobodyWorksYet() {
        assertThat(liveness.stuck()).isEmpty();
    }
}
