package dev.tailsampling.lake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tailsampling.selector.SourceCursor;
import dev.tailsampling.selector.SourceException;
import dev.tailsampling.selector.SourceOffsets;
import dev.tailsampling.selector.SourceRead;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.LongStream;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.DeleteFile;
import org.apache.iceberg.FileFormat;
import org.apache.iceberg.FileMetadata;
import org.apache.iceberg.Table;
import org.apache.iceberg.expressions.Expressions;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What other tools do to the table must neither lose a span nor deliver one twice. */
class MaintainedTableTest {

    private TestLake lake;
    private AutoMqTable source;
    private TableTopicWriter topic;
    private final CollectedSpans spans = new CollectedSpans();

    @BeforeEach
    void open() {
        lake = TestLake.inMemory();
        source = lake.source();
        topic = lake.topic();
    }

    @AfterEach
    void close() {
        topic.close();
        lake.close();
    }

    private static List<Long> numbers(long first, long last) {
        return LongStream.rangeClosed(first, last).boxed().toList();
    }

    @Test
    void aCompactionBetweenTwoAppendsChangesNothing() {
        lake.commit(topic, 0, 1, 3);
        lake.commit(topic, 1, 4, 6);
        SourceCursor cursor = source.readNew(SourceCursor.START, spans).cursor();
        lake.compact(file -> true);
        lake.commit(topic, 0, 7, 9);
        SourceRead read = source.readNew(cursor, spans);

        assertThat(spans.spanIds).containsExactlyElementsOf(numbers(1, 9));
        assertThat(read.files()).isEqualTo(1);
    }

    @Test
    void rowsCompactedBeforeTheyWereReadAreRead() {
        lake.commit(topic, 0, 1, 3);
        SourceCursor cursor = source.readNew(SourceCursor.START, spans).cursor();
        lake.commit(topic, 0, 4, 6);
        lake.compact(file -> true);
        SourceRead read = source.readNew(cursor, spans);

        assertThat(spans.spanIds).containsExactlyElementsOf(numbers(1, 6));
        assertThat(read.duplicateRows()).isEqualTo(3);
    }

    @Test
    void aCompactionThatKeepsSequenceNumbersIsRead() {
        lake.commit(topic, 0, 1, 3);
        SourceCursor cursor = source.readNew(SourceCursor.START, spans).cursor();
        lake.commit(topic, 0, 4, 6);
        lake.compactKeepingSequenceNumber(file -> true);
        lake.commit(topic, 0, 7, 9);
        source.readNew(cursor, spans);

        assertThat(spans.spanIds).containsExactlyElementsOf(numbers(1, 9));
    }

    @Test
    void rowsCommittedTwiceAreReadOnce() {
        lake.commit(topic, 0, 1, 3);
        lake.commit(topic, 0, 4, 6);
        SourceCursor cursor = source.readNew(SourceCursor.START, spans).cursor();
        List<DataFile> files = lake.files();
        lake.commitAgain(files.subList(1, 2));
        SourceRead skipped = source.readNew(cursor, spans);
        lake.commit(topic, 0, 7, 9);
        lake.commitAgain(lake.files().subList(3, 4));
        SourceRead counted = source.readNew(skipped.cursor(), spans);

        assertThat(spans.spanIds).containsExactlyElementsOf(numbers(1, 9));
        assertThat(skipped.files()).as("its bounds tell that all of it was read").isZero();
        assertThat(counted.duplicateRows()).isEqualTo(3);
    }

    @Test
    void rowsCommittedAgainAfterACompactionAreReadOnce() {
        lake.commit(topic, 0, 1, 3);
        SourceCursor cursor = source.readNew(SourceCursor.START, spans).cursor();
        lake.commit(topic, 0, 4, 6);
        List<DataFile> files = lake.files();
        lake.compact(file -> true);
        lake.commitAgain(files.subList(1, 2));
        SourceRead read = source.readNew(cursor, spans);

        assertThat(spans.spanIds).containsExactlyElementsOf(numbers(1, 6));
        assertThat(read.duplicateRows()).isEqualTo(6);
    }

    @Test
    void expiredSnapshotsAreNotMissed() {
        lake.commit(topic, 0, 1, 3);
        SourceCursor cursor = source.readNew(SourceCursor.START, spans).cursor();
        lake.commit(topic, 0, 4, 6);
        lake.commit(topic, 0, 7, 9);
        lake.expireSnapshots();
        source.readNew(cursor, spans);

        assertThat(lake.table().snapshots()).hasSize(1);
        assertThat(spans.spanIds).containsExactlyElementsOf(numbers(1, 9));
    }

    @Test
    void deletedOldRowsAreNoReasonToStop() {
        lake.catalog.findOrCreate(TableName.of(TestLake.TABLE), TableTopicSchema.SCHEMA, TableTopicSchema.spec(0),
                TableTopicSchema.PROPERTIES);
        lake.table().updateSpec().addField(Expressions.truncate("_kafka_metadata.timestamp", 4000)).commit();
        lake.commit(topic, 0, 1, 3);
        lake.commit(topic, 0, 4, 6);
        SourceCursor cursor = source.readNew(SourceCursor.START, spans).cursor();
        lake.table().newDelete().deleteFromRowFilter(
                Expressions.lessThan("_kafka_metadata.timestamp", TestLake.millis(4))).commit();
        lake.commit(topic, 0, 7, 9);
        source.readNew(cursor, spans);

        assertThat(lake.allSpans()).doesNotContain(1L, 2L, 3L).contains(4L);
        assertThat(spans.spanIds).containsExactlyInAnyOrderElementsOf(numbers(1, 9));
    }

    @Test
    void deletedUnreadFilesAreGone() {
        lake.commit(topic, 0, 1, 3);
        lake.commit(topic, 0, 4, 6);
        lake.table().newDelete().deleteFile(lake.files().getFirst()).commit();
        source.readNew(SourceCursor.START, spans);

        assertThat(spans.spanIds).containsExactlyElementsOf(numbers(4, 6));
    }

    @Test
    void equalityDeletesAreRefused() {
        lake.commit(topic, 0, 1, 3);
        Table table = lake.table();
        DeleteFile deletes = FileMetadata.deleteFileBuilder(table.spec()).ofEqualityDeletes(3)
                .withPath(table.location() + "/data/deletes.parquet").withFormat(FileFormat.PARQUET)
                .withFileSizeInBytes(10).withRecordCount(1).build();
        table.newRowDelta().addDeletes(deletes).commit();

        assertThatThrownBy(() -> source.readNew(SourceCursor.START, spans)).isInstanceOf(SourceException.class)
                .hasMessageContaining("has delete files").hasMessageContaining("upsert.enable");
        assertThat(spans.spanIds).isEmpty();
    }

    @Test
    void chunksGiveTheSameSpansAsOneRead() {
        for (int commit = 0; commit < 10; commit++) {
            lake.commit(topic, commit % 3, commit * 4 + 1, commit * 4 + 4);
        }
        AutoMqTable chunks = lake.source(AutoMqTableOptions.defaults(lake.clock).withMaxBytesPerRead(1));
        SourceRead read = chunks.readNew(SourceCursor.START, spans);
        int reads = 1;
        while (!read.caughtUp()) {
            read = chunks.readNew(read.cursor(), spans);
            reads++;
        }

        assertThat(reads).isEqualTo(10);
        assertThat(spans.spanIds).containsExactlyElementsOf(numbers(1, 40));
        assertThat(read.cursor()).isEqualTo(source.readNew(SourceCursor.START, new CollectedSpans()).cursor());
    }

    @Test
    void aChunkTakesWholeCommits() {
        try (TableTopicWriter brokers = lake.topic(TableTopicOptions.of(4, lake.clock).withBrokers(2))) {
            for (int partition = 0; partition < 4; partition++) {
                brokers.append(KafkaMessage.of(partition, Otlp.message(Otlp.span(1, partition)), TestLake.millis(1)));
            }
            brokers.commit(TableTopicWriter.CatchUp.MORE_DATA);
            lake.commit(brokers, 0, 10, 10);
        }
        SourceRead read = lake.source(AutoMqTableOptions.defaults(lake.clock).withMaxBytesPerRead(1))
                .readNew(SourceCursor.START, spans);

        assertThat(read.files()).isEqualTo(2);
        assertThat(read.caughtUp()).isFalse();
        assertThat(spans.spanIds).containsExactlyInAnyOrder(0L, 1L, 2L, 3L);
    }

    /** Commits 1 and 3 were compacted, commit 2 was not: its offsets come first, those of commit 1 after them. */
    @Test
    void aChunkBringsTheRowsThatACompactionMovedBehindIt() {
        lake.commit(topic, 0, 1, 3);
        lake.commit(topic, 0, 4, 6);
        lake.commit(topic, 0, 7, 9);
        lake.compact(file -> file.dataSequenceNumber() != 2);
        AutoMqTable chunks = lake.source(AutoMqTableOptions.defaults(lake.clock).withMaxBytesPerRead(1));
        SourceRead first = chunks.readNew(SourceCursor.START, spans);

        assertThat(first.caughtUp()).isFalse();
        assertThat(first.cursor().nextOffsets().of(0)).isEqualTo(6);
        assertThat(spans.spanIds).containsExactly(4L, 5L, 6L, 1L, 2L, 3L);
        chunks.readNew(first.cursor(), spans);
        assertThat(spans.spanIds).containsExactly(4L, 5L, 6L, 1L, 2L, 3L, 7L, 8L, 9L);
    }

    @Test
    void aFileThatVanishesInTheMiddleOfAReadIsFoundWhereItWent() {
        readWhileCompacted(lake);
    }

    @Test
    void aFileThatVanishesFromTheDiskIsFoundWhereItWent(@TempDir Path home) {
        try (TestLake onDisk = TestLake.onDisk(home)) {
            readWhileCompacted(onDisk);
        }
    }

    private void readWhileCompacted(TestLake table) {
        try (TableTopicWriter writer = table.topic()) {
            for (int commit = 0; commit < 5; commit++) {
                table.commit(writer, commit % 2, commit * 3 + 1, commit * 3 + 3);
            }
        }
        spans.onFirstSpan(() -> {
            table.compact(file -> true);
            table.expireSnapshots();
        });
        AutoMqTable reader = table.source();
        SourceRead read = reader.readNew(SourceCursor.START, spans);

        assertThat(spans.spanIds).containsExactlyInAnyOrderElementsOf(numbers(1, 15));
        assertThat(read.rows()).isEqualTo(15);
        assertThat(read.cursor().nextOffsets().text()).isEqualTo("0:9,1:6");
        assertThat(reader.readNew(read.cursor(), spans).rows()).isZero();
    }

    @Test
    void aTopicCreatedAnewForTheSameTableIsNoticed() {
        lake.commit(topic, 0, 1, 50);
        SourceCursor cursor = source.readNew(SourceCursor.START, spans).cursor();
        for (int commit = 0; commit < 2; commit++) {
            commitFromOffsetZero(1000 + commit);
            cursor = source.readNew(cursor, spans).cursor();
        }
        commitFromOffsetZero(1002);
        SourceCursor last = cursor;

        assertThatThrownBy(() -> source.readNew(last, spans)).isInstanceOf(SourceException.class)
                .hasMessageContaining("topic was created anew");
    }

    @Test
    void aTopicCreatedAnewIsNoticedThoughARecordWasOfTheFuture() {
        topic.append(KafkaMessage.of(0, Otlp.message(Otlp.span(1, 1)), System.currentTimeMillis() + 86_400_000_000L));
        lake.commit(topic, 0, 2, 50);
        SourceCursor cursor = source.readNew(SourceCursor.START, spans).cursor();
        long second = (System.currentTimeMillis() - TestLake.millis(0)) / 1000 + 3_600;
        for (int commit = 0; commit < 2; commit++) {
            commitFromOffsetZero(second + commit, commit);
            cursor = source.readNew(cursor, spans).cursor();
        }
        commitFromOffsetZero(second + 2, 2);
        SourceCursor last = cursor;

        assertThatThrownBy(() -> source.readNew(last, spans)).isInstanceOf(SourceException.class)
                .hasMessageContaining("topic was created anew");
    }

    private void commitFromOffsetZero(long second) {
        commitFromOffsetZero(second, second - 1000);
    }

    private void commitFromOffsetZero(long second, long offset) {
        Table table = lake.table();
        DataFileWriter writer = new DataFileWriter(table, 7, second, 1 << 20);
        writer.write(TableTopicSchema.row(table.schema(),
                KafkaMessage.of(0, Otlp.message(Otlp.span(2, second)), TestLake.millis(second)), offset));
        var append = table.newAppend();
        writer.complete().forEach(append::appendFile);
        append.commit();
    }

    @Test
    void rowsAreReadAgainOnceFromACompactedTable() {
        lake.commit(topic, 0, 1, 3);
        lake.commit(topic, 0, 4, 6);
        SourceCursor cursor = source.readNew(SourceCursor.START, new CollectedSpans()).cursor();
        lake.commit(topic, 0, 7, 9);
        lake.compact(file -> file.dataSequenceNumber() > 1);
        lake.commitAgain(lake.files());
        lake.source().readAgain(new SourceOffsets(new TreeMap<>(Map.of(0, 1L))),
                cursor, spans);

        assertThat(spans.spanIds).containsExactlyElementsOf(numbers(2, 6));
    }

    /** Merging manifests rewrites the old entries; their data sequence numbers tell that they were read. */
    @Test
    void manifestsMayBeMerged() {
        lake.commit(topic, 0, 1, 1);
        lake.table().updateProperties().set("commit.manifest.min-count-to-merge", "3").commit();
        SourceCursor cursor = SourceCursor.START;
        int files = 0;
        try (TableTopicWriter merging = lake.topic()) {
            for (int commit = 2; commit <= 12; commit++) {
                lake.commit(merging, 0, commit, commit);
                SourceRead read = source.readNew(cursor, spans);
                cursor = read.cursor();
                files += read.files();
            }
        }

        Table table = lake.table();
        assertThat(table.currentSnapshot().dataManifests(table.io())).hasSizeLessThan(4);
        assertThat(files).isEqualTo(12);
        assertThat(spans.spanIds).containsExactlyElementsOf(numbers(1, 12));
    }
}
