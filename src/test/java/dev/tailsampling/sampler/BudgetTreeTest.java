package dev.tailsampling.sampler;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.tailsampling.sampler.BudgetTree.Child;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BudgetTreeTest {

    private static final long NEVER = 1L << 56;

    private record Trace(long randomness, long cost) {}

    private static BudgetTree tree(double... percents) {
        return new BudgetTree(IntStream.range(0, percents.length)
                .mapToObj(i -> new Child("child-" + i, percents[i])).toList());
    }

    private static List<BatchThreshold> split(BudgetTree tree, long budget, long largestCost,
            List<List<Trace>> traces) {
        return tree.split(budget, largestCost, traces.stream().map(BudgetTreeTest::candidates).toList());
    }

    private static Candidates candidates(List<Trace> traces) {
        Candidates candidates = new Candidates();
        traces.forEach(trace -> candidates.add(trace.randomness, trace.cost));
        return candidates;
    }

    /** So many traces of one span, with randomness 0, 1, 2, … */
    private static List<Trace> spans(int count) {
        return IntStream.range(0, count).mapToObj(i -> new Trace(i, 1)).toList();
    }

    private static List<Long> kept(List<BatchThreshold> thresholds) {
        return thresholds.stream().map(BatchThreshold::keptCost).toList();
    }

    @Test
    void eachChildHasItsPart() {
        assertThat(kept(split(tree(50, 30, 20), 100, 100, List.of(spans(500), spans(500), spans(500)))))
                .containsExactly(50L, 30L, 20L);
    }

    @Test
    void whatAChildLeavesGoesToTheFollowingInOrder() {
        BudgetTree tree = tree(50, 30, 20);
        assertThat(kept(split(tree, 100, 100, List.of(spans(10), spans(500), spans(500)))))
                .containsExactly(10L, 70L, 20L);
        assertThat(kept(split(tree, 100, 100, List.of(spans(10), spans(40), spans(500)))))
                .containsExactly(10L, 40L, 50L);
        assertThat(kept(split(tree, 100, 100, List.of(spans(500), spans(500), spans(0)))))
                .as("never to one before").containsExactly(50L, 30L, 0L);
    }

    @Test
    void whatBelongsToNobodyGoesToTheLast() {
        assertThat(kept(split(tree(33.3, 33.3), 100, 100, List.of(spans(500), spans(500)))))
                .containsExactly(33L, 67L);
        assertThat(kept(split(tree(29, 0), 100, 100, List.of(spans(500), spans(500)))))
                .as("29 % of 100 is 29").containsExactly(29L, 71L);
    }

    @Test
    void refusesWhatCannotBe() {
        assertThatIllegalArgumentException().isThrownBy(() -> tree(50, 50.1)).withMessageContaining("100.1 percent");
        assertThat(tree(33.3, 33.3, 33.4).children()).as("exactly 100, though not in doubles").hasSize(3);
        assertThatIllegalArgumentException().isThrownBy(() -> tree(-1)).withMessageContaining("child-0");
        assertThatIllegalArgumentException().isThrownBy(() -> tree(Double.NaN));
        assertThatIllegalArgumentException().isThrownBy(BudgetTreeTest::tree).withMessageContaining("one child");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new BudgetTree(List.of(new Child("a", 1), new Child("a", 1))))
                .withMessageContaining("called a");
        assertThatIllegalArgumentException().isThrownBy(() -> tree(100).split(1, 1, List.of()));
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6})
    void keepsItsPromises(long seed) {
        Random random = new Random(seed);
        for (int round = 0; round < 300; round++) {
            String at = "seed " + seed + ", round " + round;
            double[] percents = percents(random);
            List<List<Trace>> traces = traces(random, percents.length);
            long budget = random.nextInt(120);
            long largestCost = random.nextInt(30);
            List<BatchThreshold> found = split(tree(percents), budget, largestCost, traces);

            long total = 0;
            for (int i = 0; i < percents.length; i++) {
                BatchThreshold threshold = found.get(i);
                long keptCost = traces.get(i).stream().filter(t -> threshold.keeps(t.randomness, t.cost))
                        .mapToLong(Trace::cost).sum();
                assertThat(threshold.keptCost()).as(at).isEqualTo(keptCost);
                total += keptCost;
                assertOwnPartIsSafe(at, percents[i], budget, largestCost, traces.get(i), threshold);
                assertRaisingAShareKeepsMore(at, percents, i, budget, largestCost, traces, threshold);
            }
            assertThat(total).as(at).isLessThanOrEqualTo(budget);

            traces.forEach(list -> Collections.shuffle(list, random));
            assertThat(split(tree(percents), budget, largestCost, traces)).as(at).isEqualTo(found);
        }
    }

    private static void assertOwnPartIsSafe(String at, double percent, long budget, long largestCost,
            List<Trace> traces, BatchThreshold found) {
        long ownPart = (long) percent * budget / 100;
        BatchThreshold alone = BatchThreshold.of(candidates(traces), ownPart, largestCost);
        assertThat(found.threshold()).as(at).isLessThanOrEqualTo(alone.threshold());
    }

    private static void assertRaisingAShareKeepsMore(String at, double[] percents, int child, long budget,
            long largestCost, List<List<Trace>> traces, BatchThreshold found) {
        double[] raised = percents.clone();
        raised[child] += 100 - IntStream.range(0, percents.length).mapToDouble(i -> percents[i]).sum();
        List<BatchThreshold> after = split(tree(raised), budget, largestCost, traces);
        assertThat(after.get(child).threshold()).as(at).isLessThanOrEqualTo(found.threshold());
    }

    /** Whole numbers that add up to 100 at most. */
    private static double[] percents(Random random) {
        double[] percents = new double[1 + random.nextInt(4)];
        int rest = 100;
        for (int i = 0; i < percents.length; i++) {
            percents[i] = random.nextInt(rest + 1);
            rest -= (int) percents[i];
        }
        return percents;
    }

    private static List<List<Trace>> traces(Random random, int children) {
        List<List<Trace>> all = new ArrayList<>();
        for (int i = 0; i < children; i++) {
            long values = random.nextBoolean() ? 10 : NEVER;
            List<Trace> traces = new ArrayList<>();
            for (int count = random.nextInt(20); count > 0; count--) {
                traces.add(new Trace(random.nextLong(values), random.nextInt(25)));
            }
            all.add(traces);
        }
        return all;
    }
}
