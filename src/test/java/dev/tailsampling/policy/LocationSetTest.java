package dev.tailsampling.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import java.time.Duration;
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
                int first = model.get(i).stream().findFirst().orElse(-1);
                assertThat(sets.get(i).first()).as("seed %d", seed).isEqualTo(first);
                for (int location = 0; location < 8; location++) {
                    assertThat(sets.get(i).beginsBefore(location)).as("%d, seed %d", location, seed)
                            .isEqualTo(first >= 0 && first < location);
                }
            }
        }
    }

    /** It would take minutes if each location were compared with all before. */
    @Test
    void manyLocationsOneAfterTheOtherTakeNoTimeEach() {
        assertTimeoutPreemptively(Duration.ofSeconds(20), () -> {
            LocationSet set = LocationSet.NONE;
            for (int location = 1_000_000; location < 2_000_000; location++) {
                set = set.with(location);
                assertThat(set.beginsBefore(location + 1)).isTrue();
            }
            assertThat(set.with(1_999_990)).isSameAs(set);
            assertThat(set.toArray()).hasSize(1_000_000);
        });
    }

    @Test
    void manyPartsOfATraceAreMergedInNoTime() {
        int parts = 200_000;
        TraceSummary merged = new TraceSummary(1, 2);
        assertTimeoutPreemptively(Duration.ofSeconds(20), () -> {
            for (int i = 0; i < parts; i++) {
                TraceSummary part = new TraceSummary(1, 2);
                part.arrived(i, i / 2);
                part.beginsAfter(100 - i % 100);
                merged.merge(part);
            }
        });
        assertThat(merged.locations()).hasSize(parts / 2);
        assertThat(merged.recordsBefore()).as("of the first location, the earlier one").isEqualTo(99);
    }
}
