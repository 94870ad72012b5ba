package dev.tailsampling.assembly;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SeenSpansTest {

    private static final long PLENTY = 1L << 30;
    private static final int SEEDS = 30;
    private static final int STEPS = 20_000;

    private record Id(long high, long low) {}

    private record Key(long spanId, int kind, long start) {}

    @Test
    void span_isNewOnce() {
        SeenSpans seen = new SeenSpans(PLENTY);
        assertThat(seen.add(1, 2, 3, 2, 5)).isTrue();
        assertThat(seen.add(1, 2, 3, 2, 5)).isFalse();
        assertThat(seen.add(1, 2, 3, 3, 5)).as("another kind").isTrue();
        assertThat(seen.add(1, 2, 3, 2, 6)).as("another start").isTrue();
        assertThat(seen.add(1, 2, 4, 2, 5)).as("another id").isTrue();
        assertThat(seen.add(1, 3, 3, 2, 5)).as("another trace").isTrue();
        assertThat(seen.add(0, 0, 0, 0, 0)).as("all zeros").isTrue();
        assertThat(seen.add(0, 0, 0, 0, 0)).isFalse();
        seen.forget(1, 2);
        assertThat(seen.add(1, 2, 3, 2, 5)).as("after it was forgotten").isTrue();
        assertThat(seen.add(1, 3, 3, 2, 5)).as("of the other trace").isFalse();
        assertThat(seen.takeUncheckedSpans()).isZero();
    }

    @ParameterizedTest
    @ValueSource(longs = {0, 100, 1_000, 20_000, PLENTY})
    void randomSpans_areSeenAsTheModelSays(long maxBytes) {
        for (long seed = 0; seed < SEEDS; seed++) {
            String label = "seed " + seed + ", " + maxBytes + " bytes";
            long unchecked = run(new SplittableRandom(seed), new SeenSpans(maxBytes), maxBytes, label);
            assertThat(unchecked > 0).as(label).isEqualTo(maxBytes < PLENTY);
        }
    }

    /** Traces of very different sizes come and go; returns how many spans were not remembered. */
    private static long run(SplittableRandom random, SeenSpans seen, long maxBytes, String label) {
        Map<Id, Set<Key>> model = new HashMap<>();
        long allUnchecked = 0;
        for (int step = 0; step < STEPS; step++) {
            int width = 1 << random.nextInt(9);
            Id id = new Id(random.nextInt(2), random.nextInt(width) * (1L << 40));
            if (random.nextInt(200) == 0) {
                seen.forget(id.high(), id.low());
                model.remove(id);
            } else if (random.nextInt(5_000) == 0) {
                seen.clear();
                model.clear();
                assertThat(seen.heldBytes()).as(label).isZero();
            } else {
                Key key = new Key(random.nextInt(400), random.nextInt(2), random.nextInt(2));
                boolean isNew = seen.add(id.high(), id.low(), key.spanId(), key.kind(), key.start());
                long unchecked = seen.takeUncheckedSpans();
                boolean known = model.getOrDefault(id, Set.of()).contains(key);
                assertThat(isNew).as("%s, step %d", label, step).isEqualTo(!known);
                if (unchecked == 0) {
                    model.computeIfAbsent(id, first -> new HashSet<>()).add(key);
                }
                allUnchecked += unchecked;
                assertThat(seen.heldBytes()).as("%s, step %d", label, step).isLessThanOrEqualTo(maxBytes);
            }
        }
        model.keySet().forEach(id -> seen.forget(id.high(), id.low()));
        assertThat(seen.heldBytes()).as("%s, all forgotten", label).isLessThan(1_000);
        return allUnchecked;
    }

    /** Ids that are counters, as tests and some senders have them, are no worse than random ones. */
    @ParameterizedTest
    @CsvSource({"1, 80", "3, 40", "10, 22", "30, 17", "1000, 17", "100000, 17"})
    void memoryPerSpan_isBounded(int spansPerTrace, double maxBytesPerSpan) {
        SeenSpans seen = new SeenSpans(PLENTY);
        int traces = 300_000 / spansPerTrace;
        for (int span = 0; span < spansPerTrace; span++) {
            for (int trace = 0; trace < traces; trace++) {
                assertThat(seen.add(0, trace, span, 1, 0)).isTrue();
            }
        }
        double perSpan = (double) seen.heldBytes() / traces / spansPerTrace;
        assertThat(perSpan).as("bytes per span").isLessThan(maxBytesPerSpan);
    }

    @Test
    void spanWithoutRoom_isNewEachTime() {
        SeenSpans seen = new SeenSpans(400);
        List<Integer> remembered = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            assertThat(seen.add(1, i, 3, 2, 5)).isTrue();
            if (seen.takeUncheckedSpans() == 0) {
                remembered.add(i);
            }
        }
        assertThat(remembered).containsExactly(0, 1, 2, 3, 4, 5);
        assertThat(seen.add(1, 99, 3, 2, 5)).isTrue();
        assertThat(seen.add(1, 5, 3, 2, 5)).as("remembered").isFalse();
        seen.forget(1, 5);
        assertThat(seen.add(1, 99, 3, 2, 5)).isTrue();
        assertThat(seen.add(1, 99, 3, 2, 5)).as("once there was room").isFalse();
    }

    @Test
    void negativeLimit_isRefused() {
        assertThatIllegalArgumentException().isThrownBy(() -> new SeenSpans(-1)).withMessageContaining("-1 bytes");
    }
}
