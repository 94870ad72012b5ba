package dev.tailsampling.lake;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import dev.tailsampling.selector.FetchRequest;
import dev.tailsampling.selector.SourceCursor;
import dev.tailsampling.selector.SourceOffsets;
import dev.tailsampling.trace.TraceId;
import io.opentelemetry.proto.trace.v1.Span;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.TreeSet;
import java.util.UUID;
import java.util.stream.IntStream;
import org.apache.iceberg.AppendFiles;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.PartitionSpec;
import org.apache.iceberg.Schema;
import org.apache.iceberg.Table;
import org.apache.iceberg.UpdatePartitionSpec;
import org.apache.iceberg.data.GenericRecord;
import org.apache.iceberg.data.Record;
import org.apache.iceberg.expressions.Expressions;
import org.apache.iceberg.types.Type;
import org.apache.iceberg.types.Types;
import org.apache.iceberg.types.Types.NestedField;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Random tables of several layouts, whose partition spec changes, with ids and keys of every kind: a fetch that does not
 * know the files brings exactly the spans that were written, whether it knows how many there are or not.
 */
class TraceKeySimulationTest {

    private static final int RUNS = 12;
    private static final int TRACES = 6;

    private final Map<Integer, TreeSet<Long>> written = new HashMap<>();
    private long spans;
    private long offset;

    static List<WrittenLayout> layouts() {
        return List.of(MessageLayout.AUTOMQ_RAW, MessageLayout.AUTOMQ_STRING, MessageLayout.REDPANDA,
                FlatLayout.CLICKHOUSE, FlatLayout.ICEGATE, uuids());
    }

    /** As the others with text ids, but the trace id is a UUID. */
    private static WrittenLayout uuids() {
        Schema schema = new Schema(FlatLayout.CLICKHOUSE.schema().columns().stream()
                .map(column -> column.name().equals("TraceId")
                        ? NestedField.optional(column.fieldId(), "TraceId", Types.UUIDType.get())
                        : column)
                .toList());
        return new WrittenLayout() {
            @Override
            public String name() {
                return FlatLayout.CLICKHOUSE.name();
            }

            @Override
            public Schema schema() {
                return schema;
            }

            @Override
            public List<Record> rows(KafkaMessage message, long at) {
                return FlatLayout.CLICKHOUSE.rows(message, at).stream().map(row -> {
                    Record copy = GenericRecord.create(schema);
                    IntStream.range(0, row.size()).forEach(place -> copy.set(place, row.get(place)));
                    TraceId id = TraceId.parse((String) row.getField("TraceId"));
                    copy.setField("TraceId", new UUID(id.high(), id.low()));
                    return copy;
                }).toList();
            }

            @Override
            public String toString() {
                return "uuids";
            }
        };
    }

    private static String key(WrittenLayout layout) {
        return switch (layout.name()) {
            case "automq-raw", "automq-string" -> TableTopicSchema.KEY;
            case "redpanda" -> "redpanda.key";
            case "icegate" -> "trace_id";
            default -> "TraceId";
        };
    }

    private static TraceId id(int trace) {
        return trace % 3 == 0 ? new TraceId(0, 0xabcdef0000L + trace) : Otlp.trace(trace * 0x1ab3);
    }

    @ParameterizedTest
    @MethodSource("layouts")
    void everySpanIsFound(WrittenLayout layout) {
        for (long seed = 1; seed <= RUNS; seed++) {
            Random random = new Random(seed);
            written.clear();
            offset = 0;
            try (TestLake lake = TestLake.inMemory()) {
                String metrics = List.of("truncate(16)", "truncate(3)", "full", "counts").get(random.nextInt(4));
                lake.catalog.findOrCreate(TableName.of(TestLake.TABLE), layout.schema(), PartitionSpec.unpartitioned(),
                        Map.of("format-version", "2", "write.metadata.metrics.default", metrics));
                int commits = 1 + random.nextInt(5);
                for (int commit = 0; commit < commits; commit++) {
                    repartition(lake.table(), key(layout), random);
                    commit(lake, layout, random);
                }
                if (random.nextInt(3) == 0) {
                    lake.compact(file -> random.nextBoolean());
                }
                check(lake, random, layout + " with metrics " + metrics + ", seed " + seed);
            }
        }
    }

    private static void repartition(Table table, String key, Random random) {
        UpdatePartitionSpec update = table.updateSpec();
        table.spec().fields().forEach(field -> update.removeField(field.name()));
        boolean truncates = table.schema().findType(key).typeId() == Type.TypeID.STRING
                || table.schema().findType(key).typeId() == Type.TypeID.BINARY;
        switch (random.nextInt(5)) {
            case 0 -> update.addField(Expressions.bucket(key, 4));
            case 1 -> update.addField(Expressions.bucket(key, 16));
            case 2 -> update.addField(Expressions.ref(key));
            case 3 -> update.addField(truncates ? Expressions.truncate(key, 2) : Expressions.bucket(key, 2));
            default -> {
            }
        }
        update.commit();
    }

    private void commit(TestLake lake, WrittenLayout layout, Random random) {
        Table table = lake.table();
        DataFileWriter writer = new DataFileWriter(table, 1, offset, 1 << 20);
        for (int message = random.nextInt(6); message >= 0; message--) {
            int trace = random.nextInt(TRACES);
            List<Span> ofMessage = new ArrayList<>();
            for (int span = random.nextInt(3); span >= 0; span--) {
                int itsTrace = random.nextInt(4) == 0 ? random.nextInt(TRACES) : trace;
                ofMessage.add(span(itsTrace));
            }
            KafkaMessage sent = new KafkaMessage(0, key(trace, random), Otlp.message(ofMessage), TestLake.millis(1),
                    Map.of());
            for (Record row : layout.rows(sent, offset++)) {
                disguise(row, layout, sent, random);
                writer.write(row);
            }
        }
        AppendFiles append = table.newAppend();
        List<DataFile> files = writer.complete();
        files.forEach(append::appendFile);
        append.commit();
    }

    private Span span(int trace) {
        long id = ++spans;
        written.computeIfAbsent(trace, unseen -> new TreeSet<>()).add(id);
        ByteBuffer traceId = ByteBuffer.allocate(16).putLong(id(trace).high()).putLong(id(trace).low()).flip();
        return Otlp.span(trace, id).toBuilder().setTraceId(ByteString.copyFrom(traceId))
                .setStartTimeUnixNano(TestLake.millis(0) * 1_000_000).setEndTimeUnixNano(TestLake.millis(1) * 1_000_000)
                .build();
    }

    private static String key(int trace, Random random) {
        return switch (random.nextInt(6)) {
            case 0 -> "";
            case 1 -> id(random.nextInt(TRACES)).hex();
            case 2 -> "customer " + trace;
            case 3 -> id(trace).hex().toUpperCase(Locale.ROOT);
            default -> id(trace).hex();
        };
    }

    /** Writes a trace id in text in some way; Redpanda's keys are bytes. */
    private static void disguise(Record row, WrittenLayout layout, KafkaMessage message, Random random) {
        if (layout == MessageLayout.REDPANDA) {
            Record place = (Record) row.getField("redpanda");
            byte[] key = String.valueOf(message.key()).getBytes(StandardCharsets.UTF_8);
            place.setField("key", random.nextInt(5) == 0 ? null : ByteBuffer.wrap(key));
        } else if (layout == FlatLayout.CLICKHOUSE) {
            row.setField("TraceId", spelled(TraceId.parse((String) row.getField("TraceId")), random));
        }
    }

    private static String spelled(TraceId id, Random random) {
        String hex = id.hex();
        return switch (random.nextInt(8)) {
            case 0 -> hex.toUpperCase(Locale.ROOT);
            case 1 -> hex.replace('a', 'A').replace('b', 'B');
            case 2 -> new UUID(id.high(), id.low()).toString();
            case 3 -> Base64.getEncoder()
                    .encodeToString(ByteBuffer.allocate(16).putLong(id.high()).putLong(id.low()).array());
            case 4 -> id.high() == 0 ? hex.substring(16) : hex;
            default -> hex;
        };
    }

    private void check(TestLake lake, Random random, String run) {
        SourceOffsets until = lake.source().readNew(SourceCursor.START, new CollectedSpans()).cursor().nextOffsets();
        List<Integer> traces = IntStream.range(0, TRACES).filter(trace -> random.nextInt(3) > 0).boxed().toList();
        for (boolean oneByOne : new boolean[]{false, true}) {
            Map<TraceId, TreeSet<Long>> found = new HashMap<>();
            for (List<Integer> asked : oneByOne ? traces.stream().map(List::of).toList() : List.of(traces)) {
                lake.source().fetch(asked.stream().map(trace -> request(trace, random)).toList(), until,
                        (trace, otlp, count) -> Otlp.spanIds(otlp).forEach(span -> assertThat(found
                                .computeIfAbsent(trace, unseen -> new TreeSet<>()).add(span))
                                .as("%s: span %s comes once", run, span).isTrue()));
            }
            for (int trace : traces) {
                assertThat(found.getOrDefault(id(trace), new TreeSet<>())).as("%s: trace %s", run, trace)
                        .isEqualTo(written.getOrDefault(trace, new TreeSet<>()));
            }
        }
    }

    private FetchRequest request(int trace, Random random) {
        int spanCount = written.getOrDefault(trace, new TreeSet<>()).size();
        return new FetchRequest(id(trace), List.of(), 0, TestLake.millis(1),
                random.nextInt(3) == 0 ? FetchRequest.UNKNOWN_SPAN_COUNT : spanCount, 100);
    }
}
