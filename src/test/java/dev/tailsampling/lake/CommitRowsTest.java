package dev.tailsampling.lake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tailsampling.layout.LayoutChoice;
import dev.tailsampling.selector.SourceCursor;
import dev.tailsampling.selector.SourceException;
import java.util.List;
import java.util.stream.LongStream;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.Table;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Where rows have no Kafka positions, commits alone tell which rows are new. */
class CommitRowsTest {

    private static final TableName NAME = TableName.of(TestLake.TABLE);

    private static final long ROWS_OF_A_COMMIT = 3;

    private final CollectedSpans spans = new CollectedSpans();
    private final ReadFiles readFiles = new ReadFiles();
    private TestLake lake;
    private TableTopicWriter topic;
    private long rowsPending;

    @BeforeEach
    void open() {
        lake = TestLake.inMemory();
        topic = lake.topic();
    }

    @AfterEach
    void close() {
        topic.close();
        lake.close();
    }

    private SourceCursor read(SourceCursor after) {
        return read(after, Long.MAX_VALUE, readFiles);
    }

    private SourceCursor read(SourceCursor after, long maxBytes, ReadFiles remembered) {
        CommitRows rows = new CommitRows(after, new RowDelivery(new Locations(), spans), remembered, maxBytes);
        CommitRows.Reached reached = PinnedTable.withCurrent(lake.catalog, NAME, table -> rows.read(pinned(table)));
        rowsPending = reached.rowsPending();
        return new SourceCursor("", reached.throughInclusive(),
                CommitPositions.next(reached.throughInclusive(), reached.loadInclusive()), 0);
    }

    private static PinnedTable pinned(Table table) {
        return TestLake.pinned(NAME, new LayoutChoice.Given(TableTopicSchema.LAYOUT), table);
    }

    private void commit(long firstSpan, long lastSpan) {
        lake.commit(topic, 0, firstSpan, lastSpan);
    }

    private void assertSpans(long first, long last) {
        assertThat(spans.spanIds).containsExactlyElementsOf(LongStream.rangeClosed(first, last).boxed().toList());
    }

    @Test
    void appendsAreReadOnce() {
        commit(1, 3);
        commit(4, 6);
        SourceCursor cursor = read(SourceCursor.START);
        cursor = read(cursor);
        commit(7, 9);
        cursor = read(cursor);
        read(cursor);

        assertSpans(1, 9);
        assertThat(cursor.nextOffsets().of(0)).isEqualTo(4);
    }

    @Test
    void aReadTakesWholeCommits() {
        for (int commit = 0; commit < 5; commit++) {
            commit(commit * 3 + 1, commit * 3 + 3);
        }
        SourceCursor cursor = SourceCursor.START;
        for (int commit = 1; commit <= 5; commit++) {
            cursor = read(cursor, 1, new ReadFiles());

            assertSpans(1, commit * 3);
            assertThat(cursor.sequenceNumberInclusive()).isEqualTo(commit);
            assertThat(rowsPending).isEqualTo((5 - commit) * ROWS_OF_A_COMMIT);
        }
    }

    @Test
    void whatComesAfterTheLoadIsPending() {
        commit(1, 3);
        commit(4, 6);
        SourceCursor cursor = read(SourceCursor.START, 1, new ReadFiles());
        commit(7, 9);
        commit(10, 12);
        assertThat(rowsPending).isEqualTo(ROWS_OF_A_COMMIT);
        cursor = read(cursor, 1, new ReadFiles());
        assertThat(rowsPending).isEqualTo(2 * ROWS_OF_A_COMMIT);
        cursor = read(cursor, 1, new ReadFiles());
        assertThat(rowsPending).isEqualTo(ROWS_OF_A_COMMIT);
        read(cursor, 1, new ReadFiles());
        assertThat(rowsPending).isZero();
        assertSpans(1, 12);
    }

    @Test
    void aCompactionOfWhatWasReadBringsNothing() {
        commit(1, 3);
        commit(4, 6);
        SourceCursor cursor = read(SourceCursor.START);
        lake.compact(file -> true);
        cursor = read(cursor);
        commit(7, 9);
        read(cursor);

        assertSpans(1, 9);
    }

    @Test
    void aCompactionOfReadAndUnreadRowsBringsTheUnread() {
        commit(1, 3);
        SourceCursor cursor = read(SourceCursor.START);
        commit(4, 6);
        lake.compact(file -> true);
        commit(7, 9);
        read(cursor);

        assertSpans(1, 9);
    }

    @Test
    void aCompactionThatKeepsSequenceNumbersBringsTheUnread() {
        commit(1, 3);
        SourceCursor cursor = read(SourceCursor.START);
        commit(4, 6);
        lake.compactKeepingSequenceNumber(file -> true);
        commit(7, 9);
        read(cursor);

        assertSpans(1, 9);
    }

    @Test
    void theFirstReadTakesWhatACompactionLeft() {
        commit(1, 3);
        commit(4, 6);
        lake.compact(file -> true);
        lake.expireSnapshots();
        commit(7, 9);
        read(SourceCursor.START);

        assertThat(spans.spanIds).containsExactlyInAnyOrderElementsOf(
                LongStream.rangeClosed(1, 9).boxed().toList());
    }

    @Test
    void aLoadInPartsGoesOnWhereItBegan_whenTheTableIsCompactedMeanwhile() {
        commit(1, 3);
        commit(4, 6);
        commit(7, 9);
        SourceCursor cursor = read(SourceCursor.START, 1, new ReadFiles());
        lake.compact(file -> true);
        commit(10, 12);
        cursor = read(cursor, 1, new ReadFiles());
        read(cursor);

        assertSpans(1, 12);
    }

    @Test
    void aLoadInPartsGoesOn_whenSnapshotsExpireMeanwhile() {
        commit(1, 3);
        commit(4, 6);
        SourceCursor cursor = read(SourceCursor.START, 1, new ReadFiles());
        lake.expireSnapshots();
        commit(7, 9);
        read(cursor);

        assertSpans(1, 9);
    }

    @Test
    void anExpiredCommitThatWasReadIsNotMissed() {
        commit(1, 3);
        SourceCursor cursor = read(SourceCursor.START);
        commit(4, 6);
        lake.expireSnapshots();
        commit(7, 9);
        read(cursor);

        assertThat(lake.table().snapshots()).as("the commit after the cursor is the oldest known").hasSize(2);
        assertSpans(1, 9);
    }

    @Test
    void anExpiredUnreadCommitIsRefused() {
        commit(1, 3);
        SourceCursor cursor = read(SourceCursor.START);
        commit(4, 6);
        commit(7, 9);
        lake.expireSnapshots();

        assertThatThrownBy(() -> read(cursor)).isInstanceOf(SourceException.class)
                .hasMessageContaining("of commit 2").hasMessageContaining("history.expire.max-snapshot-age-ms");
        assertSpans(1, 3);
    }

    @Test
    void anExpiredCompactionOfUnreadRowsIsRefused() {
        commit(1, 3);
        SourceCursor cursor = read(SourceCursor.START);
        commit(4, 6);
        lake.compact(file -> true);
        lake.expireSnapshots();

        assertThatThrownBy(() -> read(cursor)).isInstanceOf(SourceException.class)
                .hasMessageContaining("of commit 3").hasMessageContaining("cannot be told which of its rows");
        assertSpans(1, 3);
    }

    @Test
    void expiredHistoryIsNoLossWhereEverythingNewIsKnown() {
        commit(1, 3);
        commit(4, 6);
        SourceCursor cursor = read(SourceCursor.START);
        lake.compactKeepingSequenceNumber(file -> true);
        commit(7, 9);
        lake.expireSnapshots();
        commit(10, 12);
        read(cursor);

        assertSpans(1, 12);
    }

    @Test
    void deletedFilesAreNotReadAndNothingElseIsMissed() {
        commit(1, 3);
        SourceCursor cursor = read(SourceCursor.START);
        commit(4, 6);
        List<DataFile> files = lake.files();
        lake.table().newDelete().deleteFile(files.get(0)).deleteFile(files.get(1)).commit();
        commit(7, 9);
        read(cursor);

        assertThat(spans.spanIds).containsExactly(1L, 2L, 3L, 7L, 8L, 9L);
    }

    @Test
    void rowsThatAreOverwrittenWithFewerAreReadAsAppended() {
        commit(1, 3);
        SourceCursor cursor = read(SourceCursor.START);
        commit(4, 6);
        overwrite(lake.files().subList(1, 2), 4);
        commit(7, 9);
        read(cursor);

        assertSpans(1, 9);
    }

    @Test
    void moreRowsThanBeforeAreRefused() {
        commit(1, 3);
        SourceCursor cursor = read(SourceCursor.START);
        commit(4, 9);
        cursor = read(cursor);
        SourceCursor last = cursor;
        Table table = lake.table();
        table.newOverwrite().deleteFile(lake.files().get(0))
                .addFile(lake.copies(table, lake.files().subList(1, 2), row -> true).getFirst()).commit();

        assertThatThrownBy(() -> read(last)).isInstanceOf(SourceException.class)
                .hasMessageContaining("overwritten with more rows than before");
    }

    /** As a copy-on-write delete does. */
    private void overwrite(List<DataFile> files, long droppedOffset) {
        Table table = lake.table();
        var overwrite = table.newOverwrite();
        files.forEach(overwrite::deleteFile);
        lake.copies(table, files, row -> ((org.apache.iceberg.data.Record) row.getField("_kafka_metadata"))
                .getField("offset").equals(droppedOffset)).forEach(overwrite::addFile);
        overwrite.commit();
    }

    @Test
    void aFileThatIsCommittedTwiceIsReadOnce() {
        commit(1, 3);
        SourceCursor cursor = read(SourceCursor.START);
        DataFile file = lake.files().getFirst();
        lake.table().newFastAppend().appendFile(file).commit();
        commit(4, 6);
        lake.table().newFastAppend().appendFile(lake.files().getLast()).commit();
        read(cursor);

        assertSpans(1, 6);
    }

    @Test
    void aFileThatVanishesWhileItIsRead_isReadWhereHistoryHasIt() {
        commit(1, 3);
        commit(4, 6);
        spans.onFirstSpan(() -> lake.compact(file -> true));
        SourceCursor cursor = read(SourceCursor.START);
        commit(7, 9);
        read(cursor);

        assertSpans(1, 9);
    }

    @Test
    void aFileThatVanishesForGoodWhileALoadGoesOn_isRefused() {
        commit(1, 3);
        commit(4, 6);
        List<DataFile> files = lake.files();
        spans.onFirstSpan(() -> {
            lake.compact(file -> true);
            lake.expireSnapshots();
            files.forEach(file -> lake.table().io().deleteFile(file.location()));
        });

        assertThatThrownBy(() -> read(SourceCursor.START)).isInstanceOf(SourceException.class)
                .hasMessageContaining("cannot be told which of its rows were read before");
    }

    @Test
    void aCommitThatIsReadAgainAfterAFailureIsNotTakenForADuplicate() {
        commit(1, 3);
        SourceCursor cursor = read(SourceCursor.START);
        commit(4, 6);
        read(cursor);
        spans.spanIds.clear();
        read(cursor);

        assertSpans(4, 6);
    }

    @Test
    void formatVersion1IsRefused() {
        TestLake old = TestLake.inMemory();
        old.catalog.findOrCreate(NAME, TableTopicSchema.SCHEMA, TableTopicSchema.spec(0),
                java.util.Map.of("format-version", "1"));
        try (TableTopicWriter writer = old.topic()) {
            old.commit(writer, 0, 1, 3);
        }
        Table table = old.table();

        assertThatThrownBy(() -> pinned(table).planner().commits()).isInstanceOf(SourceException.class)
                .hasMessageContaining("format-version=2");
        old.close();
    }
}
