package dev.tailsampling.lake;

import static dev.tailsampling.lake.MessageWriter.CatchUp.CAUGHT_UP;
import static dev.tailsampling.lake.MessageWriter.CatchUp.MORE_DATA;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.Table;
import org.apache.iceberg.data.Record;
import org.apache.iceberg.types.Conversions;
import org.apache.iceberg.types.Types;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The tables must look as AutoMQ's do. */
class TableTopicWriterTest {

    private TestLake lake;

    @BeforeEach
    void open() {
        lake = TestLake.inMemory();
    }

    @AfterEach
    void close() {
        lake.close();
    }

    private static KafkaMessage message(int partition, long second) {
        return KafkaMessage.of(partition, Otlp.message(Otlp.span(1, second)), TestLake.millis(second));
    }

    private String watermark() {
        return lake.table().currentSnapshot().summary().get("automq.watermark");
    }

    @Test
    void theTableIsCreatedWithTheFirstRecord() {
        try (TableTopicWriter topic = lake.topic()) {
            assertThat(topic.commit(CAUGHT_UP)).isZero();
            assertThat(lake.catalog.find(TableName.of(TestLake.TABLE))).isEmpty();
            topic.append(message(0, 1));
            assertThat(lake.table().currentSnapshot()).isNull();
            assertThat(topic.commit(MORE_DATA)).isEqualTo(1);
        }
        Table table = lake.table();

        assertThat(table.schema().toString()).isEqualToIgnoringWhitespace("""
                table {
                  1: _kafka_value: optional binary
                  2: _kafka_header: optional map<string, binary> (Kafka record headers)
                  3: _kafka_key: optional string (Kafka record key)
                  4: _kafka_metadata: optional struct<7: partition: required int (Partition id),
                     8: offset: required long (Record offset), 9: timestamp: required long (Record timestamp)>
                     (Kafka record metadata)
                }""");
        assertThat(table.spec().isUnpartitioned()).isTrue();
        assertThat(table.properties()).containsEntry("write.metadata.delete-after-commit.enabled", "true")
                .containsEntry("write.object-storage.enabled", "true").doesNotContainKey("format-version");
        assertThat(table.currentSnapshot().operation()).isEqualTo("append");
        assertThat(table.currentSnapshot().summary()).containsKeys("automq.commit.id", "automq.watermark");
    }

    @Test
    void rowsHoldWhatTheRecordHeld() {
        try (TableTopicWriter topic = lake.topic()) {
            topic.append(message(2, 1));
            topic.append(new KafkaMessage(2, "key", new byte[]{1, 2}, 7, Map.of("h", new byte[]{3})));
            topic.commit(MORE_DATA);
        }
        List<Record> rows = new ArrayList<>();
        lake.copies(lake.table(), lake.files(), rows::add);

        assertThat(rows.getFirst().getField("_kafka_key")).isEqualTo("");
        assertThat(rows.getFirst().getField("_kafka_header")).isEqualTo(Map.of());
        assertThat(rows.getLast().getField("_kafka_key")).isEqualTo("key");
        assertThat(rows.getLast().getField("_kafka_header")).isEqualTo(Map.of("h", ByteBuffer.wrap(new byte[]{3})));
        assertThat(rows.getLast().getField("_kafka_value")).isEqualTo(ByteBuffer.wrap(new byte[]{1, 2}));
        assertThat(rows.getLast().getField("_kafka_metadata")).hasToString("Record(2, 1, 7)");
    }

    @Test
    void nothingNewIsNoCommit() {
        try (TableTopicWriter topic = lake.topic()) {
            topic.append(message(0, 1));
            topic.commit(MORE_DATA);
            long before = lake.table().currentSnapshot().snapshotId();
            assertThat(topic.commit(CAUGHT_UP)).isZero();
            assertThat(lake.table().currentSnapshot().snapshotId()).isEqualTo(before);
        }
    }

    @Test
    void theWatermarkIsTheLeastOfTheKnownPartitions() {
        try (TableTopicWriter topic = lake.topic()) {
            topic.append(message(0, 20));
            topic.append(message(1, 10));
            topic.append(message(1, 5));
            topic.commit(MORE_DATA);
            assertThat(watermark()).isEqualTo(Long.toString(TestLake.millis(10)));
            topic.append(message(0, 15));
            topic.commit(MORE_DATA);
            assertThat(watermark()).isEqualTo(Long.toString(TestLake.millis(10)));
            lake.clock.set(Instant.ofEpochMilli(TestLake.millis(30)));
            topic.append(message(0, 40));
            topic.commit(CAUGHT_UP);
            assertThat(watermark()).isEqualTo(Long.toString(TestLake.millis(30)));
        }
    }

    @Test
    void aRestartForgetsTheWatermarkButNotTheOffsets() {
        try (TableTopicWriter topic = lake.topic(TableTopicOptions.of(2, lake.clock).withBrokers(2))) {
            assertThat(topic.append(message(0, 20))).isZero();
            assertThat(topic.append(message(1, 20))).isZero();
            topic.commit(MORE_DATA);
            topic.append(message(0, 21));
            topic.commit(MORE_DATA);
        }
        try (TableTopicWriter topic = lake.topic()) {
            assertThat(topic.append(message(0, 3))).isEqualTo(2);
            assertThat(topic.append(message(1, 3))).isEqualTo(1);
            topic.commit(MORE_DATA);
            assertThat(watermark()).isEqualTo(Long.toString(TestLake.millis(3)));
        }
    }

    @Test
    void eachBrokerWritesAFileOfItsPartitions() {
        try (TableTopicWriter topic = lake.topic(TableTopicOptions.of(4, lake.clock).withBrokers(2))) {
            for (int partition : List.of(3, 0, 1, 2, 0)) {
                topic.append(message(partition, 1));
            }
            topic.commit(MORE_DATA);
        }
        assertThat(lake.files()).hasSize(2).extracting(DataFile::recordCount).containsExactlyInAnyOrder(3L, 2L);
        assertThat(lake.files()).extracting(file -> bounds(file)).containsExactlyInAnyOrder("0 to 2", "1 to 3");
        assertThat(lake.files().getFirst().location())
                .containsPattern("/data/.*/0000[12]-\\d+-[0-9a-f-]+-00001.parquet");
    }

    private static String bounds(DataFile file) {
        Object min = Conversions.fromByteBuffer(Types.IntegerType.get(), file.lowerBounds().get(7));
        Object max = Conversions.fromByteBuffer(Types.IntegerType.get(), file.upperBounds().get(7));
        return min + " to " + max;
    }

    @Test
    void aFullFileIsFollowedByAnother() {
        try (TableTopicWriter topic = lake.topic(TableTopicOptions.of(1, lake.clock).withTargetFileBytes(10_000))) {
            for (int i = 0; i < 4_000; i++) {
                topic.append(message(0, i));
            }
            topic.commit(MORE_DATA);
        }
        assertThat(lake.files()).hasSizeGreaterThan(1);
        assertThat(lake.allSpans()).hasSize(4_000).doesNotHaveDuplicates();
    }

    @Test
    void theTableMayBePartitionedByKey() {
        try (TableTopicWriter topic = lake.topic(TableTopicOptions.of(1, lake.clock).withKeyBuckets(4))) {
            for (int trace = 0; trace < 40; trace++) {
                topic.append(new KafkaMessage(0, Otlp.trace(trace).hex(), Otlp.message(Otlp.span(trace, trace)),
                        TestLake.millis(trace), Map.of()));
            }
            topic.commit(MORE_DATA);
        }
        assertThat(lake.table().spec().fields().getFirst().transform()).hasToString("bucket[4]");
        assertThat(lake.files()).hasSize(4);
    }

    @Test
    void oldSnapshotsExpireWithEachCommit() {
        TableTopicOptions atOnce = TableTopicOptions.of(1, lake.clock)
                .withExpireOlderThan(() -> Instant.now().plus(Duration.ofHours(1)));
        try (TableTopicWriter topic = lake.topic(atOnce)) {
            for (int commit = 0; commit < 3; commit++) {
                topic.append(message(0, commit));
                topic.commit(MORE_DATA);
            }
        }
        assertThat(lake.table().snapshots()).hasSize(1);
        assertThat(lake.table().currentSnapshot()).extracting(Snapshot::parentId).isNotNull();
        assertThat(lake.allSpans()).containsExactly(0L, 1L, 2L);
    }

    @Test
    void whatIsNotCommittedLeavesNothingBehind(@TempDir Path home) throws IOException {
        try (TestLake onDisk = TestLake.onDisk(home); TableTopicWriter topic = onDisk.topic()) {
            topic.append(message(0, 1));
        }
        try (Stream<Path> files = Files.walk(home.resolve("warehouse")).filter(Files::isRegularFile)) {
            assertThat(files).isNotEmpty().noneMatch(file -> file.toString().endsWith(".parquet"));
        }
    }

    @Test
    void aPartitionThatTheTopicDoesNotHaveIsRefused() {
        try (TableTopicWriter topic = lake.topic()) {
            assertThatThrownBy(() -> topic.append(message(4, 1))).isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("the topic has partitions 0 to 3, not 4");
        }
    }
}
