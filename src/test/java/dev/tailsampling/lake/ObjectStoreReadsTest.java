package dev.tailsampling.lake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tailsampling.layout.LayoutChoice;
import dev.tailsampling.selector.FetchRequest;
import dev.tailsampling.selector.ReadStats;
import dev.tailsampling.selector.SourceCursor;
import dev.tailsampling.selector.SourceException;
import dev.tailsampling.selector.SourceRead;
import io.opentelemetry.proto.trace.v1.Span;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How much is asked of an object store, where each request costs time and money. */
class ObjectStoreReadsTest {

    private static final int FILES = 3;
    private static final int SPANS_PER_FILE = 15_000;

    @TempDir
    Path home;

    private TestLake lake;

    @BeforeEach
    void severalFiles() {
        lake = TestLake.onDisk(home, RequestCountingIO.class.getName());
        try (TableTopicWriter topic = lake.topic()) {
            Random random = new Random(3);
            for (long span = 0; span < FILES * SPANS_PER_FILE; span++) {
                // Names that do not compress, or a file would be smaller than what is read with its footer.
                Span named = Otlp.span((int) span / 10, span + 1, Long.toHexString(random.nextLong()).repeat(8));
                topic.append(KafkaMessage.of(0, Otlp.message(named), TestLake.millis(span)));
                if ((span + 1) % SPANS_PER_FILE == 0) {
                    topic.commit(TableTopicWriter.CatchUp.MORE_DATA);
                }
            }
        }
        RequestCountingIO.REQUESTS.set(0);
        RequestCountingIO.BYTES.set(0);
    }

    @AfterEach
    void close() {
        lake.close();
    }

    @Test
    void aSmallFileTakesTwoRequests() {
        CollectedSpans spans = new CollectedSpans();
        SourceRead read = lake.source().readNew(SourceCursor.START, spans);

        assertThat(spans.spanIds)
                .isEqualTo(LongStream.rangeClosed(1, FILES * SPANS_PER_FILE).boxed().toList());
        assertThat(read.files()).isEqualTo(FILES);
        assertThat(RequestCountingIO.REQUESTS.get()).isLessThanOrEqualTo(2 * FILES);
    }

    @Test
    void aFewTracesDoNotCostTheWholeFiles() {
        AutoMqTable source = lake.source();
        SourceRead read = source.readNew(SourceCursor.START, new CollectedSpans());
        ReadStats before = source.stats();
        RequestCountingIO.BYTES.set(0);
        List<Long> found = new ArrayList<>();

        long first = SPANS_PER_FILE;
        source.fetch(List.of(new FetchRequest(Otlp.trace((int) first / 10), List.of(1), TestLake.millis(first),
                TestLake.millis(first + 9), 10, 10_000)), read.cursor().nextOffsets(),
                (traceId, otlp, spanCount) -> found.add((long) spanCount));

        assertThat(found).containsExactly(10L);
        assertThat(source.stats().pagesSkipped()).isGreaterThan(before.pagesSkipped());
    }

    @Test
    void theBudgetForReadingAheadIsWholeAgainAfterwards() {
        long before = ReadBudget.OF_PROCESS.available();

        lake.source().readNew(SourceCursor.START, new CollectedSpans());

        assertThat(ReadBudget.OF_PROCESS.available()).isEqualTo(before);
    }

    /** A writer that is unsure of its commit may add the same files once more. */
    @Test
    void aFileThatIsCommittedTwiceIsOpenedAheadOnce() {
        long budget = ReadBudget.OF_PROCESS.available();
        int open = RequestCountingIO.OPEN.get();
        lake.table().newAppend().appendFile(lake.files().getLast()).commit();
        CollectedSpans spans = new CollectedSpans();

        lake.source().readNew(SourceCursor.START, spans);

        assertThat(spans.spanIds).hasSize(FILES * SPANS_PER_FILE).doesNotHaveDuplicates();
        assertThat(ReadBudget.OF_PROCESS.available()).isEqualTo(budget);
        assertThat(RequestCountingIO.OPEN).hasValue(open);
    }

    @Test
    void aFileThatIsRefusedWhileItIsOpenedAheadIsClosed() {
        int open = RequestCountingIO.OPEN.get();
        PinnedTable table = TestLake.pinned(TableName.of(TestLake.TABLE),
                new LayoutChoice.Given(TableTopicSchema.LAYOUT), lake.table());
        List<PlannedFile> planned = table.planner().all(file -> true);
        try (DataFiles files = new DataFiles(lake.table(), new ReadTotals())) {
            files.expect(planned, (file, leaves) -> {
                throw new SourceException("a column is missing in " + file.path());
            });
            assertThatThrownBy(() -> files.open(planned.getFirst())).isInstanceOf(SourceException.class);
        }

        assertThat(RequestCountingIO.OPEN).hasValue(open);
    }
}
