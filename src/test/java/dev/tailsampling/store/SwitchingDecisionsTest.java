package dev.tailsampling.store;

import static dev.tailsampling.store.DecisionRecords.SOURCE;
import static dev.tailsampling.store.DecisionRecords.notSampled;
import static dev.tailsampling.store.DecisionRecords.sampled;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tailsampling.selector.DecisionRecord;
import dev.tailsampling.selector.PriorDecision;
import dev.tailsampling.selector.RecentDecisions;
import dev.tailsampling.trace.TraceId;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SwitchingDecisionsTest {

    private static final TraceId A = new TraceId(1, 1);
    private static final Duration FOREVER = Duration.ofDays(1);

    /** A store that can be away, and counts how often it was asked. */
    private static final class Flaky implements RecentDecisions {

        private RecentDecisions store = new MemoryState();
        private boolean isAway;
        private boolean hasChanged;
        private int calls;

        private RecentDecisions store() {
            calls++;
            if (isAway) {
                throw new UncheckedIOException("Redis is away", new IOException());
            }
            return store;
        }

        @Override
        public Map<TraceId, PriorDecision> find(String source, Collection<TraceId> traceIds) {
            return store().find(source, traceIds);
        }

        @Override
        public void remember(String source, long cycle, Iterable<DecisionRecord> decisions) {
            if (hasChanged) {
                throw new DecisionsChangedException("changed meanwhile");
            }
            store().remember(source, cycle, decisions);
        }

        @Override
        public long newestCycle(String source) {
            return store().newestCycle(source);
        }

        @Override
        public long forgetOlderThan(Instant decidedBefore) {
            return store().forgetOlderThan(decidedBefore);
        }
    }

    private final Flaky primary = new Flaky();
    private final MemoryState fallback = new MemoryState();
    private final SwitchingDecisions switching =
            new SwitchingDecisions(primary, fallback, Duration.ofNanos(1), Duration.ofNanos(1));

    @Nested
    class WhilePrimaryIsThere extends RecentDecisionsContract {
        @Override
        RecentDecisions recent() {
            return switching;
        }
    }

    @Nested
    class WhilePrimaryIsAway extends RecentDecisionsContract {

        private final SwitchingDecisions withoutPrimary = new SwitchingDecisions(primary, fallback, FOREVER, FOREVER);

        WhilePrimaryIsAway() {
            primary.isAway = true;
            List.of(SOURCE, "otel.other", "source 0", "source 1", "source 2", "source 3")
                    .forEach(withoutPrimary::newestCycle);
        }

        @Override
        RecentDecisions recent() {
            return withoutPrimary;
        }
    }

    @Test
    void aFailureIsTheCallersAndTheNextCycleUsesTheFallback() {
        assertThat(switching.newestCycle(SOURCE)).isZero();
        primary.isAway = true;

        assertThatThrownBy(() -> switching.remember(SOURCE, 1, List.of(sampled(A, 1))))
                .isInstanceOf(UncheckedIOException.class).hasMessage("Redis is away");
        assertThat(fallback.newestCycle(SOURCE)).isZero();
        assertThat(switching.problem()).contains("Redis is away");

        assertThat(switching.newestCycle(SOURCE)).isZero();
        switching.remember(SOURCE, 1, List.of(sampled(A, 1)));
        assertThat(fallback.newestCycle(SOURCE)).isEqualTo(1);
    }

    @Test
    void storesAreChangedBetweenCyclesOnly() {
        primary.isAway = true;
        switching.newestCycle(SOURCE);
        primary.isAway = false;

        switching.remember(SOURCE, 1, List.of(sampled(A, 1)));
        assertThat(switching.find(SOURCE, List.of(A))).containsOnlyKeys(A);
        assertThat(primary.store.find(SOURCE, List.of(A))).isEmpty();

        assertThat(switching.newestCycle(SOURCE)).as("the primary store has missed cycle 1").isZero();
        assertThat(switching.problem()).isEmpty();
        assertThat(switching.find(SOURCE, List.of(A))).isEmpty();
    }

    @Test
    void aStoreThatIsAwayIsAskedNowAndThenOnly() {
        SwitchingDecisions slow = new SwitchingDecisions(primary, fallback, FOREVER, FOREVER);
        primary.isAway = true;
        for (int i = 0; i < 10; i++) {
            slow.newestCycle(SOURCE);
            slow.newestCycle("otel.other");
            slow.forgetOlderThan(DecisionRecords.NOON);
        }

        assertThat(primary.calls).isEqualTo(1);
        assertThat(slow.problem()).contains("Redis is away");
    }

    @Test
    void otherSourcesFailInMidCycleWhenThePrimaryDoes() {
        SwitchingDecisions slow = new SwitchingDecisions(primary, fallback, FOREVER, FOREVER);
        slow.newestCycle("otel.other");
        primary.isAway = true;
        slow.newestCycle(SOURCE);

        assertThatThrownBy(() -> slow.find("otel.other", List.of(A))).isInstanceOf(UncheckedIOException.class)
                .hasMessage("Redis is away");
        assertThat(slow.newestCycle("otel.other")).isZero();
        assertThat(slow.find("otel.other", List.of(A))).isEmpty();
    }

    @Test
    void otherSourcesInMidCycleAskThePrimaryThemselves() {
        SwitchingDecisions slow = new SwitchingDecisions(primary, fallback, FOREVER, FOREVER);
        slow.newestCycle("otel.other");
        primary.isAway = true;
        slow.newestCycle(SOURCE);
        primary.isAway = false;

        assertThat(slow.find("otel.other", List.of(A))).isEmpty();
        slow.remember("otel.other", 1, List.of(sampled(A, 1)));
        assertThat(primary.store.newestCycle("otel.other")).isEqualTo(1);
        slow.newestCycle(SOURCE);
        slow.remember(SOURCE, 1, List.of());
        assertThat(primary.store.newestCycle(SOURCE)).as("still of the fallback").isZero();
        assertThat(fallback.newestCycle(SOURCE)).isEqualTo(1);
    }

    @Test
    void decisionsThatChangedConcernTheirSourceOnly() {
        SwitchingDecisions slow = new SwitchingDecisions(primary, fallback, FOREVER, FOREVER);
        slow.newestCycle(SOURCE);
        primary.hasChanged = true;
        assertThatThrownBy(() -> slow.remember(SOURCE, 1, List.of(sampled(A, 1)))).hasMessage("changed meanwhile");
        primary.hasChanged = false;

        assertThat(slow.problem()).isEmpty();
        assertThat(slow.newestCycle(SOURCE)).isZero();
        slow.newestCycle("otel.other");
        slow.remember("otel.other", 3, List.of());
        slow.remember(SOURCE, 1, List.of(sampled(A, 1)));
        assertThat(primary.store.newestCycle("otel.other")).isEqualTo(3);
        assertThat(primary.store.newestCycle(SOURCE)).isEqualTo(1);
    }

    /**
     * A selector that completes a store which is behind from its ledger, and decides each trace that the store does not
     * know: whatever goes away, or comes back empty, and whenever, no trace is decided twice.
     */
    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20})
    void noTraceIsDecidedTwiceWhateverGoesAway(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        Map<Long, List<DecisionRecord>> ledger = new HashMap<>();
        Map<TraceId, Long> decidedIn = new HashMap<>();
        long cycle = 0;
        for (int step = 0; step < 400; step++) {
            if (random.nextInt(6) == 0) {
                primary.isAway = !primary.isAway;
                if (random.nextInt(3) == 0) {
                    primary.store = new MemoryState();
                }
            }
            try {
                complete(ledger, cycle);
                if (random.nextInt(6) == 0) {
                    primary.isAway = !primary.isAway;
                }
                List<TraceId> seen = IntStream.range(0, 5).mapToObj(i -> new TraceId(7, random.nextInt(300))).distinct()
                        .toList();
                Map<TraceId, PriorDecision> known = switching.find(SOURCE, seen);
                long next = ++cycle;
                List<DecisionRecord> fresh = seen.stream().filter(id -> !known.containsKey(id))
                        .map(id -> notSampled(id, next)).toList();
                fresh.forEach(
                        row -> assertThat(decidedIn.put(row.trace().traceId(), next)).as("seed %d", seed).isNull());
                ledger.put(next, fresh);
                if (random.nextInt(6) == 0) {
                    primary.isAway = !primary.isAway;
                }
                switching.remember(SOURCE, next, fresh);
            } catch (UncheckedIOException e) {
                // The cycle is tried again.
                assertThat(e).hasMessageContaining("away");
            }
        }
        assertThat(decidedIn).as("seed %d", seed).hasSizeGreaterThan(100);
    }

    private void complete(Map<Long, List<DecisionRecord>> ledger, long newest) {
        for (long cycle = switching.newestCycle(SOURCE) + 1; cycle <= newest; cycle++) {
            switching.remember(SOURCE, cycle, ledger.get(cycle));
        }
    }

    @Test
    void aRedisThatComesBackEmptyIsCompletedAndUsedAgain() {
        try (LocalRedis server = LocalRedis.start();
                RedisState state = RedisState.open(PatientRedis.settings(server))) {
            SwitchingDecisions decisions = new SwitchingDecisions(
                    state.recentDecisions(FOREVER, () -> DecisionRecords.NOON), fallback, Duration.ofMillis(1),
                    Duration.ofMillis(50));
            decisions.newestCycle(SOURCE);
            decisions.remember(SOURCE, 1, List.of(sampled(A, 1)));
            server.stop();
            assertThatThrownBy(() -> decisions.find(SOURCE, List.of(A))).isInstanceOf(UncheckedIOException.class)
                    .hasMessageContaining("redis://127.0.0.1:" + server.port());
            assertThat(decisions.newestCycle(SOURCE)).as("of the fallback").isZero();
            decisions.remember(SOURCE, 1, List.of(sampled(A, 1)));
            decisions.remember(SOURCE, 2, List.of());

            server.startAgainEmpty();
            PatientRedis.await(() -> decisions.newestCycle(SOURCE) == 0);
            assertThat(decisions.problem()).isEmpty();
            decisions.remember(SOURCE, 2, List.of(sampled(A, 1)));
            assertThat(fallback.newestCycle(SOURCE)).isEqualTo(2);
            assertThat(decisions.newestCycle(SOURCE)).isEqualTo(2);
            assertThat(decisions.find(SOURCE, List.of(A))).containsOnlyKeys(A);
        }
    }
}
