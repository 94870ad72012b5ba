package dev.tailsampling.lake;

import static org.apache.iceberg.types.Types.NestedField.optional;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import dev.tailsampling.config.TableLayouts;
import dev.tailsampling.layout.LayoutChoice;
import dev.tailsampling.otlp.OtlpSpans;
import dev.tailsampling.trace.AttributeKey;
import dev.tailsampling.trace.SpanField;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.common.v1.AnyValue;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.trace.v1.Span;
import io.opentelemetry.proto.trace.v1.Status;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.iceberg.DataFiles;
import org.apache.iceberg.FileFormat;
import org.apache.iceberg.PartitionSpec;
import org.apache.iceberg.Schema;
import org.apache.iceberg.Table;
import org.apache.iceberg.TableProperties;
import org.apache.iceberg.io.PositionOutputStream;
import org.apache.iceberg.mapping.MappingUtil;
import org.apache.iceberg.mapping.NameMappingParser;
import org.apache.iceberg.types.Types;
import org.apache.iceberg.types.Types.NestedField;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Files that others wrote, without field ids, added to a table: {@code foreign/make.py} made them. */
class ForeignFilesTest {

    private static final int SPANS = 300;
    private static final TableName NAME = TableName.of(TestLake.TABLE);
    private static final SpanText TEXT = new SpanText(
            Stream.of("service.name", "host.name", "http.method", "i", "j", "k", "none").map(AttributeKey::of)
                    .toList());

    @ParameterizedTest
    @CsvSource({"clickhouse-duckdb.parquet, false", "clickhouse-duckdb.parquet, true",
            "otlp2parquet-pyarrow.parquet, false", "otlp2parquet-pyarrow.parquet, true"})
    void columnsAreFoundByName(String file, boolean mapped) throws IOException {
        List<String> all = new ArrayList<>();
        List<String> narrow = new ArrayList<>();
        byte[] request = expected().toByteArray();
        new OtlpSpans().forEach(request, 0, request.length, span -> {
            all.add(TEXT.all(span));
            narrow.add(TEXT.always(span));
        });
        try (TestLake lake = TestLake.inMemory()) {
            Schema schema = file.startsWith("clickhouse") ? FlatLayout.CLICKHOUSE.schema() : nanoseconds();
            lake.catalog.findOrCreate(NAME, schema, PartitionSpec.unpartitioned(), Map.of("format-version", "3"));
            Table table = lake.table();
            if (mapped) {
                table.updateProperties().set(TableProperties.DEFAULT_NAME_MAPPING,
                        NameMappingParser.toJson(MappingUtil.create(table.schema()))).commit();
                table.updateSchema().renameColumn("SpanName", "Name").commit();
                table.updateSchema().renameColumn("Name", "SpanName").commit();
            }
            add(table, file, mapped ? "mapped.parquet" : "unmapped.parquet");
            PinnedTable pinned = new SourceTable(NAME, new LayoutChoice.Detected(TableLayouts.builtIn()),
                    new ReadTotals()).pinned(table, table.currentSnapshot());

            assertThat(ReadSpans.scanned(pinned, SpanField.ALL, TEXT::all)).isEqualTo(all);
            assertThat(ReadSpans.scanned(pinned, Set.of(), TEXT::always)).isEqualTo(narrow);
            assertThat(ReadSpans.fetched(pinned, TEXT::all)).isEqualTo(all);
        }
    }

    /** The columns of otlp2parquet, times as timestamps. */
    private static Schema nanoseconds() {
        List<NestedField> fields = new ArrayList<>();
        for (NestedField field : FlatLayout.OTLP2PARQUET.schema().columns()) {
            fields.add(switch (field.name()) {
                case "Timestamp" -> optional(field.fieldId(), field.name(), Types.TimestampNanoType.withZone());
                case "Events_Timestamp" -> optional(field.fieldId(), field.name(), Types.ListType.ofOptional(
                        field.type().asListType().elementId(), Types.TimestampNanoType.withZone()));
                default -> field;
            });
        }
        return new Schema(fields);
    }

    private static void add(Table table, String file, String name) throws IOException {
        byte[] bytes;
        try (InputStream resource = Objects.requireNonNull(ForeignFilesTest.class.getResourceAsStream(
                "/foreign/" + file), file)) {
            bytes = resource.readAllBytes();
        }
        String path = table.location() + "/data/" + file + "-" + name;
        try (PositionOutputStream out = table.io().newOutputFile(path).create()) {
            out.write(bytes);
        }
        table.newAppend().appendFile(DataFiles.builder(table.spec()).withPath(path).withFormat(FileFormat.PARQUET)
                .withFileSizeInBytes(bytes.length).withRecordCount(SPANS).build()).commit();
    }

    private static ExportTraceServiceRequest expected() {
        ExportTraceServiceRequest.Builder request = ExportTraceServiceRequest.newBuilder();
        for (int i = 0; i < SPANS; i++) {
            var resource = request.addResourceSpansBuilder();
            resource.getResourceBuilder().addAttributes(text("service.name", "svc " + i % 3))
                    .addAttributes(text("host.name", "h" + i % 2));
            var scope = resource.addScopeSpansBuilder();
            scope.getScopeBuilder().setName("lib").setVersion("1.0");
            scope.addSpans(span(i));
        }
        return request.build();
    }

    private static Span span(int i) {
        long start = 1767268800000000000L + i * 1000L;
        Span.Builder span = Span.newBuilder().setTraceId(id(0, i / 4 + 1)).setSpanId(id(i + 1)).setName("op " + i % 7)
                .setKindValue(1 + i % 3).setStartTimeUnixNano(start).setEndTimeUnixNano(start + i * 10L)
                .setTraceState(i % 7 == 0 ? "vendor=x" : "");
        if (i % 4 != 0) {
            span.setParentSpanId(id(i - i % 4 + 1));
        }
        if (i % 5 != 0) {
            span.addAttributes(text("http.method", "GET")).addAttributes(text("i", String.valueOf(i)));
        }
        if (i % 10 == 0) {
            span.setStatus(Status.newBuilder().setCode(Status.StatusCode.STATUS_CODE_ERROR).setMessage("boom"));
        }
        for (int j = 0; j < i % 3; j++) {
            Span.Event.Builder event = span.addEventsBuilder().setTimeUnixNano(start + j).setName("e" + j);
            if (j > 0) {
                event.addAttributes(text("j", String.valueOf(j)));
            }
        }
        if (i % 2 == 1) {
            span.addLinksBuilder().setTraceId(id(0, i + 1)).setSpanId(id(7)).addAttributes(text("k", "v"));
        }
        return span.build();
    }

    private static ByteString id(long... parts) {
        ByteBuffer bytes = ByteBuffer.allocate(8 * parts.length);
        for (long part : parts) {
            bytes.putLong(part);
        }
        return ByteString.copyFrom(bytes.array());
    }

    private static KeyValue text(String key, String value) {
        return KeyValue.newBuilder().setKey(key).setValue(AnyValue.newBuilder().setStringValue(value)).build();
    }
}
