package dev.tailsampling.policy;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class LocationSetTest {

    @Test
    void tracesWithSpansInTheSameFilesShareASet() {
        LocationSet one = LocationSet.NONE.with(3).with(4);
        LocationSet other = LocationSet.NONE.with(3).with(4);

        assertThat(other).isSameAs(one);
        assertThat(one.with(3)).isSameAs(one);
        assertThat(LocationSet.NONE.toArray()).isEmpty();
        assertThat(LocationSet.NONE.withAll(one)).isSameAs(one);
    }

    /** Sets that grow out of each other at random are those of a model, whatever grew out of them meanwhile. */
    @Test
    void setsKeepWhatWasPutIn() {
        for (long seed = 0; seed < 200; seed++) {
            SplittableRandom random = new SplittableRandom(seed);
            List<LocationSet> sets = new ArrayList<>(List.of(LocationSet.NONE));
            List<Set<Integer>> model = new ArrayList<>(List.of(new LinkedHashSet<>()));
            for (int step = 0; step < 100; step++) {
                int from = random.nextInt(sets.size());
                Set<Integer> expected = new LinkedHashSet<>(model.get(from));
                if (random.nextInt(5) == 0) {
                    int more = random.nextInt(sets.size());
                    sets.add(sets.get(from).withAll(sets.get(more)));
                    expected.addAll(model.get(more));
                } else {
                    int location = random.nextInt(8);
                    sets.add(sets.get(from).with(location));
                    expected.add(location);
                }
                model.add(expected);
            }
            for (int i = 0; i < sets.size(); i++) {
                assertThat(sets.get(i).toArray()).as("seed %d", seed)
                        .containsExactly(model.get(i).stream().mapToInt(Integer::intValue).toArray());
            }
        }
    }
}
