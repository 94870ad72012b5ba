package dev.tailsampling.lake;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tailsampling.selector.FetchRequest;
import dev.tailsampling.selector.SourceCursor;
import dev.tailsampling.selector.SourceException;
import dev.tailsampling.selector.SourceOffsets;
import dev.tailsampling.selector.SourceRead;
import dev.tailsampling.trace.TraceId;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import org.apache.iceberg.AppendFiles;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.PartitionSpec;
import org.apache.iceberg.Table;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A data file that is damaged is set aside by name; what stands beside it is read as if nothing had happened. */
class DamagedFilesTest {

    @TempDir
    Path home;

    private TestLake lake;
    private AutoMqTable source;
    private final CollectedSpans spans = new CollectedSpans();

    @BeforeEach
    void threeCommits() {
        lake = TestLake.onDisk(home);
        source = lake.source();
        try (TableTopicWriter topic = lake.topic()) {
            lake.commit(topic, 0, 1, 10);
            lake.commit(topic, 0, 11, 20);
            lake.commit(topic, 0, 21, 30);
        }
    }

    @AfterEach
    void close() {
        lake.close();
    }

    @Test
    void aFileCutShortIsSetAside() throws IOException {
        String damaged = damageSecondFile(bytes -> Arrays.copyOf(bytes, bytes.length / 2));

        assertIsSetAside(damaged);
    }

    @Test
    void aFileOfAnotherKindIsSetAside() throws IOException {
        String damaged = damageSecondFile(bytes -> "this is no Parquet file".getBytes(
                StandardCharsets.UTF_8));

        assertIsSetAside(damaged);
    }

    private void assertIsSetAside(String damaged) {
        SourceRead read = source.readNew(SourceCursor.START, spans);

        assertThat(spans.spanIds).hasSize(20).contains(1L, 10L, 21L, 30L);
        assertThat(spans.unreadable).singleElement().asString().contains(damaged);
        assertThat(read.caughtUp()).isTrue();
        CollectedSpans later = new CollectedSpans();
        source.readNew(read.cursor(), later);
        assertThat(later.unreadable).isEmpty();
    }

    @Test
    void tracesWithSpansInADamagedFileAreFetchedWithoutThem() throws IOException {
        SourceRead read = source.readNew(SourceCursor.START, spans);
        List<Integer> locations = List.copyOf(spans.locations());
        damageSecondFile(bytes -> Arrays.copyOf(bytes, bytes.length / 2));
        Map<TraceId, Integer> fetched = new TreeMap<>();

        source.fetch(List.of(new FetchRequest(Otlp.trace(1), locations, TestLake.millis(1), TestLake.millis(30),
                FetchRequest.UNKNOWN_SPAN_COUNT, 1_000)), read.cursor().nextOffsets(),
                (traceId, otlp, spanCount) -> fetched.merge(traceId, spanCount, Integer::sum));

        assertThat(fetched).hasSize(1);
        assertThat(fetched.values()).containsExactly(20);
    }

    @Test
    void readingAgainPassesOverADamagedFile() throws IOException {
        SourceRead read = source.readNew(SourceCursor.START, spans);
        damageSecondFile(bytes -> Arrays.copyOf(bytes, bytes.length / 2));
        CollectedSpans again = new CollectedSpans();

        lake.source().readAgain(SourceOffsets.NONE, read.cursor(), again);

        assertThat(again.spanIds).hasSize(20).contains(1L, 30L);
        assertThat(again.unreadable).hasSize(1);
    }

    /** Whatever byte is wrong: the spans of the other files come, each once, and nothing but this file is complained of. */
    @Test
    void anyWrongByteDoesNoHarmToOtherFiles() throws IOException {
        DataFile second = lake.files().get(1);
        byte[] sound = Files.readAllBytes(path(second));
        int refused = 0;
        for (int seed = 0; seed < 300; seed++) {
            Random random = new Random(seed);
            byte[] wrong = sound.clone();
            for (int flips = 1 + random.nextInt(3); flips > 0; flips--) {
                wrong[random.nextInt(wrong.length)] ^= (byte) (1 << random.nextInt(8));
            }
            Files.write(path(second), wrong);
            CollectedSpans found = new CollectedSpans();

            try {
                lake.source().readNew(SourceCursor.START, found);
            } catch (SourceException e) {
                // The footer alone has no checksum. A file that seems to lack a column that the table has is refused.
                assertThat(e).as("seed %d", seed).hasMessageContaining(second.location());
                refused++;
                continue;
            }

            assertThat(found.spanIds.stream().filter(id -> id <= 10 || id > 20 && id <= 30)).as("seed %d", seed)
                    .contains(1L, 10L, 21L, 30L).hasSizeGreaterThanOrEqualTo(20);
            assertThat(found.unreadable).as("seed %d", seed)
                    .allSatisfy(reason -> assertThat(reason).contains(second.location()));
        }
        assertThat(refused).isLessThan(30);
    }

    @Test
    void aFileIsToldOfOnceThoughTheReadIsAttemptedAgain() throws IOException {
        String damaged = damageSecondFile(bytes -> Arrays.copyOf(bytes, bytes.length / 2));
        try (TableTopicWriter topic = lake.topic()) {
            lake.commit(topic, 0, 31, 40);
        }
        List<DataFile> sound = lake.files().stream().filter(file -> !file.location().equals(damaged)).toList();
        spans.onFirstSpan(() -> {
            lake.compact(file -> !file.location().equals(damaged));
            sound.forEach(file -> lake.table().io().deleteFile(file.location()));
        });

        source.readNew(SourceCursor.START, spans);

        assertThat(spans.spanIds).hasSize(30).doesNotHaveDuplicates().contains(1L, 21L, 40L);
        assertThat(spans.unreadable).hasSize(1);
    }

    /** The library's reader, which reads nested tables, throws all kinds of things. */
    @Test
    void aDamagedFileOfANestedTableIsSetAsideToo() throws IOException {
        lake.drop();
        WrittenLayout layout = new NestedLayout(true);
        Table table = lake.catalog.findOrCreate(TableName.of(TestLake.TABLE), layout.schema(),
                PartitionSpec.unpartitioned(), Map.of());
        for (long span = 1; span <= 3; span++) {
            DataFileWriter writer = new DataFileWriter(table, 1, span, 1 << 20);
            layout.rows(KafkaMessage.of(0, Otlp.message(Otlp.span(1, span)), TestLake.millis(span)), span)
                    .forEach(writer::write);
            AppendFiles append = table.newAppend();
            writer.complete().forEach(append::appendFile);
            append.commit();
        }
        String damaged = damageSecondFile(bytes -> Arrays.copyOf(bytes, bytes.length / 2));

        lake.source().readNew(SourceCursor.START, spans);

        assertThat(spans.spanIds).containsExactly(1L, 3L);
        assertThat(spans.unreadable).singleElement().asString().contains(damaged);
    }

    private String damageSecondFile(UnaryOperator<byte[]> damage) throws IOException {
        DataFile second = lake.files().get(1);
        Files.write(path(second), damage.apply(Files.readAllBytes(path(second))));
        return second.location();
    }

    private static Path path(DataFile file) {
        return Path.of(file.location().replaceFirst("^file:(//)?", ""));
    }
}
