package dev.tailsampling.assembly;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import java.util.ArrayList;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class SpanCacheTest {

    private static final long KIB = 1 << 10;

    private SpanCache cache = new SpanCache(512 * KIB);
    private long spanIds;

    /** Offers a span and returns it as it must come back. */
    private ByteString offer(long trace, int spansBefore, int size) {
        byte[] request = WireSpans.request(trace, ++spanIds, "resource " + trace % 3, "scope", size);
        WireSpans.visit(request, span -> cache.offer(span, spansBefore));
        return WireSpans.alone(request).getFirst();
    }

    private boolean holds(long trace, int spans) {
        return cache.holdsAll(trace, ~trace, spans);
    }

    private void release(long trace) {
        cache.release(trace, ~trace);
    }

    private List<byte[]> parts(long trace, int partBytes) {
        List<byte[]> parts = new ArrayList<>();
        cache.read(trace, ~trace, partBytes, (otlp, spans) -> {
            assertThat(WireSpans.alone(otlp)).hasSize(spans);
            parts.add(otlp);
        });
        return parts;
    }

    private static List<ByteString> spans(List<byte[]> parts) {
        return parts.stream().flatMap(part -> WireSpans.alone(part).stream()).toList();
    }

    @Test
    void spansComeBackInTheOrderInWhichTheyCame() {
        List<ByteString> expected = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            expected.add(offer(1, i, 50));
            offer(2, i, 60);
        }

        assertThat(holds(1, 10)).isTrue();
        assertThat(spans(parts(1, 1_000_000))).isEqualTo(expected);
        assertThat(parts(1, 1_000_000)).as("reading takes nothing away").hasSize(1);
        assertThat(cache.spanCount()).isEqualTo(20);
    }

    @Test
    void aLargeTraceComesInParts() {
        List<ByteString> expected = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            expected.add(offer(1, i, 1_000));
        }

        List<byte[]> parts = parts(1, 10_000);
        assertThat(parts).hasSizeBetween(10, 13).allMatch(part -> part.length < 10_200);
        assertThat(spans(parts)).isEqualTo(expected);
        assertThat(parts(1, 1)).as("a part has a span at least").hasSize(100);
    }

    @Test
    void aTraceOfWhichASpanWasMissedIsNotHere() {
        offer(1, 0, 10);
        offer(1, 2, 10);

        assertThat(holds(1, 1)).isFalse();
        assertThat(holds(1, 2)).isFalse();
        assertThat(cache.spanCount()).as("nor what was cached of it").isZero();
        offer(1, 3, 10);
        assertThat(cache.spanCount()).as("no more of it is").isZero();
        assertThatThrownBy(() -> parts(1, 10)).isInstanceOf(NoSuchElementException.class)
                .hasMessage("no spans are cached of the trace that is to be read");
    }

    @Test
    void aTraceIsWholeOnlyWithAllItsSpans() {
        offer(1, 0, 10);

        assertThat(holds(1, 1)).isTrue();
        assertThat(holds(1, 2)).isFalse();
        assertThat(holds(1, 0)).isFalse();
        assertThat(holds(2, 0)).isFalse();
        assertThat(holds(2, 1)).isFalse();
    }

    @Test
    void lateSpansBeginAnew() {
        offer(1, 0, 10);
        release(1);
        assertThat(holds(1, 1)).isFalse();
        ByteString late = offer(1, 0, 20);

        assertThat(spans(parts(1, 100))).containsExactly(late);
    }

    @Test
    void theOldestTracesGoFirst() {
        int traces = 2_000;
        for (int trace = 0; trace < traces; trace++) {
            offer(trace, 0, 1_000);
        }

        List<Integer> kept = IntStream.range(0, traces).filter(trace -> holds(trace, 1)).boxed().toList();
        assertThat(kept).as("those that came last").hasSizeBetween(350, 500)
                .containsExactlyElementsOf(IntStream.range(traces - kept.size(), traces).boxed().toList());
        assertThat(cache.takeEvictedSpans()).isEqualTo(traces - kept.size());
        assertThat(cache.takeEvictedSpans()).as("since it was last asked").isZero();
        assertThat(cache.spanCount()).isEqualTo(kept.size());
        assertThat(cache.heldBytes()).isBetween(480 * KIB, 512 * KIB);
    }

    @Test
    void aTraceGoesWithItsFirstSpanAndComesNoMore() {
        offer(-1, 0, 10);
        for (int trace = 0; trace < 2_000; trace++) {
            offer(trace, 0, 1_000);
            if (trace % 100 == 0) {
                offer(-1, 1 + trace / 100, 10);
            }
        }

        assertThat(holds(-1, 21)).isFalse();
        assertThat(cache.spanCount()).isEqualTo(
                IntStream.range(0, 2_000).filter(trace -> holds(trace, 1)).count());
    }

    @Test
    void lateSpansStayWhenTheSegmentOfTheFirstOnesGoes() {
        offer(-2, 0, 10);
        offer(-1, 0, 10);
        for (int trace = 0; trace < 300; trace++) {
            offer(trace, 0, 1_000);
        }
        release(-1);
        offer(-1, 0, 10);
        for (int trace = 300; holds(-2, 1); trace++) {
            offer(trace, 0, 1_000);
        }

        assertThat(holds(-1, 1)).isTrue();
    }

    /** However much goes through, the memory of what ended is used again. */
    @Test
    void segmentsOfEndedTracesAreUsedAgain() {
        for (int trace = 0; trace < 20_000; trace++) {
            offer(trace, 0, 200);
            if (trace >= 100) {
                release(trace - 100);
            }
        }

        assertThat(cache.heldBytes()).isLessThan(64 * KIB);
        assertThat(cache.takeEvictedSpans()).isZero();
        assertThat(cache.spanCount()).isEqualTo(100);
    }

    @Test
    void aSpanLargerThanASegmentIsHeldWithinReason() {
        ByteString large = offer(1, 0, 100_000);
        ByteString small = offer(1, 1, 10);
        assertThat(spans(parts(1, 10))).containsExactly(large, small);
        long held = cache.heldBytes();
        release(1);
        assertThat(cache.heldBytes()).as("its segment is given back").isLessThan(held - 100_000);

        offer(2, 0, 10);
        offer(2, 1, 150_000);
        assertThat(cache.spanCount()).as("one that would take more than a quarter is not cached").isZero();
        assertThat(holds(2, 2)).isFalse();
    }

    @Test
    void manyLargeSpansStayWithinTheLimit() {
        for (int trace = 0; trace < 50; trace++) {
            offer(trace, 0, 60_000 + 1_000 * trace);
            assertThat(cache.heldBytes()).isLessThanOrEqualTo(512 * KIB);
        }
        assertThat(holds(49, 1)).isTrue();
        assertThat(holds(0, 1)).isFalse();
    }

    @Test
    void clearForgetsAll() {
        for (int trace = 0; trace < 2_000; trace++) {
            offer(trace, 0, 100);
        }
        cache.clear();
        assertThat(cache.spanCount()).isZero();
        assertThat(holds(1_999, 1)).isFalse();
        release(1_999);
        ByteString again = offer(1_999, 0, 100);
        assertThat(spans(parts(1_999, 100))).containsExactly(again);
    }

    @Test
    void withoutMemoryNothingIsCached() {
        cache = new SpanCache(0);
        offer(1, 0, 10);
        release(1);

        assertThat(holds(1, 1)).isFalse();
        assertThat(cache.heldBytes()).isZero();
        assertThatThrownBy(() -> new SpanCache(-1)).hasMessage("a cache cannot hold -1 bytes");
    }

    @Test
    void aLimitBelowOneSpanCachesNothing() {
        for (long limit : new long[]{1, 100, 1_000, 2_500}) {
            cache = new SpanCache(limit);
            offer(1, 0, 1_000);
            assertThat(holds(1, 1)).as("%d bytes", limit).isFalse();
            assertThat(cache.heldBytes()).as("%d bytes", limit).isLessThanOrEqualTo(limit);
        }
    }
}
