package dev.tailsampling.sampler;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Single facts are those of the Collector's tests of its budget limiter. */
class BatchThresholdTest {

    private static final long NEVER = 1L << 56;

    private record Trace(long randomness, long cost) {}

    private static BatchThreshold threshold(long budget, long largestCost, List<Trace> traces) {
        Candidates candidates = new Candidates();
        traces.forEach(trace -> candidates.add(trace.randomness, trace.cost));
        return BatchThreshold.of(candidates, budget, largestCost);
    }

    private static BatchThreshold threshold(long budget, Trace... traces) {
        return threshold(budget, budget, List.of(traces));
    }

    @Test
    void thresholdIsJustAboveTheFirstTraceThatIsTooMuch() {
        assertThat(threshold(5, new Trace(100, 2), new Trace(50, 2), new Trace(10, 2)))
                .isEqualTo(new BatchThreshold(11, 5, 4));
        assertThat(threshold(3, new Trace(100, 2), new Trace(50, 1), new Trace(10, 2)))
                .isEqualTo(new BatchThreshold(11, 3, 3));
    }

    @Test
    void everythingFits() {
        assertThat(threshold(10, new Trace(100, 2), new Trace(50, 2))).isEqualTo(new BatchThreshold(0, 10, 4));
        assertThat(threshold(0)).isEqualTo(new BatchThreshold(0, 0, 0));
    }

    @Test
    void nothingFits() {
        assertThat(threshold(1, 10, List.of(new Trace(100, 2), new Trace(50, 1))).threshold()).isEqualTo(NEVER);
        assertThat(threshold(0, 10, List.of(new Trace(0, 1))).threshold()).isEqualTo(NEVER);
    }

    @Test
    void tiesAtTheBoundaryAreDroppedTogether() {
        assertThat(threshold(2, new Trace(100, 1), new Trace(50, 1), new Trace(50, 1), new Trace(10, 1)))
                .isEqualTo(new BatchThreshold(51, 2, 1));
        assertThat(threshold(2, new Trace(50, 1), new Trace(50, 1), new Trace(50, 1)).threshold()).isEqualTo(NEVER);
    }

    @Test
    void whatIsLargerThanTheBurstDoesNotCompeteAndIsNotKept() {
        BatchThreshold threshold = threshold(10, new Trace(200, 20), new Trace(100, 3), new Trace(50, 3));
        assertThat(threshold).isEqualTo(new BatchThreshold(0, 10, 6));
        assertThat(threshold.keeps(200, 20)).isFalse();
        assertThat(threshold.keeps(100, 3)).isTrue();
    }

    @Test
    void smallTracesBelowTheCutDoNotFillTheRest() {
        assertThat(threshold(3, 10, List.of(new Trace(9, 2), new Trace(5, 4), new Trace(1, 1))))
                .isEqualTo(new BatchThreshold(6, 10, 2));
    }

    @Test
    void hugeCostsDoNotOverflow() {
        long huge = Long.MAX_VALUE / 2;
        assertThat(threshold(huge, Long.MAX_VALUE,
                List.of(new Trace(3, huge), new Trace(2, huge), new Trace(1, huge), new Trace(0, huge))).threshold())
                .isEqualTo(3);
    }

    @Test
    void refusesWhatCannotBe() {
        Candidates candidates = new Candidates();
        assertThatIllegalArgumentException().isThrownBy(() -> candidates.add(-1, 1));
        assertThatIllegalArgumentException().isThrownBy(() -> candidates.add(NEVER, 1));
        assertThatIllegalArgumentException().isThrownBy(() -> candidates.add(1, -1));
        assertThatIllegalArgumentException().isThrownBy(() -> BatchThreshold.of(candidates, -1, 1));
        assertThat(candidates.size()).isZero();
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void agreesWithSortingInAnyOrderAndNeverRisesWithTheBudget(long seed) {
        Random random = new Random(seed);
        for (int round = 0; round < 300; round++) {
            List<Trace> traces = traces(random);
            long largestCost = random.nextLong(12);
            long last = NEVER;
            for (long budget = 0; budget < 60; budget += 1 + random.nextInt(5)) {
                BatchThreshold found = threshold(budget, largestCost, traces);
                assertThat(found).as("seed %s, round %s, budget %s, %s", seed, round, budget, traces)
                        .isEqualTo(bySorting(traces, budget, largestCost));
                assertThat(found.threshold()).as("seed %s, round %s", seed, round).isLessThanOrEqualTo(last);
                last = found.threshold();
                Collections.shuffle(traces, random);
            }
        }
    }

    /** Few values of randomness, so that ties are common, or many, at either end of the range. */
    private static List<Trace> traces(Random random) {
        long values = random.nextBoolean() ? 1 + random.nextInt(8) : NEVER;
        long offset = random.nextBoolean() ? 0 : NEVER - values;
        List<Trace> traces = new ArrayList<>();
        for (int i = random.nextInt(20); i > 0; i--) {
            traces.add(new Trace(offset + random.nextLong(values), random.nextLong(10)));
        }
        return traces;
    }

    /** The rule as the Collector words it. */
    private static BatchThreshold bySorting(List<Trace> traces, long budget, long largestCost) {
        List<Trace> sorted = traces.stream().filter(trace -> trace.cost <= largestCost)
                .sorted(Comparator.comparingLong(Trace::randomness).reversed()).toList();
        long spent = 0;
        for (Trace trace : sorted) {
            spent += trace.cost;
            if (spent > budget) {
                List<Trace> kept = sorted.stream().filter(t -> t.randomness > trace.randomness).toList();
                return new BatchThreshold(kept.isEmpty() ? NEVER : trace.randomness + 1, largestCost,
                        kept.stream().mapToLong(Trace::cost).sum());
            }
        }
        return new BatchThreshold(0, largestCost, spent);
    }

    /** Sorting boxed candidates, or passes over all of them, would take a multiple of this limit. */
    @Test
    void aHundredThousandCandidatesTakeMilliseconds() {
        Random random = new Random(5);
        Candidates candidates = new Candidates();
        for (int i = 0; i < 100_000; i++) {
            candidates.add(random.nextLong(NEVER), 1 + random.nextInt(100));
        }
        long best = Long.MAX_VALUE;
        for (int i = 0; i < 20; i++) {
            long start = System.nanoTime();
            assertThat(BatchThreshold.of(candidates, 500_000, 100).keptCost()).isBetween(499_000L, 500_000L);
            best = Math.min(best, System.nanoTime() - start);
        }
        assertThat(best).isLessThan(50_000_000);
    }
}
