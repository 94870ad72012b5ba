package dev.tailsampling.otlp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tailsampling.trace.TraceId;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Spans that go into segments, and what comes out. */
class SpanSegmentTest {

    private static final int SEEDS = 300;
    private static final int SEGMENT_BYTES = 60_000;

    private final OtlpSpans spans = new OtlpSpans();

    /** A span alone in a request, as bytes to compare. */
    private static byte[] alone(WireSpan span) {
        TraceBytes one = new TraceBytes();
        one.add(span);
        return Objects.requireNonNull(one.take());
    }

    private static byte[] alone(StoredSpan span) {
        TraceBytes one = new TraceBytes();
        one.add(span);
        return Objects.requireNonNull(one.take());
    }

    /** One life of a writer: segment after segment, each remembered with what it must hold. */
    private final class Log {

        private record Added(SpanSegment segment, long address, long previous, byte[] request) {}

        private final Random random;
        private final SegmentWriter writer;
        private final Map<TraceId, Long> last = new HashMap<>();
        private final Map<SpanSegment, List<TraceId>> traces = new HashMap<>();
        private final List<Added> added = new ArrayList<>();
        private SpanSegment segment;

        Log(long seed, int segmentBytes) {
            random = new Random(seed);
            writer = new SegmentWriter(segmentBytes);
            begin(SpanSegment.ofCapacity(segmentBytes, 1 + random.nextInt(1_000)));
        }

        private void begin(SpanSegment empty) {
            segment = empty;
            traces.put(empty, new ArrayList<>());
            writer.begin(empty);
        }

        void add(byte[] request) {
            spans.forEach(request, 0, request.length, this::add);
            Arrays.fill(request, (byte) 0xff);
        }

        private void add(WireSpan span) {
            if (!writer.hasRoomFor(span) || random.nextInt(50) == 0) {
                int capacity = (int) Math.max(SegmentWriter.maxBytes(span), segment.capacity());
                begin(SpanSegment.ofCapacity(capacity, segment.firstAddress() + segment.capacity()));
            }
            long previous = last.getOrDefault(span.traceId(), SpanSegment.NO_ADDRESS);
            long address = writer.add(span, previous);
            assertThat(segment.holds(address)).isTrue();
            last.put(span.traceId(), address);
            traces.get(segment).add(span.traceId());
            added.add(new Added(segment, address, previous, alone(span)));
        }

        void check(String label) {
            List<Added> inAnyOrder = new ArrayList<>(added);
            java.util.Collections.shuffle(inAnyOrder, random);
            StoredSpan stored = new StoredSpan();
            for (Added one : inAnyOrder) {
                assertThat(alone(stored.moveTo(one.segment(), one.address()))).as(label).isEqualTo(one.request());
                assertThat(one.segment().previous(one.address())).as(label).isEqualTo(one.previous());
            }
            traces.forEach((its, expected) -> {
                List<TraceId> visited = new ArrayList<>();
                its.forEachTrace((high, low) -> visited.add(new TraceId(high, low)));
                assertThat(visited).as(label).isEqualTo(expected);
            });
        }
    }

    @Test
    void everySpanComesBackAsItWas() {
        for (long seed = 0; seed < SEEDS; seed++) {
            RandomRequests requests = new RandomRequests(seed);
            UnusualEncoding unusual = new UnusualEncoding(seed);
            Log log = new Log(seed, SEGMENT_BYTES);
            for (int i = 0; i < 3; i++) {
                log.add(requests.next().toByteArray());
                log.add(unusual.of(requests.next()));
            }
            log.check("seed " + seed);
        }
    }

    /** The table of contexts has few entries in small segments, so that it forgets. */
    @Test
    void everySpanComesBackAsItWasThoughContextsAreForgotten() {
        for (long seed = 0; seed < SEEDS; seed++) {
            RandomRequests requests = new RandomRequests(seed);
            Log log = new Log(seed, 2_500);
            for (int i = 0; i < 10; i++) {
                log.add(requests.next().toByteArray());
            }
            log.check("seed " + seed);
        }
    }

    @Test
    void aSharedResourceIsWrittenOnce() {
        byte[] first = request("a", 1);
        byte[] other = request("b", 2);
        SpanSegment segment = SpanSegment.ofCapacity(SEGMENT_BYTES, 1);
        SegmentWriter writer = new SegmentWriter(SEGMENT_BYTES);
        writer.begin(segment);
        for (int i = 0; i < 20; i++) {
            for (byte[] request : List.of(first, other)) {
                spans.forEach(request, 0, request.length, span -> writer.add(span, SpanSegment.NO_ADDRESS));
            }
        }

        String content = new String(segment.writer.bytes(), 0, segment.writer.size(),
                java.nio.charset.StandardCharsets.ISO_8859_1);
        assertThat(content.split("resource of a", -1)).hasSize(2);
        assertThat(content.split("resource of b", -1)).hasSize(2);
        assertThat(content.split("scope of a", -1)).hasSize(2);
    }

    private static byte[] request(String name, long trace) {
        return new RequestBuilder().beginResource().attribute("k", "resource of " + name)
                .beginScope("scope of " + name, "").beginSpan(1, trace, 3).take();
    }

    @Test
    void aRecycledSegmentIsEmpty() {
        byte[] request = request("a", 1);
        SpanSegment used = SpanSegment.ofCapacity(SEGMENT_BYTES, 1);
        SegmentWriter writer = new SegmentWriter(SEGMENT_BYTES);
        writer.begin(used);
        spans.forEach(request, 0, request.length, span -> writer.add(span, SpanSegment.NO_ADDRESS));

        SpanSegment recycled = used.recycled(SEGMENT_BYTES + 1);
        writer.begin(recycled);
        recycled.forEachTrace((high, low) -> assertThat(low).as("a trace in an empty segment").isNull());
        spans.forEach(request, 0, request.length, span -> {
            long address = writer.add(span, SpanSegment.NO_ADDRESS);
            assertThat(alone(new StoredSpan().moveTo(recycled, address))).isEqualTo(request);
        });
    }

    @Test
    void addressesArePositive() {
        assertThatThrownBy(() -> SpanSegment.ofCapacity(10, 0)).hasMessage("addresses are positive: 0");
    }
}
