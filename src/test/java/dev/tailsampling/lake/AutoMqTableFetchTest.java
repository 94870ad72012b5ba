package dev.tailsampling.lake;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tailsampling.selector.FetchRequest;
import dev.tailsampling.selector.SourceCursor;
import dev.tailsampling.selector.SourceOffsets;
import dev.tailsampling.trace.TraceId;
import io.opentelemetry.proto.trace.v1.Span;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Whole traces out of the table. */
class AutoMqTableFetchTest {

    private TestLake lake;
    private TableTopicWriter topic;
    private AutoMqTable source;
    private final Fetched fetched = new Fetched();

    /** The parts that came, by trace. */
    private static final class Fetched implements dev.tailsampling.selector.SpanFetcher.Receiver {
        private final Map<TraceId, List<byte[]>> parts = new LinkedHashMap<>();

        @Override
        public void spans(TraceId traceId, byte[] otlp, int spanCount) {
            assertThat(Otlp.spanIds(otlp)).hasSize(spanCount);
            parts.computeIfAbsent(traceId, unseen -> new ArrayList<>()).add(otlp);
        }

        List<Long> spansOf(int trace) {
            return parts.getOrDefault(Otlp.trace(trace), List.of()).stream()
                    .flatMap(part -> Otlp.spanIds(part).stream()).toList();
        }

        int partsOf(int trace) {
            return parts.getOrDefault(Otlp.trace(trace), List.of()).size();
        }
    }

    @BeforeEach
    void open() {
        lake = TestLake.inMemory();
        topic = lake.topic();
        source = lake.source();
    }

    @AfterEach
    void close() {
        topic.close();
        lake.close();
    }

    private void append(int partition, long second, Span... spans) {
        topic.append(KafkaMessage.of(partition, Otlp.message(spans), TestLake.millis(second)));
    }

    private void commit() {
        topic.commit(TableTopicWriter.CatchUp.MORE_DATA);
    }

    private SourceOffsets readAll() {
        return source.readNew(SourceCursor.START, new CollectedSpans()).cursor().nextOffsets();
    }

    private static FetchRequest request(int trace, List<Integer> locations, long firstSecond, long lastSecond) {
        return new FetchRequest(Otlp.trace(trace), locations, TestLake.millis(firstSecond),
                TestLake.millis(lastSecond), FetchRequest.UNKNOWN_SPAN_COUNT, 100);
    }

    /** Trace 1 in both files, trace 2 in the second, and trace 9 everywhere. */
    private void twoFiles() {
        append(0, 1, Otlp.span(1, 11), Otlp.span(9, 91));
        append(1, 2, Otlp.span(1, 12));
        commit();
        append(0, 3, Otlp.span(2, 21), Otlp.span(1, 13));
        append(0, 4, Otlp.span(9, 92), Otlp.span(2, 22));
        commit();
    }

    @Test
    void allSpansOfATraceComeInOnePart() {
        twoFiles();
        SourceOffsets until = readAll();
        source.fetch(List.of(request(1, List.of(0, 1), 1, 3), request(2, List.of(1), 3, 4)), until, fetched);

        assertThat(fetched.parts).hasSize(2);
        assertThat(fetched.partsOf(1)).isEqualTo(1);
        assertThat(fetched.spansOf(1)).containsExactly(11L, 12L, 13L);
        assertThat(fetched.spansOf(2)).containsExactly(21L, 22L);
    }

    @Test
    void rowsBeyondThePositionAreLeftOut() {
        twoFiles();
        readAll();
        source.fetch(List.of(request(1, List.of(0, 1), 1, 9), request(2, List.of(1), 1, 9)),
                new SourceOffsets(new TreeMap<>(Map.of(0, 2L))), fetched);

        assertThat(fetched.spansOf(1)).containsExactly(11L, 13L);
        assertThat(fetched.spansOf(2)).containsExactly(21L);
    }

    @Test
    void withoutLocationsTheArrivalTimesFindTheFiles() {
        twoFiles();
        SourceOffsets until = readAll();
        lake.source().fetch(List.of(request(1, List.of(), 1, 2), request(2, List.of(), 3, 4)), until, fetched);

        assertThat(fetched.spansOf(1)).as("span 13 arrived later: another decision").containsExactly(11L, 12L);
        assertThat(fetched.spansOf(2)).containsExactly(21L, 22L);
    }

    @Test
    void forgottenLocationsAreFoundByArrivalTime() {
        twoFiles();
        SourceOffsets until = readAll();
        source.forgetAllBut(new TreeSet<>(List.of(1)));
        source.fetch(List.of(request(1, List.of(0, 1), 1, 3), request(2, List.of(1), 3, 4)), until, fetched);

        assertThat(fetched.spansOf(1)).containsExactlyInAnyOrder(11L, 12L, 13L);
        assertThat(fetched.spansOf(2)).containsExactly(21L, 22L);
    }

    @Test
    void spansOfVanishedFilesAreFoundWhereTheyWent() {
        twoFiles();
        append(0, 5, Otlp.span(3, 31));
        commit();
        SourceOffsets until = readAll();
        lake.compact(file -> file.dataSequenceNumber() < 3);
        lake.expireSnapshots();
        source.fetch(List.of(request(1, List.of(0, 1), 1, 3), request(2, List.of(1), 3, 4),
                request(3, List.of(2), 5, 5)), until, fetched);

        assertThat(fetched.spansOf(1)).containsExactlyInAnyOrder(11L, 12L, 13L);
        assertThat(fetched.spansOf(2)).containsExactlyInAnyOrder(21L, 22L);
        assertThat(fetched.spansOf(3)).containsExactly(31L);
    }

    @Test
    void aRecordCommittedTwiceIsFetchedOnce() {
        twoFiles();
        lake.commitAgain(lake.files());
        SourceOffsets until = readAll();
        source.fetch(List.of(request(1, List.of(0, 1), 1, 3)), until, fetched);
        lake.source().fetch(List.of(request(2, List.of(), 3, 4)), until, fetched);

        assertThat(fetched.spansOf(1)).containsExactlyInAnyOrder(11L, 12L, 13L);
        assertThat(fetched.spansOf(2)).containsExactlyInAnyOrder(21L, 22L);
    }

    /** Late spans follow their trace's decision: what was exported with it is not exported again. */
    @Test
    void spansOutsideTheRequestBelongToAnotherDecision() {
        twoFiles();
        SourceOffsets until = readAll();
        source.fetch(List.of(request(1, List.of(1), 3, 3), request(9, List.of(0, 1), 1, 4)), until, fetched);

        assertThat(fetched.spansOf(1)).containsExactly(13L);
        assertThat(fetched.spansOf(9)).containsExactly(91L, 92L);
    }

    @Test
    void aTraceThatIsNotThereGivesNothing() {
        twoFiles();
        SourceOffsets until = readAll();
        source.fetch(List.of(request(5, List.of(0), 1, 4), request(6, List.of(), 1, 4), request(7, List.of(77), 1, 4)),
                until, fetched);

        assertThat(fetched.parts).isEmpty();
    }

    @Test
    void noRequestsReadNothing() {
        source.fetch(List.of(), SourceOffsets.NONE, fetched);

        assertThat(fetched.parts).isEmpty();
    }

    @Test
    void twoRequestsForOneTraceAreOne() {
        twoFiles();
        SourceOffsets until = readAll();
        source.fetch(List.of(request(1, List.of(0), 1, 2), request(1, List.of(1), 3, 3)), until, fetched);

        assertThat(fetched.spansOf(1)).containsExactly(11L, 12L, 13L);
    }

    @Test
    void anUndecodableRowIsPassed() {
        topic.append(KafkaMessage.of(0, new byte[]{0x7f, 1}, TestLake.millis(1)));
        topic.append(KafkaMessage.of(0, new byte[0], TestLake.millis(1)));
        append(0, 2, Otlp.span(1, 11));
        commit();
        SourceOffsets until = readAll();
        source.fetch(List.of(request(1, List.of(0), 1, 2)), until, fetched);

        assertThat(fetched.spansOf(1)).containsExactly(11L);
    }

    @Test
    void aLargeTraceComesInPartsOfBoundedSize() {
        for (int span = 0; span < 50; span++) {
            append(0, span, Otlp.span(1, span, "x".repeat(1000)), Otlp.span(2, 1000 + span));
        }
        commit();
        SourceOffsets until = readAll();
        AutoMqTableOptions small = AutoMqTableOptions.defaults(lake.clock).withFetchLimits(20_000, 5_000);
        AutoMqTable bounded = lake.source(small);
        FetchRequest large =
                new FetchRequest(Otlp.trace(1), List.of(), TestLake.millis(0), TestLake.millis(50), 50, 52_000);
        FetchRequest other =
                new FetchRequest(Otlp.trace(2), List.of(), TestLake.millis(0), TestLake.millis(50), 50, 3_000);
        bounded.fetch(List.of(large, other), until, fetched);

        assertThat(fetched.partsOf(1)).isBetween(10, 15);
        assertThat(fetched.parts.get(Otlp.trace(1))).allSatisfy(part -> assertThat(part).hasSizeLessThan(5_100));
        assertThat(fetched.spansOf(1))
                .containsExactlyElementsOf(IntStream.range(0, 50).mapToObj(Long::valueOf).toList());
        assertThat(fetched.partsOf(2)).isEqualTo(1);
        assertThat(fetched.spansOf(2)).hasSize(50);
    }

    /** Sizes in requests leave out resources and scopes, so more may come than was asked for. */
    @Test
    void moreBytesThanExpectedAreDeliveredInParts() {
        for (int span = 0; span < 100; span++) {
            append(0, span, Otlp.span(span % 10, span, "x".repeat(1000)));
        }
        commit();
        SourceOffsets until = readAll();
        AutoMqTable bounded = lake.source(AutoMqTableOptions.defaults(lake.clock).withFetchLimits(10_000, 5_000));
        bounded.fetch(IntStream.range(0, 10).mapToObj(trace -> request(trace, List.of(), 0, 100)).toList(), until,
                fetched);

        assertThat(fetched.parts).hasSize(10);
        for (int trace = 0; trace < 10; trace++) {
            assertThat(fetched.spansOf(trace)).hasSize(10).doesNotHaveDuplicates();
        }
    }

    @Test
    void manyTracesAreFetchedInBatches() {
        for (int trace = 0; trace < 200; trace++) {
            append(trace % 4, trace, Otlp.span(trace, 2L * trace), Otlp.span(trace, 2L * trace + 1));
            if (trace % 20 == 19) {
                commit();
            }
        }
        SourceOffsets until = readAll();
        AutoMqTable bounded = lake.source(AutoMqTableOptions.defaults(lake.clock).withFetchLimits(1_000, 500));
        bounded.fetch(IntStream.range(0, 200).mapToObj(trace -> request(trace, List.of(), trace, trace)).toList(),
                until,
                fetched);

        assertThat(fetched.parts).hasSize(200);
        assertThat(fetched.spansOf(150)).containsExactly(300L, 301L);
    }
}
