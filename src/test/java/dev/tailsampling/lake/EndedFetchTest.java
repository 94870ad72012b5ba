package dev.tailsampling.lake;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tailsampling.selector.FetchRequest;
import dev.tailsampling.selector.SourceCursor;
import dev.tailsampling.selector.SourceOffsets;
import dev.tailsampling.selector.SpanFetcher;
import dev.tailsampling.trace.TraceId;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Once nobody wants any more spans, no more are read. */
class EndedFetchTest {

    private static final int COMMITS = 5;

    @TempDir
    private Path home;

    private TestLake lake;
    private AutoMqTable source;
    private SourceOffsets until;

    /** Enough after one part. */
    private static final class OnePart implements SpanFetcher.Receiver {
        private final List<TraceId> parts = new ArrayList<>();

        @Override
        public void spans(TraceId traceId, byte[] otlp, int spanCount) {
            parts.add(traceId);
        }

        @Override
        public boolean wantsMore() {
            return parts.isEmpty();
        }
    }

    /** In each commit spans of a large trace, 100, and the small one of its number. */
    @BeforeEach
    void fill() {
        lake = TestLake.onDisk(home, CountingFileIO.class.getName());
        try (TableTopicWriter topic = lake.topic()) {
            for (int commit = 0; commit < COMMITS; commit++) {
                for (int span = 0; span < 20; span++) {
                    topic.append(KafkaMessage.of(0, Otlp.message(Otlp.span(100, 100 * commit + span, "x".repeat(1000))),
                            TestLake.millis(commit)));
                }
                topic.append(KafkaMessage.of(0, Otlp.message(Otlp.span(commit, 1)), TestLake.millis(commit)));
                topic.commit(TableTopicWriter.CatchUp.MORE_DATA);
            }
        }
        source = lake.source(AutoMqTableOptions.defaults(lake.clock).withFetchLimits(4_000, 2_000));
        until = source.readNew(SourceCursor.START, new CollectedSpans()).cursor().nextOffsets();
        CountingFileIO.reset();
    }

    @AfterEach
    void close() {
        lake.close();
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void theFilesOfALargeTraceAreNotReadOn(boolean filesKnown) {
        List<Integer> files = filesKnown ? List.of(0, 1, 2, 3, 4) : List.of();
        OnePart receiver = new OnePart();
        source.fetch(List.of(new FetchRequest(Otlp.trace(100), files, TestLake.millis(0), TestLake.millis(COMMITS),
                FetchRequest.UNKNOWN_SPAN_COUNT, 1)), until, receiver);

        assertThat(receiver.parts).containsExactly(Otlp.trace(100));
        assertThat(CountingFileIO.dataFiles()).hasSize(1);
    }

    @Test
    void noFurtherBatchIsFetched() {
        List<FetchRequest> requests = new ArrayList<>();
        for (int trace = 0; trace < COMMITS; trace++) {
            requests.add(new FetchRequest(Otlp.trace(trace), List.of(trace), TestLake.millis(trace),
                    TestLake.millis(trace), 1, 3_000));
        }
        OnePart receiver = new OnePart();
        source.fetch(requests, until, receiver);

        assertThat(receiver.parts).containsExactly(Otlp.trace(0));
        assertThat(CountingFileIO.dataFiles()).hasSize(1);
    }
}
