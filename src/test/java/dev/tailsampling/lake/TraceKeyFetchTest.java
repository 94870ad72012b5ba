package dev.tailsampling.lake;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tailsampling.selector.FetchRequest;
import dev.tailsampling.selector.SourceCursor;
import dev.tailsampling.selector.SourceOffsets;
import dev.tailsampling.trace.TraceId;
import io.opentelemetry.proto.trace.v1.Span;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.LongStream;
import org.apache.iceberg.AppendFiles;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.PartitionSpec;
import org.apache.iceberg.Table;
import org.apache.iceberg.data.Record;
import org.apache.iceberg.transforms.Transforms;
import org.apache.iceberg.types.Type;
import org.apache.iceberg.types.Types;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which files are opened for a trace whose files are not known. */
class TraceKeyFetchTest {

    private static final int TRACES = 32;
    private static final int COMMITS = 3;
    private static final int BUCKETS = 4;

    private TestLake lake;

    @BeforeEach
    void open(@TempDir Path home) {
        lake = TestLake.onDisk(home, CountingFileIO.class.getName());
    }

    @AfterEach
    void close() {
        lake.close();
    }

    /** Key of the messages of a trace. */
    @FunctionalInterface
    private interface Key {
        @Nullable
        String of(int trace);
    }

    private static String hex(int trace) {
        return Otlp.trace(trace).hex();
    }

    /** A span of each trace in every commit, in a message of its own. */
    private void topic(int keyBuckets, Key key) {
        try (TableTopicWriter topic = lake.topic(TableTopicOptions.of(1, lake.clock).withKeyBuckets(keyBuckets))) {
            for (int commit = 0; commit < COMMITS; commit++) {
                for (int trace = 0; trace < TRACES; trace++) {
                    append(topic, trace, commit, key.of(trace));
                }
                topic.commit(TableTopicWriter.CatchUp.MORE_DATA);
            }
        }
    }

    private static void append(TableTopicWriter topic, int trace, int commit, @Nullable String key) {
        topic.append(new KafkaMessage(0, key, Otlp.message(Otlp.span(trace, spanId(trace, commit))),
                TestLake.millis(1), Map.of()));
    }

    private static long spanId(int trace, int commit) {
        return 1 + trace * 10L + commit;
    }

    private static List<Long> spansOf(int trace) {
        return LongStream.range(0, COMMITS).mapToObj(commit -> spanId(trace, (int) commit)).toList();
    }

    /** Reads the table as the sampler does, and then looks for the trace as one does that knows nothing of that. */
    private List<Long> fetch(int trace, int spanCount) {
        SourceOffsets until = lake.source().readNew(SourceCursor.START, new CollectedSpans()).cursor().nextOffsets();
        List<Long> spans = new ArrayList<>();
        CountingFileIO.reset();
        lake.source().fetch(
                List.of(new FetchRequest(Otlp.trace(trace), List.of(), 0, TestLake.millis(9), spanCount, 0)),
                until, (id, otlp, count) -> spans.addAll(Otlp.spanIds(otlp)));
        return spans.stream().sorted().toList();
    }

    private Set<String> filesOfBucket(Object key, Type type) {
        int bucket = Transforms.<Object>bucket(BUCKETS).bind(type).apply(key);
        Set<String> paths = new HashSet<>();
        for (DataFile file : lake.files()) {
            if (file.partition().get(0, Integer.class) == bucket) {
                paths.add(file.location());
            }
        }
        return paths;
    }

    @Test
    void onlyTheBucketOfTheKeyIsRead() {
        topic(BUCKETS, TraceKeyFetchTest::hex);

        assertThat(lake.files()).hasSize(COMMITS * BUCKETS);
        for (int trace = 0; trace < 8; trace++) {
            assertThat(fetch(trace, COMMITS)).isEqualTo(spansOf(trace));
            assertThat(CountingFileIO.dataFiles()).as("trace %s", trace).hasSize(COMMITS)
                    .isEqualTo(filesOfBucket(hex(trace), Types.StringType.get()));
        }
    }

    @Test
    void withoutTheNumberOfSpansAKeyProvesNothing() {
        topic(BUCKETS, TraceKeyFetchTest::hex);

        assertThat(fetch(1, FetchRequest.UNKNOWN_SPAN_COUNT)).isEqualTo(spansOf(1));
        assertThat(CountingFileIO.dataFiles()).hasSize(COMMITS * BUCKETS);
        assertThat(fetch(1, COMMITS + 1)).as("more are expected than there are").isEqualTo(spansOf(1));
        assertThat(CountingFileIO.dataFiles()).hasSize(COMMITS * BUCKETS);
    }

    @Test
    void whateverTheKeyIsTheSpansAreFound() {
        List<Key> keys = List.of(trace -> null, trace -> hex((trace + 1) % TRACES), trace -> "customer " + trace,
                trace -> hex(trace).toUpperCase(Locale.ROOT));
        for (Key key : keys) {
            for (int buckets : new int[]{0, BUCKETS}) {
                topic(buckets, key);
                for (int trace = 0; trace < TRACES; trace += 11) {
                    assertThat(fetch(trace, COMMITS)).as("key %s, %s buckets", key.of(trace), buckets)
                            .isEqualTo(spansOf(trace));
                }
                lake.drop();
            }
        }
    }

    @Test
    void withoutPartitionsTheBoundsOfTheKeysSayWhereToBegin() {
        try (TableTopicWriter topic = lake.topic()) {
            for (int trace = 18; trace < 24; trace++) {
                append(topic, trace, 0, String.format("%02x", 7 * trace) + hex(trace).substring(2));
                topic.commit(TableTopicWriter.CatchUp.MORE_DATA);
                append(topic, trace, 1, hex(trace));
                topic.commit(TableTopicWriter.CatchUp.MORE_DATA);
            }
        }

        assertThat(fetch(20, 1)).as("all files of its key, which are as long as bounds").contains(spanId(20, 1));
        assertThat(CountingFileIO.dataFiles()).hasSize(1);
        assertThat(fetch(20, 2)).containsExactly(spanId(20, 0), spanId(20, 1));
    }

    @Test
    void readingStopsWhenAllSpansAreFound() {
        topic(0, trace -> null);
        try (TableTopicWriter topic = lake.topic()) {
            append(topic, 99, 0, null);
            topic.commit(TableTopicWriter.CatchUp.MORE_DATA);
            append(topic, 98, 0, null);
            topic.commit(TableTopicWriter.CatchUp.MORE_DATA);
        }

        assertThat(fetch(99, 1)).containsExactly(spanId(99, 0));
        assertThat(CountingFileIO.dataFiles()).as("all but the last file").hasSize(COMMITS + 1);
        assertThat(fetch(3, COMMITS)).isEqualTo(spansOf(3));
        assertThat(CountingFileIO.dataFiles()).hasSize(COMMITS);
    }

    @Test
    void recordsCommittedTwiceCountOnce() {
        topic(BUCKETS, trace -> hex((trace + 1) % TRACES));
        lake.commitAgain(lake.files().subList(0, 2));

        for (int trace = 0; trace < TRACES; trace += 3) {
            assertThat(fetch(trace, COMMITS)).as("trace %s", trace).isEqualTo(spansOf(trace));
        }
    }

    private void flat(FlatLayout layout, PartitionSpec spec) {
        lake.catalog.findOrCreate(TableName.of(TestLake.TABLE), layout.schema(), spec, Map.of("format-version", "2"));
        for (int commit = 0; commit < COMMITS; commit++) {
            Table table = lake.table();
            DataFileWriter writer = new DataFileWriter(table, 1, commit, 1 << 20);
            for (int trace = 0; trace < TRACES; trace++) {
                Span span = Otlp.span(trace, spanId(trace, commit)).toBuilder()
                        .setStartTimeUnixNano(TestLake.millis(1) * 1_000_000)
                        .setEndTimeUnixNano(TestLake.millis(2) * 1_000_000).build();
                for (Record row : layout.rows(KafkaMessage.of(0, Otlp.message(span), TestLake.millis(2)), 0)) {
                    writer.write(row);
                }
            }
            AppendFiles append = table.newAppend();
            writer.complete().forEach(append::appendFile);
            append.commit();
        }
    }

    private static PartitionSpec buckets(FlatLayout layout, String column) {
        return PartitionSpec.builderFor(layout.schema()).bucket(column, BUCKETS).build();
    }

    @Test
    void onlyTheBucketOfATraceIdInTextIsRead() {
        flat(FlatLayout.CLICKHOUSE, buckets(FlatLayout.CLICKHOUSE, "TraceId"));

        for (int trace = 0; trace < 8; trace++) {
            assertThat(fetch(trace, COMMITS)).isEqualTo(spansOf(trace));
            assertThat(CountingFileIO.dataFiles()).as("trace %s", trace).hasSize(COMMITS)
                    .isEqualTo(filesOfBucket(hex(trace), Types.StringType.get()));
        }
        assertThat(fetch(1, FetchRequest.UNKNOWN_SPAN_COUNT)).isEqualTo(spansOf(1));
        assertThat(CountingFileIO.dataFiles()).as("other spellings have other buckets")
                .hasSizeGreaterThan(COMMITS);
    }

    /** Bytes are written in one way, so their bucket is proof, however many spans there are. */
    @Test
    void onlyTheBucketOfATraceIdInBytesIsRead() {
        flat(FlatLayout.ICEGATE, buckets(FlatLayout.ICEGATE, "trace_id"));

        for (int trace = 0; trace < 8; trace++) {
            TraceId id = Otlp.trace(trace);
            assertThat(fetch(trace, FetchRequest.UNKNOWN_SPAN_COUNT)).isEqualTo(spansOf(trace));
            assertThat(CountingFileIO.dataFiles()).as("trace %s", trace).hasSize(COMMITS)
                    .isEqualTo(filesOfBucket(ByteBuffer.allocate(16).putLong(id.high()).putLong(id.low()).flip(),
                            Types.FixedType.ofLength(16)));
        }
    }

    @Test
    void filesWhoseBoundsLeaveATraceIdOutAreNotRead() {
        FlatLayout layout = FlatLayout.CLICKHOUSE;
        flat(layout, PartitionSpec.builderFor(layout.schema()).identity("TraceId").build());

        assertThat(lake.files()).hasSize(COMMITS * TRACES);
        assertThat(fetch(5, COMMITS)).isEqualTo(spansOf(5));
        assertThat(CountingFileIO.dataFiles()).hasSize(COMMITS);
        assertThat(fetch(77, FetchRequest.UNKNOWN_SPAN_COUNT)).isEmpty();
    }

    @Test
    void daysAndIdsAreUsedTogether() {
        FlatLayout layout = FlatLayout.ICEGATE;
        flat(layout, PartitionSpec.builderFor(layout.schema()).day("ingested_timestamp").bucket("trace_id", BUCKETS)
                .build());
        long arrival = TestLake.millis(2);
        SourceOffsets until = lake.source().readNew(SourceCursor.START, new CollectedSpans()).cursor().nextOffsets();
        List<Long> spans = new ArrayList<>();
        CountingFileIO.reset();
        lake.source().fetch(List.of(new FetchRequest(Otlp.trace(1), List.of(), arrival, arrival, 0, 0),
                new FetchRequest(Otlp.trace(2), List.of(), 0, 9, 0, 0)), until,
                (id, otlp, count) -> spans.addAll(Otlp.spanIds(otlp)));

        assertThat(spans).containsExactlyInAnyOrderElementsOf(spansOf(1));
        assertThat(CountingFileIO.dataFiles().size()).isBetween(COMMITS, 2 * COMMITS);
    }
}
