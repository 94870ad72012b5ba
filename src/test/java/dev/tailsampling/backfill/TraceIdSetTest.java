package dev.tailsampling.backfill;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tailsampling.trace.TraceId;
import java.util.HashSet;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

class TraceIdSetTest {

    private static final long SEED = 20261126;

    @Test
    void isASet() {
        Random random = new Random(SEED);
        TraceIdSet set = new TraceIdSet();
        Set<TraceId> model = new HashSet<>();
        for (int i = 0; i < 50_000; i++) {
            // Counters, padded ids and random ones; 0 is one of them.
            long high = random.nextInt(3) == 0 ? random.nextLong() : 0;
            long low = random.nextBoolean() ? random.nextInt(20_000) : random.nextLong() >>> random.nextInt(64);
            assertThat(set.add(high, low)).as("seed %d, step %d", SEED, i).isEqualTo(model.add(new TraceId(high, low)));
            assertThat(set.contains(low, high)).as("seed %d, step %d", SEED, i)
                    .isEqualTo(model.contains(new TraceId(low, high)));
        }
        assertThat(set.size()).isEqualTo(model.size());
        assertThat(model).allMatch(id -> set.contains(id.high(), id.low()));
    }
}
