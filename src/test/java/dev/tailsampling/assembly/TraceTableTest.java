package dev.tailsampling.assembly;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tailsampling.policy.TraceSummary;
import dev.tailsampling.trace.TraceId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.LongFunction;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The table against {@link HashMap}, with ids of all kinds that real senders and ill-wishers use. */
class TraceTableTest {

    private record Ids(String name, LongFunction<TraceId> id) {
        @Override
        public String toString() {
            return name;
        }
    }

    static Stream<Ids> ids() {
        return Stream.of(
                new Ids("random", i -> {
                    SplittableRandom random = new SplittableRandom(i);
                    return new TraceId(random.nextLong(), random.nextLong());
                }),
                new Ids("counters", i -> new TraceId(0, i)),
                new Ids("counters in the high half", i -> new TraceId(i, 0)),
                new Ids("multiples of a power of two", i -> new TraceId(0, i << 40)),
                new Ids("equal halves", i -> new TraceId(i, i)),
                new Ids("swapped halves", i -> new TraceId(i << 32, i >>> 32)),
                new Ids("chosen to collide", TraceTableTest::colliding));
    }

    /** All of these have the same home: the table mixes {@code (high ^ rotl(low, 32)) + low × K}, which is 0 here. */
    private static TraceId colliding(long low) {
        return new TraceId(-low * 0x9E3779B97F4A7C15L ^ Long.rotateLeft(low, 32), low);
    }

    @ParameterizedTest
    @MethodSource("ids")
    void behavesLikeAHashMap(Ids ids) {
        for (long seed = 0; seed < 3; seed++) {
            new Run(ids, seed).operations(8_000);
        }
    }

    private static final class Run {

        private final Ids ids;
        private final long seed;
        private final SplittableRandom random;
        private final TraceTable table = new TraceTable();
        private final Map<TraceId, TraceSummary> model = new HashMap<>();

        Run(Ids ids, long seed) {
            this.ids = ids;
            this.seed = seed;
            this.random = new SplittableRandom(seed);
        }

        void operations(int count) {
            for (int i = 0; i < count; i++) {
                // Up to 2,000 traces, then fewer again: the table grows and shrinks.
                boolean growing = i % 8_000 < 4_000;
                operation(ids.id().apply(random.nextInt(2_000)), random.nextInt(10) < (growing ? 7 : 2));
                if (i % 500 == 0) {
                    assertSame();
                }
            }
            assertSame();
        }

        private void operation(TraceId id, boolean opens) {
            TraceSummary known = model.get(id);
            assertThat(table.get(id.high(), id.low())).as("seed %d", seed).isSameAs(known);
            if (opens) {
                open(id, known);
            } else {
                table.remove(new TraceSummary(id.high(), id.low()));
                model.remove(id);
            }
            assertThat(table.size()).as("seed %d", seed).isEqualTo(model.size());
        }

        private void open(TraceId id, TraceSummary known) {
            if (known == null && random.nextBoolean()) {
                TraceSummary added = new TraceSummary(id.high(), id.low());
                table.add(added);
                model.put(id, added);
                return;
            }
            TraceSummary opened = table.open(id.high(), id.low());
            assertThat(opened.traceId()).as("seed %d", seed).isEqualTo(id);
            if (known == null) {
                model.put(id, opened);
            } else {
                assertThat(opened).as("seed %d", seed).isSameAs(known);
            }
        }

        private void assertSame() {
            List<TraceSummary> all = new ArrayList<>();
            table.forEach(all::add);
            assertThat(all).as("seed %d", seed).containsExactlyInAnyOrderElementsOf(model.values());
        }
    }

    @Test
    void clear_forgetsAll() {
        TraceTable table = new TraceTable();
        for (int i = 0; i < 5_000; i++) {
            table.open(0, i);
        }

        table.clear();

        assertThat(table.size()).isZero();
        assertThat(table.get(0, 1)).isNull();
        assertThat(table.open(0, 1).spanCount()).isZero();
    }
}
