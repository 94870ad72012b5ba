package dev.tailsampling.lake;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tailsampling.selector.SourceOffsets;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class OffsetRangesTest {

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void itIsASetOfPositions(long seed) {
        Random random = new Random(seed);
        OffsetRanges ranges = new OffsetRanges();
        Map<Integer, TreeSet<Long>> expected = new TreeMap<>();
        for (int i = 0; i < 5_000; i++) {
            int partition = random.nextInt(3);
            long offset = random.nextInt(1_500);
            assertThat(ranges.add(partition, offset)).as("seed %s, %s:%s", seed, partition, offset)
                    .isEqualTo(expected.computeIfAbsent(partition, unseen -> new TreeSet<>()).add(offset));
        }
        expected.forEach((partition, offsets) -> assertThat(ranges.ends().of(partition))
                .isEqualTo(offsets.last() + 1));
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void itKnowsWhatAnotherSetDoesNotHave(long seed) {
        Random random = new Random(seed);
        for (int round = 0; round < 300; round++) {
            OffsetRanges one = new OffsetRanges();
            OffsetRanges other = new OffsetRanges();
            TreeSet<Long> onlyOne = new TreeSet<>();
            for (long offset = 0; offset < 20; offset++) {
                boolean inOne = random.nextInt(3) > 0;
                boolean inOther = random.nextInt(8) > 0;
                if (inOne) {
                    one.add(0, offset);
                }
                if (inOther) {
                    other.add(0, offset);
                }
                if (inOne && !inOther) {
                    onlyOne.add(offset);
                }
            }
            long from = random.nextInt(20);
            long until = random.nextInt(20);
            assertThat(one.exceeds(other, offsets(from), offsets(until))).as("seed %s, round %s", seed, round)
                    .isEqualTo(from < until && !onlyOne.subSet(from, until).isEmpty());
        }
    }

    @Test
    void nothingExceedsNothing() {
        assertThat(new OffsetRanges().exceeds(new OffsetRanges(), SourceOffsets.NONE, offsets(5))).isFalse();
        assertThat(new OffsetRanges().ends()).isEqualTo(SourceOffsets.NONE);
    }

    private static SourceOffsets offsets(long ofPartitionZero) {
        return new SourceOffsets(new TreeMap<>(Map.of(0, ofPartitionZero)));
    }
}
