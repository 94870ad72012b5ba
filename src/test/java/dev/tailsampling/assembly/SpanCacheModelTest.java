package dev.tailsampling.assembly;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import dev.tailsampling.trace.TestSpan;
import dev.tailsampling.trace.TraceId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Random arrivals, ends of traces and reads against a map that forgets nothing. Of each trace the cache has exactly the
 * spans of the map, or says that it has not.
 */
class SpanCacheModelTest {

    private static final int SEEDS = 40;
    private static final int STEPS = 1_500;
    private static final int TRACES = 60;

    /** What the model knows of an open trace. */
    private static final class Known {
        private final List<ByteString> spans = new ArrayList<>();
        /** Some span of it cannot have been cached, or was seen not to be. */
        private boolean incomplete;
        /** Some span of it may have been too large. */
        private boolean large;
    }

    private static final class Run {

        private final String label;
        private final SplittableRandom random;
        private final long maxBytes;
        private final SpanCache cache;
        private final Map<Long, Known> model = new HashMap<>();
        private long spanIds;
        private boolean evicted;
        private int readWhole;

        Run(long seed, long maxBytes) {
            this.label = "seed " + seed + ", " + maxBytes + " bytes";
            this.random = new SplittableRandom(seed);
            this.maxBytes = maxBytes;
            this.cache = new SpanCache(maxBytes);
        }

        int steps(int count) {
            for (int i = 0; i < count; i++) {
                switch (random.nextInt(100)) {
                    case 0 -> narrow();
                    case 1 -> clearSometimes();
                    case 2, 3, 4, 5, 6, 7, 8, 9 -> end(anyTrace());
                    case 10, 11, 12, 13, 14 -> check(anyTrace());
                    default -> arrive();
                }
                assertThat(cache.heldBytes()).as(label).isLessThanOrEqualTo(maxBytes);
            }
            model.keySet().forEach(this::check);
            assertThat(cache.spanCount()).as(label).isEqualTo(model.values().stream()
                    .filter(known -> !known.incomplete).mapToInt(known -> known.spans.size()).sum());
            List.copyOf(model.keySet()).forEach(this::end);
            assertThat(cache.spanCount()).as(label).isZero();
            return readWhole;
        }

        private long anyTrace() {
            return random.nextInt(TRACES);
        }

        private void arrive() {
            long trace = anyTrace();
            int size = random.nextInt(200) == 0 ? random.nextInt(40_000) : random.nextInt(300);
            byte[] request =
                    WireSpans.request(trace, ++spanIds, "r" + random.nextInt(20), "s" + random.nextInt(4), size);
            Known known = model.computeIfAbsent(trace, unseen -> new Known());
            WireSpans.visit(request, span -> cache.offer(span, known.spans.size()));
            known.spans.addAll(WireSpans.alone(request));
            evicted |= cache.takeEvictedSpans() > 0;
            known.large |= request.length + 200 > maxBytes / 4;
        }

        /** A span of which not all is there. */
        private void narrow() {
            long trace = anyTrace();
            Known known = model.computeIfAbsent(trace, unseen -> new Known());
            cache.offer(TestSpan.of(new TraceId(trace, ~trace)), known.spans.size());
            known.spans.add(ByteString.EMPTY);
            known.incomplete = true;
            // The next whole one shows the cache that it missed this.
            cacheForgets(trace, known);
        }

        private void cacheForgets(long trace, Known known) {
            byte[] request = WireSpans.request(trace, ++spanIds, "r", "s", 1);
            WireSpans.visit(request, span -> cache.offer(span, known.spans.size()));
            known.spans.addAll(WireSpans.alone(request));
        }

        private void clearSometimes() {
            if (random.nextInt(5) == 0) {
                cache.clear();
                model.clear();
            }
        }

        private void end(long trace) {
            cache.release(trace, ~trace);
            model.remove(trace);
        }

        private void check(long trace) {
            Known known = model.get(trace);
            int spans = known == null ? 1 : known.spans.size();
            boolean whole = cache.holdsAll(trace, ~trace, spans);
            if (known == null || known.incomplete) {
                assertThat(whole).as(label).isFalse();
            } else if (whole) {
                assertThat(read(trace)).as(label).isEqualTo(known.spans);
                readWhole++;
            } else {
                assertThat(evicted || known.large).as("%s: nothing had to go", label).isTrue();
                known.incomplete = true;
            }
        }

        private List<ByteString> read(long trace) {
            List<ByteString> spans = new ArrayList<>();
            cache.read(trace, ~trace, 1 + random.nextInt(5_000), (otlp, count) -> {
                List<ByteString> part = WireSpans.alone(otlp);
                assertThat(part).as(label).hasSize(count);
                spans.addAll(part);
            });
            return spans;
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {1_000, 5_000, 20_000, 60_000, 200_000, 800_000, 1L << 40})
    void holdsExactlyTheSpansOrSaysNo(long maxBytes) {
        int readWhole = 0;
        for (long seed = 0; seed < SEEDS; seed++) {
            readWhole += new Run(seed, maxBytes).steps(STEPS);
        }
        assertThat(readWhole > 0).isEqualTo(maxBytes > 1_000);
    }
}
