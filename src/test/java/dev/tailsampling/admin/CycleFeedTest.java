package dev.tailsampling.admin;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tailsampling.admin.CycleFeed.Subscription;
import dev.tailsampling.admin.CycleFeed.Subscription.Next;
import dev.tailsampling.selector.CycleReport;
import dev.tailsampling.selector.FinishedCycle;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class CycleFeedTest {

    private static final Duration LONG = Duration.ofSeconds(20);

    private final CycleFeed feed = new CycleFeed();

    private static FinishedCycle cycle(int number) {
        return new FinishedCycle("t" + number, Instant.EPOCH, CycleReport.NONE);
    }

    @Test
    void eachListenerGetsAllSinceItBegan() throws InterruptedException {
        Subscription early = feed.subscribe().orElseThrow();
        feed.publish(cycle(1));
        Subscription late = feed.subscribe().orElseThrow();
        feed.publish(cycle(2));

        assertThat(early.next(LONG)).contains(new Next(cycle(1), 0));
        assertThat(early.next(LONG)).contains(new Next(cycle(2), 0));
        assertThat(late.next(LONG)).contains(new Next(cycle(2), 0));
        assertThat(late.next(Duration.ZERO)).contains(new Next(null, 0));
    }

    @Test
    void aSlowListenerLosesTheOldestAndLearnsHowMany() throws InterruptedException {
        Subscription slow = feed.subscribe().orElseThrow();
        for (int i = 0; i < CycleFeed.MAX_WAITING + 3; i++) {
            feed.publish(cycle(i));
        }

        assertThat(slow.next(LONG)).contains(new Next(cycle(3), 3));
        assertThat(slow.next(LONG)).contains(new Next(cycle(4), 0));
    }

    @Test
    void theEndComesAfterWhatWaits() throws InterruptedException {
        Subscription listener = feed.subscribe().orElseThrow();
        feed.publish(cycle(1));
        feed.close();

        assertThat(listener.next(LONG)).contains(new Next(cycle(1), 0));
        assertThat(listener.next(LONG)).isEmpty();
        assertThat(feed.subscribe()).isEmpty();
    }

    @Test
    void aWaitingListenerIsWokenByTheEnd() throws Exception {
        Subscription listener = feed.subscribe().orElseThrow();
        CompletableFuture<Optional<Next>> got = new CompletableFuture<>();
        Thread.startVirtualThread(() -> {
            try {
                got.complete(listener.next(LONG));
            } catch (InterruptedException e) {
                got.completeExceptionally(e);
            }
        });
        feed.close();

        assertThat(got.get(10, TimeUnit.SECONDS)).isEmpty();
    }

    @Test
    void thereIsRoomForSoManyAndWhoLeavesMakesRoom() {
        Subscription first = feed.subscribe().orElseThrow();
        for (int i = 1; i < CycleFeed.MAX_SUBSCRIBERS; i++) {
            feed.subscribe().orElseThrow();
        }

        assertThat(feed.subscribe()).isEmpty();
        first.close();
        assertThat(feed.subscribe()).isPresent();
    }
}
