package dev.tailsampling.lake;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tailsampling.selector.SourceCursor;
import dev.tailsampling.selector.SourceRead;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.apache.iceberg.AppendFiles;
import org.apache.iceberg.Table;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Table time as it follows from watermarks, and what happens without them. */
class AutoMqTableTimeTest {

    private static final String WATERMARK = "automq.watermark";

    private TestLake lake;
    private TableTimeOptions options;
    private SourceCursor cursor = SourceCursor.START;
    private int offset;

    @BeforeEach
    void open() {
        lake = TestLake.inMemory();
        options = TableTimeOptions.defaults(lake.clock);
        lake.catalog.findOrCreate(TableName.of(TestLake.TABLE), TableTopicSchema.SCHEMA, TableTopicSchema.spec(0),
                TableTopicSchema.PROPERTIES);
    }

    @AfterEach
    void close() {
        lake.close();
    }

    /** One row of that time, in a commit with that summary. */
    private void commit(long second, Map<String, String> summary) {
        Table table = lake.table();
        DataFileWriter writer = new DataFileWriter(table, 1, offset, 1 << 20);
        writer.write(TableTopicSchema.row(table.schema(),
                KafkaMessage.of(0, Otlp.message(Otlp.span(1, second)), TestLake.millis(second)), offset++));
        AppendFiles append = table.newAppend();
        summary.forEach(append::set);
        writer.complete().forEach(append::appendFile);
        append.commit();
    }

    private long read() {
        return read(AutoMqTableOptions.defaults(lake.clock).withTableTime(options)).tableTimeMillis();
    }

    private SourceRead read(AutoMqTableOptions tableOptions) {
        SourceRead read = lake.source(tableOptions).readNew(cursor, new CollectedSpans());
        cursor = read.cursor();
        return read;
    }

    private static Map<String, String> watermark(long second) {
        return Map.of(WATERMARK, Long.toString(TestLake.millis(second)));
    }

    @Test
    void itIsTheGreatestWatermarkThatWasRead() {
        commit(1, watermark(10));
        assertThat(read()).isEqualTo(TestLake.millis(10));
        commit(2, watermark(30));
        commit(3, watermark(20));
        assertThat(read()).isEqualTo(TestLake.millis(30));
    }

    @Test
    void aWatermarkThatGoesBackIsIgnored() {
        commit(1, watermark(30));
        read();
        commit(2, watermark(20));
        assertThat(read()).isEqualTo(TestLake.millis(30));
    }

    /** AutoMQ leaves a partition out of the watermark that it knows nothing of after a restart. */
    @Test
    void rowsOlderThanTheWatermarkAreRead() {
        commit(1, watermark(100));
        read();
        commit(5, watermark(100));
        SourceRead late = read(AutoMqTableOptions.defaults(lake.clock).withTableTime(options));

        assertThat(late.rows()).isEqualTo(1);
        assertThat(late.tableTimeMillis()).isEqualTo(TestLake.millis(100));
    }

    @Test
    void anUnknownWatermarkIsIgnored() {
        commit(1, Map.of(WATERMARK, "-1"));
        assertThat(read()).isEqualTo(SourceCursor.NO_TABLE_TIME);
        commit(2, watermark(30));
        commit(3, Map.of(WATERMARK, "-1"));
        commit(4, Map.of(WATERMARK, "soon"));
        assertThat(read()).isEqualTo(TestLake.millis(30));
    }

    @Test
    void aWatermarkInTheFutureIsHeldByItsSnapshot() {
        commit(1, Map.of(WATERMARK, Long.toString(Instant.now().plus(Duration.ofDays(1)).toEpochMilli())));
        assertThat(read()).isEqualTo(lake.table().currentSnapshot().timestampMillis());
    }

    @Test
    void aRecordOfTheFutureIsHeldByItsCommitWhereThereAreNoWatermarks() {
        commit(Duration.between(TestLake.NOON, Instant.now().plus(Duration.ofDays(1))).toSeconds(), Map.of());
        assertThat(read()).isEqualTo(lake.table().currentSnapshot().timestampMillis() - 30_000);
    }

    @Test
    void slackIsTakenOffWatermarks() {
        options = new TableTimeOptions(Duration.ofSeconds(4), Duration.ZERO, null, lake.clock);
        commit(1, watermark(10));
        assertThat(read()).isEqualTo(TestLake.millis(6));
    }

    @Test
    void theWatermarkOfKafkaConnectCountsToo() {
        commit(1, Map.of("kafka.connect.valid-through-ts", "2026-01-01T12:00:25Z"));
        assertThat(read()).isEqualTo(TestLake.millis(25));
    }

    @Test
    void withoutWatermarksItFollowsTheRecords() {
        commit(100, Map.of());
        assertThat(read()).isEqualTo(TestLake.millis(70));
        commit(90, Map.of());
        assertThat(read()).isEqualTo(TestLake.millis(70));
    }

    @Test
    void recordsDoNotCountOnceThereWasAWatermark() {
        commit(1, watermark(10));
        commit(100, Map.of());
        assertThat(read()).isEqualTo(TestLake.millis(10));
        commit(200, Map.of());
        assertThat(read()).isEqualTo(TestLake.millis(10));
    }

    @Test
    void aChunkTakesNoWatermarkOfWhatItDidNotRead() {
        commit(1, watermark(10));
        commit(2, watermark(20));
        AutoMqTableOptions chunks = AutoMqTableOptions.defaults(lake.clock).withMaxBytesPerRead(1);
        assertThat(read(chunks).cursor().tableTimeMillis()).isEqualTo(TestLake.millis(10));
        assertThat(read(chunks).cursor().tableTimeMillis()).isEqualTo(TestLake.millis(20));
    }

    @Test
    void anExpiredWatermarkIsMadeUpForByALaterOne() {
        commit(1, watermark(10));
        commit(2, watermark(40));
        commit(3, watermark(30));
        lake.expireSnapshots();
        assertThat(read()).isEqualTo(TestLake.millis(30));
    }

    @Test
    void anIdleTopicFollowsTheWallClock() {
        commit(1, watermark(10));
        long committedAt = lake.table().currentSnapshot().timestampMillis();
        lake.clock.set(Instant.ofEpochMilli(committedAt).plusSeconds(119));
        assertThat(read()).isEqualTo(TestLake.millis(10));
        lake.clock.advance(Duration.ofSeconds(1));
        assertThat(read()).isEqualTo(committedAt + 90_000);
    }

    @Test
    void theNextCommitEndsIdleness() {
        commit(1, watermark(10));
        long committedAt = lake.table().currentSnapshot().timestampMillis();
        lake.clock.set(Instant.ofEpochMilli(committedAt).plusSeconds(120));
        assertThat(read()).isEqualTo(committedAt + 90_000);
        commit(2, watermark(20));
        lake.clock.set(Instant.ofEpochMilli(lake.table().currentSnapshot().timestampMillis()));
        assertThat(read()).isEqualTo(TestLake.millis(20));
    }

    @Test
    void aTableBetweenTwoCommitsIsNotIdle() {
        Duration configured = Duration.ofMinutes(2);
        assertThat(TableTime.idleAfterMillis(configured, 0)).isEqualTo(120_000);
        assertThat(TableTime.idleAfterMillis(configured, 60_000)).isEqualTo(180_000);
        assertThat(TableTime.idleAfterMillis(configured, 300_000)).isEqualTo(900_000);
        assertThat(TableTime.idleAfterMillis(configured, Duration.ofDays(1).toMillis())).isEqualTo(2_700_000);
    }

    @Test
    void compactionDoesNotKeepAnIdleTopicAwake() {
        commit(1, watermark(10));
        long committedAt = lake.table().currentSnapshot().timestampMillis();
        lake.compact(file -> true);
        lake.clock.set(Instant.ofEpochMilli(committedAt).plusSeconds(120));
        assertThat(read()).isEqualTo(committedAt + 90_000);
    }

    @Test
    void aChunkIsNotIdle() {
        commit(1, watermark(10));
        commit(2, watermark(20));
        lake.clock.set(Instant.now().plus(Duration.ofHours(1)));
        assertThat(read(AutoMqTableOptions.defaults(lake.clock).withMaxBytesPerRead(1)).tableTimeMillis())
                .isEqualTo(TestLake.millis(10));
    }

    @Test
    void strictTableTimeWaitsForTheNextCommit() {
        options = options.strict();
        commit(1, watermark(10));
        lake.clock.set(Instant.now().plus(Duration.ofDays(1)));
        assertThat(read()).isEqualTo(TestLake.millis(10));
    }
}
