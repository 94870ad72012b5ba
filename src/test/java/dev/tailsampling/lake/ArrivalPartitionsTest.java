package dev.tailsampling.lake;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tailsampling.config.TableLayouts;
import dev.tailsampling.layout.LayoutChoice;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.iceberg.DataFiles;
import org.apache.iceberg.PartitionSpec;
import org.apache.iceberg.Schema;
import org.apache.iceberg.Table;
import org.apache.iceberg.data.GenericRecord;
import org.apache.iceberg.data.Record;
import org.apache.iceberg.expressions.Expressions;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files and manifests that are passed over as they are of another time. The files have no bounds, and do not exist. */
class ArrivalPartitionsTest {

    private static final TableName NAME = TableName.of(TestLake.TABLE);
    private static final String TIMESTAMP = TableTopicSchema.METADATA + "." + TableTopicSchema.TIMESTAMP;
    private static final long HOUR = Duration.ofHours(1).toMillis();
    private static final long NOON = TestLake.millis(0);
    private static final long DAY_OF_NOON = NOON / Duration.ofDays(1).toMillis();

    private TestLake lake;

    @BeforeEach
    void open(@TempDir Path home) {
        lake = TestLake.onDisk(home, CountingFileIO.class.getName());
    }

    @AfterEach
    void close() {
        lake.close();
    }

    private void create(Schema schema, PartitionSpec spec) {
        lake.catalog.findOrCreate(NAME, schema, spec, Map.of("format-version", "2"));
    }

    private void create(PartitionSpec.Builder spec) {
        create(TableTopicSchema.SCHEMA, spec.build());
    }

    private static PartitionSpec.Builder topic() {
        return PartitionSpec.builderFor(TableTopicSchema.SCHEMA);
    }

    /** Commits a file of the current spec, with these partition values. */
    private void commit(String name, @Nullable Object... values) {
        Table table = lake.table();
        DataFiles.Builder file = DataFiles.builder(table.spec()).withPath(table.location() + "/" + name + ".parquet")
                .withFileSizeInBytes(1).withRecordCount(1);
        if (values.length > 0) {
            Record partition = GenericRecord.create(table.spec().partitionType());
            for (int place = 0; place < values.length; place++) {
                partition.set(place, values[place]);
            }
            file.withPartition(partition);
        }
        table.newFastAppend().appendFile(file.build()).commit();
    }

    private List<String> arrivedWithin(long fromMillis, long toMillis) {
        Table table = lake.table();
        CountingFileIO.reset();
        return TestLake.pinned(NAME, new LayoutChoice.Detected(TableLayouts.builtIn()), table).planner()
                .arrivedWithin(new PlannedFile.Bounds(fromMillis, toMillis), file -> true).stream()
                .map(file -> Path.of(file.path()).getFileName().toString().replace(".parquet", "")).toList();
    }

    private void threeHours() {
        create(topic().truncate(TIMESTAMP, (int) HOUR));
        commit("eleven", NOON - HOUR);
        commit("noon", NOON);
        commit("one", NOON + HOUR);
    }

    @Test
    void anHourOfMillisecondsIsOnePartition() {
        threeHours();

        assertThat(arrivedWithin(NOON, NOON)).containsExactly("noon");
        assertThat(arrivedWithin(NOON + HOUR - 1, NOON + HOUR - 1)).containsExactly("noon");
        assertThat(arrivedWithin(NOON - 1, NOON + HOUR)).containsExactly("eleven", "noon", "one");
        assertThat(arrivedWithin(NOON + 2 * HOUR, NOON + 9 * HOUR)).isEmpty();
        assertThat(arrivedWithin(Long.MIN_VALUE + HOUR, Long.MAX_VALUE)).hasSize(3);
    }

    @Test
    void manifestsOfOtherHoursAreNotOpened() {
        threeHours();

        arrivedWithin(NOON, NOON + 1);
        assertThat(CountingFileIO.counts().manifests()).isEqualTo(1);
        arrivedWithin(NOON - 1, NOON);
        assertThat(CountingFileIO.counts().manifests()).isEqualTo(2);
        arrivedWithin(NOON + 2 * HOUR, NOON + 3 * HOUR);
        assertThat(CountingFileIO.counts().manifests()).isZero();
    }

    @Test
    void aDayOfTimestampsIsOnePartition() {
        Schema schema = MessageLayout.REDPANDA.schema();
        create(schema, PartitionSpec.builderFor(schema).day("redpanda.timestamp").build());
        commit("yesterday", (int) DAY_OF_NOON - 1);
        commit("today", (int) DAY_OF_NOON);
        commit("tomorrow", (int) DAY_OF_NOON + 1);

        assertThat(arrivedWithin(NOON, NOON)).containsExactly("today");
        assertThat(arrivedWithin(NOON - 12 * HOUR, NOON + 12 * HOUR - 1)).containsExactly("today");
        assertThat(arrivedWithin(NOON - 12 * HOUR - 1, NOON + 12 * HOUR)).hasSize(3);
        assertThat(CountingFileIO.counts().manifests()).isEqualTo(3);
        assertThat(arrivedWithin(NOON + 12 * HOUR, NOON + 13 * HOUR)).containsExactly("tomorrow");
        assertThat(CountingFileIO.counts().manifests()).isEqualTo(1);
    }

    @Test
    void theTimeItselfMayBeThePartition() {
        create(topic().identity(TIMESTAMP));
        commit("before", NOON - 1);
        commit("noon", NOON);
        commit("after", NOON + 1);

        assertThat(arrivedWithin(NOON, NOON)).containsExactly("noon");
        assertThat(arrivedWithin(NOON, NOON + 1)).containsExactly("noon", "after");
    }

    /** AutoMQ before 1.5.4 wrote null for every partition. */
    @Test
    void aPartitionThatIsNullMayBeOfAnyTime() {
        create(topic().truncate(TIMESTAMP, (int) HOUR));
        commit("null", (Object) null);
        commit("noon", NOON);
        commit("one", NOON + HOUR);

        assertThat(arrivedWithin(NOON + HOUR, NOON + HOUR)).containsExactly("null", "one");
        assertThat(arrivedWithin(NOON - 9 * HOUR, NOON - 8 * HOUR)).containsExactly("null");
    }

    @Test
    void everyFileIsJudgedByItsOwnSpec() {
        create(topic());
        commit("unpartitioned");
        lake.table().updateSpec().addField(Expressions.bucket(TableTopicSchema.KEY, 4)).commit();
        commit("by key", 3);
        lake.table().updateSpec().addField(Expressions.truncate(TIMESTAMP, (int) HOUR)).commit();
        commit("noon", 3, NOON);
        lake.table().updateSpec().removeField(Expressions.bucket(TableTopicSchema.KEY, 4)).commit();
        commit("one", NOON + HOUR);

        assertThat(arrivedWithin(NOON, NOON)).containsExactly("unpartitioned", "by key", "noon");
        assertThat(arrivedWithin(NOON + HOUR, NOON + HOUR)).containsExactly("unpartitioned", "by key", "one");
        assertThat(CountingFileIO.counts().manifests()).isEqualTo(3);
    }

    @Test
    void partitionsOfOtherColumnsSayNothingAboutTime() {
        create(topic().identity(TableTopicSchema.METADATA + "." + TableTopicSchema.OFFSET).bucket(TIMESTAMP, 4));
        commit("some", 7L, 0);
        commit("others", 8L, 1);

        assertThat(arrivedWithin(NOON, NOON)).containsExactly("some", "others");
    }
}
