package dev.tailsampling.lake;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tailsampling.config.TableLayouts;
import dev.tailsampling.layout.LayoutChoice;
import dev.tailsampling.otlp.OtlpSpans;
import dev.tailsampling.otlp.RandomRequests;
import dev.tailsampling.trace.AttributeKey;
import dev.tailsampling.trace.SpanField;
import dev.tailsampling.trace.SpanView;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.common.v1.KeyValue;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import org.apache.iceberg.AppendFiles;
import org.apache.iceberg.PartitionSpec;
import org.apache.iceberg.Table;
import org.apache.iceberg.data.Record;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Whatever a file looks like inside, its columns show the same spans as OTLP does, however little is asked for. */
class SpanTableReaderTest {

    private static final int SEEDS = 12;
    private static final TableName NAME = TableName.of(TestLake.TABLE);

    private final ReadTotals totals = new ReadTotals();

    static List<FlatLayout> layouts() {
        return FlatLayout.all();
    }

    @ParameterizedTest
    @MethodSource("layouts")
    void columnsShowWhatOtlpShows(FlatLayout layout) {
        for (long seed = 0; seed < SEEDS; seed++) {
            Random random = new Random(seed);
            List<byte[]> messages = messages(seed);
            List<ExportTraceServiceRequest> kept =
                    messages.stream().map(message -> layout.kept(FlatSpan.parse(message))).toList();
            SpanText text = new SpanText(keys(kept));
            List<String> all = new ArrayList<>();
            List<String> narrow = new ArrayList<>();
            OtlpSpans wire = new OtlpSpans();
            for (ExportTraceServiceRequest request : kept) {
                byte[] bytes = request.toByteArray();
                wire.forEach(bytes, 0, bytes.length, span -> {
                    all.add(text.all(span));
                    narrow.add(text.always(span));
                });
            }
            try (TestLake lake = TestLake.inMemory()) {
                PinnedTable table = write(lake, layout, messages, random);

                assertSame(ReadSpans.scanned(table, SpanField.ALL, text::all), all, "scanned", seed);
                assertSame(ReadSpans.scanned(table, Set.of(), text::always), narrow, "scanned narrowly", seed);
                assertSame(ReadSpans.fetched(table, text::all), all, "fetched", seed);
            }
        }
    }

    /** Says of long lists only where they first differ. */
    private static void assertSame(List<String> found, List<String> expected, String what, long seed) {
        assertThat(found).as("%s, seed %d", what, seed).hasSameSizeAs(expected);
        for (int i = 0; i < expected.size(); i++) {
            assertThat(found.get(i)).as("%s, seed %d, span %d", what, seed, i).isEqualTo(expected.get(i));
        }
    }

    private static List<byte[]> messages(long seed) {
        RandomRequests requests = new RandomRequests(seed);
        List<byte[]> messages = new ArrayList<>();
        for (int i = 0; i < 60; i++) {
            messages.add(requests.next().toByteArray());
        }
        return messages;
    }

    private static List<AttributeKey> keys(List<ExportTraceServiceRequest> requests) {
        Set<String> names = new TreeSet<>(Set.of("service.name", "there is no such key"));
        for (ExportTraceServiceRequest request : requests) {
            for (FlatSpan span : FlatSpan.of(request)) {
                add(span.resource().getResource().getAttributesList(), names);
                add(span.scope().getScope().getAttributesList(), names);
                add(span.span().getAttributesList(), names);
                span.span().getEventsList().forEach(event -> add(event.getAttributesList(), names));
                span.span().getLinksList().forEach(link -> add(link.getAttributesList(), names));
            }
        }
        return names.stream().map(AttributeKey::of).toList();
    }

    private static void add(List<KeyValue> attributes, Set<String> names) {
        attributes.forEach(attribute -> names.add(attribute.getKey()));
    }

    /** Small row groups and pages, any codec, with or without dictionaries; what is empty is null now and then. */
    private PinnedTable write(TestLake lake, FlatLayout layout, List<byte[]> messages, Random random) {
        Map<String, String> properties = new HashMap<>();
        properties.put("write.parquet.compression-codec",
                List.of("zstd", "snappy", "gzip", "uncompressed").get(random.nextInt(4)));
        properties.put("write.parquet.row-group-size-bytes", random.nextBoolean() ? "4096" : "1000000");
        properties.put("write.parquet.row-group-check-min-record-count", "10");
        properties.put("write.parquet.row-group-check-max-record-count", "20");
        properties.put("write.parquet.page-row-limit", random.nextBoolean() ? "7" : "1000");
        properties.put("write.parquet.dict-size-bytes", random.nextBoolean() ? "64" : "100000");
        properties.put("write.parquet.page-version", random.nextBoolean() ? "v1" : "v2");
        lake.catalog.findOrCreate(NAME, layout.schema(), PartitionSpec.unpartitioned(), properties);
        Table table = lake.table();
        DataFileWriter writer = new DataFileWriter(table, 1, 1, 1 << 20);
        for (byte[] message : messages) {
            for (Record row : layout.rows(KafkaMessage.of(0, message, TestLake.millis(0)), 0)) {
                makeNull(row, random);
                writer.write(row);
            }
        }
        AppendFiles append = table.newAppend();
        writer.complete().forEach(append::appendFile);
        append.commit();
        table.refresh();
        return new SourceTable(NAME, new LayoutChoice.Detected(TableLayouts.builtIn()), totals).pinned(table,
                table.currentSnapshot());
    }

    private static void makeNull(Record row, Random random) {
        for (int i = 0; i < row.size(); i++) {
            boolean empty = switch (row.get(i)) {
                case String text -> text.isEmpty();
                case Integer number -> number == 0;
                case Collection<?> list -> list.isEmpty();
                case Map<?, ?> map -> map.isEmpty();
                case null, default -> false;
            };
            if (empty && random.nextBoolean()) {
                row.set(i, null);
            }
        }
    }

    /** Of columns that nobody asks for nothing is decompressed, nor of values under keys that are not there. */
    @Test
    void onlyWhatIsAskedForIsDecompressed() {
        try (TestLake lake = TestLake.inMemory()) {
            PinnedTable table = write(lake, FlatLayout.CLICKHOUSE, TraceFixture.real("opensearch-otel"),
                    new Random(1));
            long nothing = decompressed(table, span -> "");
            long absent = decompressed(table, span -> "" + span.attributes().get(AttributeKey.of("not there"))
                    + span.resource().get(AttributeKey.of("not there")));
            long present = decompressed(table, span -> "" + span.attributes().get(AttributeKey.of("http.method")));
            long all = decompressed(table, new SpanText(List.of(AttributeKey.of("http.method")))::all);

            assertThat(nothing).isPositive().isLessThan(all / 2);
            assertThat(absent - nothing).as("a dictionary of keys at the most").isLessThan((present - nothing) / 2);
            assertThat(present).isLessThan(all);
        }
    }

    private long decompressed(PinnedTable table, Function<SpanView, String> description) {
        long before = totals.stats().bytesDecompressed();
        ReadSpans.scanned(table, Set.of(), description);
        return totals.stats().bytesDecompressed() - before;
    }
}
