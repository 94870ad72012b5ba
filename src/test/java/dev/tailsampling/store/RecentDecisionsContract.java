package dev.tailsampling.store;

import static dev.tailsampling.store.DecisionRecords.NOON;
import static dev.tailsampling.store.DecisionRecords.SOURCE;
import static dev.tailsampling.store.DecisionRecords.decidedAt;
import static dev.tailsampling.store.DecisionRecords.decision;
import static dev.tailsampling.store.DecisionRecords.lateSpans;
import static dev.tailsampling.store.DecisionRecords.notSampled;
import static dev.tailsampling.store.DecisionRecords.row;
import static dev.tailsampling.store.DecisionRecords.sampled;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tailsampling.policy.Outcome;
import dev.tailsampling.selector.DecisionRecord;
import dev.tailsampling.selector.PriorDecision;
import dev.tailsampling.selector.RecentDecisions;
import dev.tailsampling.trace.Threshold;
import dev.tailsampling.trace.TraceId;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/** What every store of recent decisions must do. */
abstract class RecentDecisionsContract {

    private static final TraceId A = TraceId.parse("0af7651916cd43dd8448eb211c80319c");
    private static final TraceId B = TraceId.parse("ffffffffffffffffffffffffffffffff");
    private static final TraceId C = TraceId.parse("00000000000000000000000000000001");

    /** The store under test, empty at first and the same for one test. */
    abstract RecentDecisions recent();

    @Test
    void knowsNothingOfANewSource() {
        assertThat(recent().newestCycle(SOURCE)).isZero();
        assertThat(recent().find(SOURCE, List.of(A, B))).isEmpty();
    }

    @Test
    void remembersEachOutcome() {
        recent().remember(SOURCE, 7, List.of(
                row(A, 7, decision(Outcome.SAMPLED, "slow", new Threshold(1L << 55))),
                row(B, 7, decision(Outcome.NOT_SAMPLED, null, null)),
                row(C, 7, decision(Outcome.DROPPED, "health checks", null))));

        assertThat(recent().find(SOURCE, List.of(A, B, C))).containsOnly(
                entry(A, new PriorDecision(7, Outcome.SAMPLED, "slow", new Threshold(1L << 55))),
                entry(B, new PriorDecision(7, Outcome.NOT_SAMPLED, null, null)),
                entry(C, new PriorDecision(7, Outcome.DROPPED, "health checks", null)));
    }

    private static Map.Entry<TraceId, PriorDecision> entry(TraceId id, PriorDecision decision) {
        return Map.entry(id, decision);
    }

    @Test
    void remembersTheLowestAndTheHighestThreshold() {
        recent().remember(SOURCE, 1, List.of(
                row(A, 1, decision(Outcome.SAMPLED, "all", Threshold.ALWAYS)),
                row(B, 1, decision(Outcome.SAMPLED, "none", Threshold.NEVER))));

        assertThat(recent().find(SOURCE, List.of(A)).get(A).threshold()).isEqualTo(Threshold.ALWAYS);
        assertThat(recent().find(SOURCE, List.of(B)).get(B).threshold()).isEqualTo(Threshold.NEVER);
    }

    @Test
    void findsOnlyWhatWasAskedFor() {
        recent().remember(SOURCE, 1, List.of(sampled(A, 1), sampled(B, 1)));

        assertThat(recent().find(SOURCE, List.of(A, C, A))).containsOnlyKeys(A);
        assertThat(recent().find(SOURCE, List.of())).isEmpty();
    }

    @Test
    void findsManyAtOnce() {
        List<TraceId> ids = LongStream.range(0, 1_750).mapToObj(i -> new TraceId(i * 31, -i)).toList();
        recent().remember(SOURCE, 1, ids.stream().map(id -> notSampled(id, 1)).toList());

        assertThat(recent().find(SOURCE, ids)).hasSize(ids.size()).containsOnlyKeys(ids);
    }

    @Test
    void keepsSourcesApart() {
        recent().remember(SOURCE, 5, List.of(sampled(A, 5)));
        recent().remember("otel.other", 2, List.of(notSampled(A, 2), notSampled(B, 2)));

        assertThat(recent().find(SOURCE, List.of(A, B))).containsOnlyKeys(A);
        assertThat(recent().find("otel.other", List.of(A)).get(A).outcome()).isEqualTo(Outcome.NOT_SAMPLED);
        assertThat(recent().newestCycle(SOURCE)).isEqualTo(5);
        assertThat(recent().newestCycle("otel.other")).isEqualTo(2);
    }

    @Test
    void cycleWithoutDecisionsIsTheNewestAllTheSame() {
        recent().remember(SOURCE, 3, List.of(sampled(A, 3)));
        recent().remember(SOURCE, 4, List.of());

        assertThat(recent().newestCycle(SOURCE)).isEqualTo(4);
    }

    @Test
    void newestCycleIsTheOneRememberedLast() {
        recent().remember(SOURCE, 40, List.of());
        // The ledger was made anew, and counts from 1 again.
        recent().remember(SOURCE, 1, List.of());

        assertThat(recent().newestCycle(SOURCE)).isEqualTo(1);
    }

    @Test
    void lateSpansLeaveTheFirstDecision() {
        recent().remember(SOURCE, 1, List.of(sampled(A, 1)));
        recent().remember(SOURCE, 2, List.of(lateSpans(A, 2)));

        assertThat(recent().find(SOURCE, List.of(A)).get(A))
                .isEqualTo(new PriorDecision(1, Outcome.SAMPLED, "errors", Threshold.ALWAYS));
        assertThat(recent().newestCycle(SOURCE)).isEqualTo(2);
    }

    @Test
    void lateSpansStandInForAFirstDecisionThatIsNotRemembered() {
        recent().remember(SOURCE, 9, List.of(lateSpans(A, 9)));

        assertThat(recent().find(SOURCE, List.of(A)).get(A))
                .isEqualTo(new PriorDecision(9, Outcome.DROPPED, "late", null));
    }

    @Test
    void decidingAgainReplacesTheDecision() {
        recent().remember(SOURCE, 1, List.of(notSampled(A, 1)));
        recent().remember(SOURCE, 2, List.of(sampled(A, 2)));

        assertThat(recent().find(SOURCE, List.of(A)).get(A).cycle()).isEqualTo(2);
        assertThat(recent().find(SOURCE, List.of(A)).get(A).outcome()).isEqualTo(Outcome.SAMPLED);
    }

    @Test
    void rowsKeepTheirOwnCycle() {
        // Completing the cache from the ledger brings rows of several cycles at once.
        recent().remember(SOURCE, 8, List.of(sampled(A, 6), sampled(B, 7)));

        assertThat(recent().find(SOURCE, List.of(A)).get(A).cycle()).isEqualTo(6);
        assertThat(recent().find(SOURCE, List.of(B)).get(B).cycle()).isEqualTo(7);
        assertThat(recent().newestCycle(SOURCE)).isEqualTo(8);
    }

    @Test
    void remembersNothingWhenTheDecisionsCannotBeReadToTheEnd() {
        recent().remember(SOURCE, 1, List.of(sampled(A, 1)));
        Iterable<DecisionRecord> broken = () -> IntStream.range(0, 1_200).mapToObj(i -> {
            if (i == 1_100) {
                throw new IllegalStateException("the ledger went away");
            }
            return notSampled(new TraceId(1, i), 2);
        }).iterator();

        assertThatThrownBy(() -> recent().remember(SOURCE, 2, broken)).isInstanceOf(IllegalStateException.class)
                .hasMessage("the ledger went away");

        assertThat(recent().newestCycle(SOURCE)).isEqualTo(1);
        assertThat(recent().find(SOURCE, List.of(new TraceId(1, 0), new TraceId(1, 1_000)))).isEmpty();
    }

    @Test
    void readsTheDecisionsOnce() {
        Iterator<DecisionRecord> onlyOnce = List.of(sampled(A, 1)).iterator();
        recent().remember(SOURCE, 1, () -> onlyOnce);

        assertThat(recent().find(SOURCE, List.of(A))).containsOnlyKeys(A);
    }

    @Test
    void forgetsWhatWasDecidedBefore() {
        recent().remember(SOURCE, 1,
                List.of(decidedAt(NOON.minusMillis(1), A), decidedAt(NOON, B), decidedAt(NOON.plusMillis(1), C)));
        recent().remember("otel.other", 1, List.of(decidedAt(NOON.minusSeconds(60), A)));

        assertThat(recent().forgetOlderThan(NOON)).isEqualTo(2);

        assertThat(recent().find(SOURCE, List.of(A, B, C))).containsOnlyKeys(B, C);
        assertThat(recent().find("otel.other", List.of(A))).isEmpty();
        assertThat(recent().newestCycle(SOURCE)).isEqualTo(1);
        assertThat(recent().forgetOlderThan(NOON)).isZero();
    }

    @Test
    void lateSpansDoNotProlongADecision() {
        recent().remember(SOURCE, 1, List.of(decidedAt(NOON.minusSeconds(60), A)));
        recent().remember(SOURCE, 2, List.of(lateSpans(A, 2)));

        assertThat(recent().forgetOlderThan(NOON)).isEqualTo(1);
    }

    @Test
    void servesSeveralThreads() throws Exception {
        try (ExecutorService threads = Executors.newFixedThreadPool(4)) {
            List<? extends Future<?>> writers = IntStream.range(0, 4).mapToObj(t -> threads.submit(() -> {
                for (int i = 0; i < 20; i++) {
                    TraceId id = new TraceId(t, i + 1);
                    recent().remember("source " + t, i + 1, List.of(sampled(id, i + 1)));
                    assertThat(recent().find("source " + t, List.of(id))).containsOnlyKeys(id);
                }
            })).toList();
            for (Future<?> writer : writers) {
                writer.get();
            }
        }
        assertThat(IntStream.range(0, 4).mapToLong(t -> recent().newestCycle("source " + t))).containsOnly(20L);
    }
}
