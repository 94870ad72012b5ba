package dev.tailsampling.selector;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tailsampling.otlp.OtlpSpans;
import dev.tailsampling.trace.TraceId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** One partition, part of which stands in a table from which rows are lost. Span n of a trace stands at offset n. */
class TieredFetcherTest {

    private static final TraceId ONE = new TraceId(7, 1);
    private static final TraceId TWO = new TraceId(7, 2);

    private final Rows table = new Rows();
    private final Rows topic = new Rows();
    private final Map<TraceId, List<Long>> found = new HashMap<>();

    /** What a table or topic holds. */
    private static final class Rows implements PartitionFetcher {

        private final TreeMap<Long, TraceId> traces = new TreeMap<>();
        private final List<String> asked = new ArrayList<>();
        private long end;

        @Override
        public long endOffsetExclusive(int partition) {
            return end;
        }

        @Override
        public void fetch(int partition, List<FetchRequest> requests, long fromInclusive, long untilExclusive,
                SpanFetcher.Receiver receiver) {
            for (FetchRequest request : requests) {
                asked.add(request.traceId().low() + ":" + fromInclusive + "-" + untilExclusive);
                traces.subMap(fromInclusive, untilExclusive).forEach((offset, traceId) -> {
                    if (traceId.equals(request.traceId())) {
                        receiver.spans(traceId, FetchedSpansTest.message(traceId, offset), 1);
                    }
                });
            }
        }
    }

    private void put(TraceId traceId, long... offsets) {
        for (long offset : offsets) {
            topic.traces.put(offset, traceId);
            topic.end = Math.max(topic.end, offset + 1);
        }
    }

    private void writeTable(long untilExclusive) {
        table.traces.putAll(topic.traces.headMap(untilExclusive));
        table.end = untilExclusive;
    }

    private static FetchRequest request(TraceId traceId, int spanCount, int leastSpanCount) {
        return new FetchRequest(traceId, List.of(0, 1), 0, 0, spanCount, 100, 0, leastSpanCount);
    }

    private void fetch(FetchRequest... requests) {
        new TieredFetcher(0, table, topic).fetch(List.of(requests), SourceOffsets.NONE.with(Map.of(0, topic.end)),
                (traceId, otlp, spanCount) -> new OtlpSpans().forEach(otlp, 0, otlp.length, span -> found
                        .computeIfAbsent(traceId, unseen -> new ArrayList<>()).add(span.spanId())));
    }

    @Test
    void theTopicIsAskedForWhatIsNotInTheTableYet() {
        put(ONE, 1, 300);
        put(TWO, 2);
        writeTable(290);
        fetch(request(ONE, 2, 2), request(TWO, 1, 1));

        assertThat(found).isEqualTo(Map.of(ONE, List.of(1L, 300L), TWO, List.of(2L)));
        assertThat(topic.asked).containsExactly("1:290-301", "2:290-301");
    }

    @Test
    void theTopicIsAskedForWhatTheTableHasLost() {
        put(ONE, 1, 3, 290, 300);
        put(TWO, 2);
        writeTable(295);
        table.traces.remove(3L);
        fetch(request(ONE, 4, 4), request(TWO, 1, 1));

        assertThat(found.get(ONE)).as("nothing twice").containsExactlyInAnyOrder(1L, 3L, 290L, 300L);
        assertThat(found.get(TWO)).containsExactly(2L);
        assertThat(topic.asked).containsExactly("1:295-301", "2:295-301", "1:0-295");
    }

    @Test
    void itIsAskedIfTheLeastNumberIsAllThatIsKnown() {
        put(ONE, 1, 3);
        writeTable(4);
        table.traces.clear();
        fetch(request(ONE, FetchRequest.UNKNOWN_SPAN_COUNT, 2));

        assertThat(found.get(ONE)).containsExactly(1L, 3L);
    }

    @Test
    void itIsNotAskedIfNothingIsKnown() {
        put(ONE, 1, 3);
        writeTable(4);
        table.traces.clear();
        fetch(request(ONE, FetchRequest.UNKNOWN_SPAN_COUNT, 0));

        assertThat(found).isEmpty();
        assertThat(topic.asked).isEmpty();
    }
}
