package dev.tailsampling.selector;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tailsampling.policy.ForceRule;
import dev.tailsampling.policy.Matcher;
import dev.tailsampling.policy.Matcher.Operator;
import dev.tailsampling.policy.SpanMatch;
import dev.tailsampling.store.MemoryForceRules;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class ActiveRulesTest {

    private static final Duration POLL_INTERVAL = Duration.ofSeconds(5);

    private Instant now = Instant.parse("2026-01-01T12:00:00Z");
    private boolean away;
    private int asked;
    private volatile Callable<@Nullable Void> beforeAnswer = () -> null;
    private final MemoryForceRules store = new MemoryForceRules(() -> now);
    private final ActiveRules active = new ActiveRules(counting(), POLL_INTERVAL, () -> now);

    private ForceRuleStore counting() {
        return (ForceRuleStore) Proxy.newProxyInstance(ForceRuleStore.class.getClassLoader(),
                new Class<?>[]{ForceRuleStore.class}, (proxy, method, arguments) -> {
                    asked++;
                    beforeAnswer.call();
                    if (away) {
                        throw new UncheckedIOException("the store is away", new IOException());
                    }
                    try {
                        return method.invoke(store, arguments);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                });
    }

    private ForceRule rule(String id) {
        return new ForceRule(id, "", 1,
                SpanMatch.of(List.of(new Matcher("service.name", Operator.EXISTS, List.of())), List.of()),
                new ForceRule.Action.ForceDrop(), now, now.plusSeconds(3_600), true);
    }

    @Test
    void changesAreNoticedAfterThePollInterval() {
        assertThat(active.now()).isEmpty();
        store.add(rule("a"), "ann");
        assertThat(active.now()).isEmpty();
        now = now.plus(POLL_INTERVAL);

        assertThat(active.now()).extracting(ForceRule::id).containsExactly("a");
        assertThat(active.revision()).isEqualTo(1);
    }

    @Test
    void changesAreNoticedAtOnceAfterARefresh() {
        assertThat(active.now()).isEmpty();
        store.add(rule("a"), "ann");
        active.refresh();

        assertThat(active.now()).extracting(ForceRule::id).containsExactly("a");
        int before = asked;
        active.now();
        assertThat(asked).as("one refresh is one poll").isEqualTo(before);
    }

    @Test
    void rulesKnownLastGoOnToApplyWhileTheStoreFails() {
        store.add(rule("a"), "ann");
        active.now();
        away = true;
        now = now.plus(POLL_INTERVAL);

        assertThat(active.now()).extracting(ForceRule::id).containsExactly("a");
        assertThat(active.problem()).contains("the store is away");
        int before = asked;
        active.now();
        assertThat(asked).as("a store that is away is asked no more often").isEqualTo(before);

        away = false;
        now = now.plus(POLL_INTERVAL);
        active.now();
        assertThat(active.problem()).isEmpty();
    }

    @Test
    void expiredRulesEndWithoutTheStore() {
        store.add(rule("a"), "ann");
        active.now();
        away = true;
        now = now.plusSeconds(3_600);

        assertThat(active.now()).isEmpty();
    }

    @Test
    void rulesThatWereNeverReadAreNotTakenForNone() {
        away = true;

        assertThatThrownBy(active::now).isInstanceOf(UncheckedIOException.class).hasMessage("the store is away");
        away = false;
        store.add(rule("a"), "ann");
        assertThat(active.now()).extracting(ForceRule::id).containsExactly("a");
    }

    @Test
    void servesSeveralThreads() throws Exception {
        try (ExecutorService threads = Executors.newFixedThreadPool(4)) {
            List<? extends Future<?>> readers = IntStream.range(0, 4).mapToObj(t -> threads.submit(() -> {
                int known = 0;
                for (int i = 0; i < 200; i++) {
                    store.add(rule("t" + t + "-" + i), "ann");
                    active.refresh();
                    // While another thread asks the store, what is known already has to do.
                    assertThat(active.now()).hasSizeGreaterThanOrEqualTo(known);
                    known = active.now().size();
                }
            })).toList();
            for (Future<?> reader : readers) {
                reader.get();
            }
        }
        active.refresh();
        assertThat(active.now()).hasSize(800);
    }

    /** A store that hangs must not make every table wait for it. */
    @Test
    void whoFindsTheStoreBeingAskedGoesOnWithWhatIsKnown() throws Exception {
        store.add(rule("a"), "ann");
        active.now();
        CountDownLatch asked = new CountDownLatch(1);
        CountDownLatch answered = new CountDownLatch(1);
        beforeAnswer = () -> {
            asked.countDown();
            answered.await();
            return null;
        };
        try (ExecutorService thread = Executors.newSingleThreadExecutor()) {
            active.refresh();
            Future<?> asking = thread.submit(active::now);
            asked.await();
            assertThat(active.now()).extracting(ForceRule::id).containsExactly("a");
            answered.countDown();
            asking.get();
        }
    }

    /** A change was told of while a cycle was asking: whoever tells people of it must not tell what was before. */
    @Test
    void whoAwaitsTheRulesGetsEveryChangeBeforeTheRefresh() throws Exception {
        store.add(rule("a"), "ann");
        active.now();
        CountDownLatch asked = new CountDownLatch(1);
        CountDownLatch answered = new CountDownLatch(1);
        beforeAnswer = () -> {
            asked.countDown();
            answered.await();
            return null;
        };
        try (ExecutorService threads = Executors.newFixedThreadPool(2)) {
            active.refresh();
            Future<?> asking = threads.submit(active::now);
            asked.await();
            store.add(rule("b"), "ann");
            active.refresh();
            assertThat(active.now()).as("as it is known").extracting(ForceRule::id).containsExactly("a");
            Future<List<ForceRule>> awaiting = threads.submit(active::await);
            answered.countDown();
            assertThat(awaiting.get()).extracting(ForceRule::id).containsExactlyInAnyOrder("a", "b");
            asking.get();
        }
    }
}
