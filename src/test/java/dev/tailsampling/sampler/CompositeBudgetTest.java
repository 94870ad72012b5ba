package dev.tailsampling.sampler;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** The facts are those of the Collector's tests of its composite policy. */
class CompositeBudgetTest {

    private static final long NOW = 1_700_000_000_000L;

    private static long kept(CompositeBudget budget, int sub, int traces, long timeMillis) {
        return IntStream.range(0, traces).filter(i -> budget.tryKeep(sub, 1, timeMillis)).count();
    }

    @Test
    void eachSubPolicyHasItsAllocationInEachSecond() {
        CompositeBudget budget = new CompositeAllocation(10, List.of(5L, 5L)).start();
        assertThat(kept(budget, 1, 10, NOW)).isEqualTo(5);
        assertThat(kept(budget, 1, 20, NOW + 1000)).isEqualTo(5);
        assertThat(kept(budget, 1, 20, NOW + 1999)).isZero();
        assertThat(kept(budget, 1, 20, NOW + 2000)).isEqualTo(5);
    }

    @Test
    void theTotalLimitsEachSubPolicyButNotTheirSum() {
        CompositeBudget budget = new CompositeAllocation(10, List.of(20L, 20L)).start();
        assertThat(kept(budget, 0, 30, NOW)).isEqualTo(10);
        assertThat(kept(budget, 1, 30, NOW)).isEqualTo(10);
    }

    @Test
    void aSmallerTraceMayPassAfterOneThatDidNot() {
        CompositeBudget budget = new CompositeAllocation(10, List.of(10L)).start();
        assertThat(budget.tryKeep(0, 8, NOW)).isTrue();
        assertThat(budget.tryKeep(0, 3, NOW)).isFalse();
        assertThat(budget.tryKeep(0, 2, NOW)).isTrue();
        assertThat(budget.tryKeep(0, Long.MAX_VALUE, NOW)).isFalse();
    }

    @Test
    void timeNeverGoesBack() {
        CompositeBudget budget = new CompositeAllocation(1, List.of(1L)).start();
        assertThat(budget.tryKeep(0, 1, NOW)).isTrue();
        assertThat(budget.tryKeep(0, 1, NOW - 60_000)).isFalse();
        assertThat(budget.tryKeep(0, 1, NOW + 999)).isFalse();
    }

    @Test
    void percentagesAreOfTheTotalAndNoneIsAnEqualShare() {
        assertThat(CompositeAllocation.ofPercents(1000, List.of(25L, 0L)).subSpans()).containsExactly(250L, 500L);
        assertThat(CompositeAllocation.ofPercents(100, List.of(29L, -1L, 0L)).subSpans())
                .as("29 % of 100 in doubles is 28.99…").containsExactly(28L, 33L, 33L);
    }

    @Test
    void refusesWhatCannotBe() {
        assertThatIllegalArgumentException().isThrownBy(() -> new CompositeAllocation(-1, List.of()))
                .withMessageContaining("max_total_spans_per_second");
        assertThatIllegalArgumentException().isThrownBy(() -> new CompositeAllocation(1, List.of(-1L)));
        byte[] ofTwo = new CompositeAllocation(1, List.of(1L, 1L)).start().snapshot();
        assertThatIllegalArgumentException().isThrownBy(() -> new CompositeAllocation(1, List.of(1L)).restore(ofTwo))
                .withMessageContaining("2 sub-policies");
    }

    @Test
    void survivesRestarts() {
        Random random = new Random(11);
        CompositeAllocation allocation = new CompositeAllocation(30, List.of(20L, 40L, 7L));
        CompositeBudget uninterrupted = allocation.start();
        CompositeBudget restarted = allocation.start();
        long time = NOW;
        for (int i = 0; i < 2000; i++) {
            time += random.nextInt(100);
            int sub = random.nextInt(3);
            long spans = random.nextInt(9);
            restarted = allocation.restore(restarted.snapshot());
            assertThat(restarted.tryKeep(sub, spans, time)).as("seed 11, step %s", i)
                    .isEqualTo(uninterrupted.tryKeep(sub, spans, time));
        }
    }
}
