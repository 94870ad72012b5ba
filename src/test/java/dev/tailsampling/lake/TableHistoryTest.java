package dev.tailsampling.lake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tailsampling.selector.FetchRequest;
import dev.tailsampling.selector.SourceException;
import dev.tailsampling.selector.SourceRead;
import dev.tailsampling.selector.SpanHistory.Portion;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A table by arrival: ranges, whatever happens to its files. Spans are known by the second at which they arrived. */
class TableHistoryTest {

    private final TestLake lake = TestLake.inMemory();
    private final TableHistory history =
            new TableHistory(lake.catalog, TestLake.TABLE, AutoMqTableOptions.defaults(lake.clock));
    private TableTopicWriter topic;

    @BeforeEach
    void open() {
        topic = lake.topic();
    }

    @AfterEach
    void close() {
        topic.close();
        lake.close();
    }

    private SourceRead read(long fromSecond, long untilSecond, CollectedSpans spans) {
        return history.read(TestLake.millis(fromSecond), TestLake.millis(untilSecond), spans);
    }

    private List<Long> spans(long fromSecond, long untilSecond) {
        CollectedSpans spans = new CollectedSpans();
        read(fromSecond, untilSecond, spans);
        return spans.spanIds.stream().sorted().toList();
    }

    @Test
    void aRangeHasItsStartAndNotItsEnd() {
        lake.commit(topic, 0, 1, 5);
        lake.commit(topic, 1, 4, 9);

        assertThat(spans(4, 5)).containsExactly(4L, 4L);
        assertThat(spans(5, 8)).containsExactly(5L, 5L, 6L, 7L);
        assertThat(spans(9, 10)).containsExactly(9L);
        assertThat(spans(10, 99)).isEmpty();
    }

    /** The end of the range is the position and the table time: nothing older will come. */
    @Test
    void aReadEndsWhereItWasToldTo() {
        lake.commit(topic, 0, 1, 5);
        SourceRead read = read(2, 4, new CollectedSpans());

        assertThat(read.cursor().nextOffsets().text()).isEqualTo("0:" + TestLake.millis(4));
        assertThat(read.tableTimeMillis()).isEqualTo(TestLake.millis(4));
        assertThat(read.cursor().tableId()).isEqualTo(lake.table().uuid().toString());
        assertThat(read.rows()).isEqualTo(2);
    }

    @Test
    void rowsThatStandInTheTableTwiceAreReadOnce() {
        lake.commit(topic, 0, 1, 5);
        lake.commitAgain(lake.files());
        CollectedSpans spans = new CollectedSpans();
        SourceRead read = read(2, 4, spans);

        assertThat(spans.spanIds).containsExactly(2L, 3L);
        assertThat(read.duplicateRows()).as("those of other times are none").isEqualTo(2);
    }

    @Test
    void filesThatVanishWhileTheyAreReadAreFoundAgain() {
        lake.commit(topic, 0, 1, 5);
        lake.commit(topic, 0, 6, 9);
        CollectedSpans spans = new CollectedSpans().onFirstSpan(() -> {
            lake.compact(file -> true);
            lake.expireSnapshots();
        });
        read(2, 8, spans);

        assertThat(spans.spanIds).containsExactlyInAnyOrder(2L, 3L, 4L, 5L, 6L, 7L);
    }

    @Test
    void undecodableRowsTellTheirKafkaPosition() {
        topic.append(KafkaMessage.of(1, new byte[]{1, 2, 3}, TestLake.millis(3)));
        lake.commit(topic, 0, 3, 3);
        CollectedSpans spans = new CollectedSpans();
        read(3, 4, spans);

        assertThat(spans.undecodable).singleElement().asString().startsWith("1:0 ");
        assertThat(spans.spanIds).containsExactly(3L);
    }

    @Test
    void tracesAreFetchedWithinTheirTimesAndBeforeTheEnd() {
        lake.commit(topic, 0, 1, 9);
        lake.commitAgain(lake.files());
        List<Long> fetched = new ArrayList<>();
        history.fetch(
                List.of(new FetchRequest(Otlp.trace(1), List.of(7, 8), TestLake.millis(3), TestLake.millis(8), 4, 1)),
                TestLake.millis(7), (trace, otlp, count) -> fetched.addAll(Otlp.spanIds(otlp)));

        assertThat(fetched).containsExactlyInAnyOrder(3L, 4L, 5L, 6L);
    }

    @Test
    void portionsAreThoseOfTheRange() {
        lake.commit(topic, 0, 1, 5);
        lake.commit(topic, 0, 6, 9);

        assertThat(history.portions(TestLake.millis(6), TestLake.millis(7))).singleElement()
                .isEqualTo(new Portion(TestLake.millis(6), TestLake.millis(9), lake.files().getLast()
                        .fileSizeInBytes()));
        assertThat(history.portions(TestLake.millis(5), TestLake.millis(7))).hasSize(2);
    }

    @Test
    void theTableIsCompleteUpToItsWatermark() {
        lake.commit(topic, 0, 1, 5);
        assertThat(history.completeUntilMillis()).isEqualTo(TestLake.millis(5));
        lake.commit(topic, 0, 6, 9);
        assertThat(history.completeUntilMillis()).isEqualTo(TestLake.millis(9));
        lake.compact(file -> true);
        lake.expireSnapshots();
        assertThat(history.completeUntilMillis()).as("estimated from its rows").isBetween(TestLake.millis(-60),
                TestLake.millis(9));
    }

    @Test
    void aTableThatIsNotThereIsNamed() {
        assertThatThrownBy(history::completeUntilMillis).isInstanceOf(SourceException.class)
                .hasMessageContaining("table " + TestLake.TABLE + " does not exist");
    }
}
