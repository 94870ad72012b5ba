package dev.tailsampling.lake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import dev.tailsampling.config.TableLayouts;
import dev.tailsampling.lake.FaultyCatalog.Fault;
import dev.tailsampling.layout.LayoutChoice;
import dev.tailsampling.selector.ExportOutcome;
import dev.tailsampling.selector.SampledTrace;
import dev.tailsampling.selector.SourceCursor;
import dev.tailsampling.trace.Threshold;
import dev.tailsampling.trace.TraceId;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.trace.v1.ResourceSpans;
import io.opentelemetry.proto.trace.v1.ScopeSpans;
import io.opentelemetry.proto.trace.v1.Span;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.FileScanTask;
import org.apache.iceberg.PartitionSpec;
import org.apache.iceberg.Table;
import org.apache.iceberg.data.IcebergGenerics;
import org.apache.iceberg.data.Record;
import org.apache.iceberg.expressions.Expressions;
import org.apache.iceberg.io.CloseableIterable;
import org.apache.iceberg.relocated.com.google.common.collect.Iterables;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Kept spans in a table, read back with nothing but Iceberg. */
class SampledSpansTableTest {

    private static final ExportOutcome DONE = new ExportOutcome.Exported(0, "");
    private static final long LARGE = 32 << 20;
    private static final long NANOS_PER_DAY = 86_400_000_000_000L;
    private static final long START = 1_767_268_800_123_456_789L;

    @TempDir
    private Path warehouse;

    private final FaultyCatalog catalog = new FaultyCatalog(new LocalFileIO());
    private TestLake lake;
    private SampledSpansTable exporter;

    @BeforeEach
    void open() {
        catalog.initialize("faulty", Map.of("warehouse", warehouse.toString()));
        lake = TestLake.of(catalog);
        exporter = exporter(LARGE);
    }

    @AfterEach
    void close() {
        exporter.close();
        lake.close();
    }

    private SampledSpansTable exporter(long targetFileBytes) {
        return new SampledSpansTable(lake.catalog, "tss.out", "sampled_spans", targetFileBytes);
    }

    private Table table() {
        return lake.catalog.find(TableName.in("tss.out", "sampled_spans")).orElseThrow();
    }

    private List<Record> rows() {
        try (CloseableIterable<Record> rows = IcebergGenerics.read(table()).build()) {
            List<Record> read = new ArrayList<>();
            rows.forEach(read::add);
            return read;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private List<Object> column(String name) {
        return rows().stream().map(row -> row.getField(name)).toList();
    }

    private List<DataFile> files() {
        try (CloseableIterable<FileScanTask> tasks = table().newScan().planFiles()) {
            List<DataFile> files = new ArrayList<>();
            tasks.forEach(task -> files.add(task.file()));
            return files;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private long parquetFiles() {
        try (Stream<Path> files = Files.walk(warehouse)) {
            return files.filter(file -> file.toString().endsWith(".parquet")).count();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static SampledTrace trace(int number, Span... spans) {
        return new SampledTrace(Otlp.trace(number), Otlp.message(spans), spans.length, "errors",
                Threshold.ofProbability(0.25));
    }

    private static Span span(int trace, long id) {
        return Otlp.span(trace, id).toBuilder().setStartTimeUnixNano(START).setEndTimeUnixNano(START + 5).build();
    }

    private static SampledTrace trace(int number) {
        return trace(number, span(number, 10L * number), span(number, 10L * number + 1));
    }

    private ExportOutcome exportGroup(SampledSpansTable to, String group, SampledTrace... traces) {
        to.begin(group);
        ExportOutcome outcome = to.export(List.of(traces));
        return outcome.equals(DONE) ? to.flush() : outcome;
    }

    /** The spans of each trace in a recorded set, as requests of their own. */
    private static List<SampledTrace> real(String name) throws InvalidProtocolBufferException {
        Map<ByteString, ExportTraceServiceRequest.Builder> byTrace = new LinkedHashMap<>();
        for (byte[] message : TraceFixture.real(name)) {
            for (ResourceSpans resource : ExportTraceServiceRequest.parseFrom(message).getResourceSpansList()) {
                for (ScopeSpans scope : resource.getScopeSpansList()) {
                    scope.getSpansList().forEach(span -> byTrace
                            .computeIfAbsent(span.getTraceId(), id -> ExportTraceServiceRequest.newBuilder())
                            .addResourceSpans(ResourceSpans.newBuilder().setResource(resource.getResource())
                                    .addScopeSpans(ScopeSpans.newBuilder().setScope(scope.getScope()).addSpans(span))));
                }
            }
        }
        List<SampledTrace> traces = new ArrayList<>();
        byTrace.forEach((id, request) -> traces.add(new SampledTrace(
                new TraceId(id.asReadOnlyByteBuffer().getLong(0), id.asReadOnlyByteBuffer().getLong(8)),
                request.build().toByteArray(), request.getResourceSpansCount(), "errors", null)));
        return traces;
    }

    @Test
    void everyFieldOfARecordedSetComesBack() throws InvalidProtocolBufferException {
        List<SampledTrace> traces = real("opensearch-hotrod");
        exporter.begin("group");
        assertThat(traces.stream().map(trace -> exporter.export(List.of(trace)))).containsOnly(DONE);
        assertThat(exporter.flush()).isEqualTo(DONE);

        assertThat(rows().stream().map(FlatSpanText::text)).hasSizeGreaterThan(100).containsExactlyInAnyOrderElementsOf(
                FlatSpanText.expected(traces.stream().map(SampledTrace::otlp).toList()));
        assertThat(rows()).allSatisfy(row -> assertThat((OffsetDateTime) row.getField("StartTime")).isEqualTo(
                Instant.EPOCH.plusNanos((Long) row.getField("Timestamp") / 1_000 * 1_000).toString()));
    }

    @Test
    void whatIsKnownOfTheSamplingStandsBesideTheSpan() {
        Span raised = span(1, 2).toBuilder().setTraceState("ot=th:e;rv:ffffffffffffff,a=b").build();
        assertThat(exportGroup(exporter, "g", trace(1, span(1, 1).toBuilder().setTraceState("ot=th:c").build(), raised),
                new SampledTrace(Otlp.trace(2), Otlp.message(span(2, 3)), 1, "always", null))).isEqualTo(DONE);

        assertThat(column("SamplingPolicy")).containsExactly("errors", "errors", "always");
        assertThat(column("SamplingThreshold")).containsExactly("c", "c", null);
        assertThat(column("AdjustedCount")).containsExactly(4.0, 8.0, null);
    }

    @Test
    void aGroupIsOneAppendThatIsSeenWithItsFlush() {
        exporter.begin("orders/0#7");
        exporter.export(List.of(trace(1)));
        exporter.export(List.of(trace(2)));
        assertThat(table().currentSnapshot()).isNull();
        assertThat(exporter.flush()).isEqualTo(DONE);

        assertThat(table().snapshots()).hasSize(1);
        assertThat(table().currentSnapshot().summary()).containsEntry("tss.export-group", "orders/0#7")
                .containsEntry("added-records", "4").containsEntry("added-data-files", "1");
        assertThat(exporter.flush()).isEqualTo(DONE);
        assertThat(table().snapshots()).hasSize(1);
    }

    @Test
    void aGroupOfNothingIsNoCommit() {
        exporter.begin("g");
        assertThat(exporter.export(List.of())).isEqualTo(DONE);
        assertThat(exporter.flush()).isEqualTo(DONE);

        assertThat(lake.catalog.find(TableName.in("tss.out", "sampled_spans"))).isEmpty();
    }

    /** The process dies between the commit and the note that it was made. */
    @Test
    void aGroupThatIsThereIsNotAppendedAgain() {
        exportGroup(exporter, "g1", trace(1), trace(2));
        try (SampledSpansTable restarted = exporter(LARGE)) {
            assertThat(exportGroup(restarted, "g1", trace(1), trace(2))).isEqualTo(DONE);
            assertThat(exportGroup(restarted, "g2", trace(3))).isEqualTo(DONE);
            assertThat(exportGroup(restarted, "g1", trace(1), trace(2))).isEqualTo(DONE);
        }

        assertThat(column("SpanId")).hasSize(6).doesNotHaveDuplicates();
        assertThat(table().snapshots()).hasSize(2);
        assertThat(parquetFiles()).isEqualTo(2);
    }

    @Test
    void whatWasNotFlushedIsForgotten() {
        SampledSpansTable small = exporter(1);
        small.begin("g");
        small.export(List.of(trace(1)));
        assertThat(parquetFiles()).isEqualTo(1);
        assertThat(exportGroup(small, "g", trace(2))).isEqualTo(DONE);
        small.begin("h");
        small.export(List.of(trace(3)));
        small.close();

        assertThat(column("TraceId")).containsOnly(Otlp.trace(2).hex());
        assertThat(parquetFiles()).isEqualTo(1);
    }

    @Test
    void anAnswerThatIsLostIsFoundInTheHistory() {
        exportGroup(exporter, "g0", trace(1));
        catalog.next(Fault.ANSWER_LOST, 1);
        assertThat(exportGroup(exporter, "g1", trace(2))).isEqualTo(DONE);
        catalog.next(Fault.REQUEST_LOST, 2);
        assertThat(exportGroup(exporter, "g2", trace(3))).isEqualTo(DONE);
        catalog.next(Fault.CONFLICT, 2);
        assertThat(exportGroup(exporter, "g3", trace(4))).isEqualTo(DONE);
        catalog.next(Fault.ANSWER_LOST, 1);
        exporter.export(List.of(trace(5)));
        assertThat(exporter.flush()).as("without a name").isEqualTo(DONE);

        assertThat(column("SpanId")).hasSize(10).doesNotHaveDuplicates();
    }

    @Test
    void anOutcomeThatStaysUnknownIsSaidAndTheGroupMayComeAgain() {
        exportGroup(exporter, "g0", trace(1));
        catalog.next(Fault.REQUEST_LOST, 10);
        assertThat(exportGroup(exporter, "g1", trace(2))).isInstanceOfSatisfying(ExportOutcome.Unknown.class,
                unknown -> assertThat(unknown.reason()).contains("whether export group g1 was recorded is not known")
                        .contains("tss.export-group=g1"));
        assertThat(exporter.export(List.of(trace(3)))).as("it has to begin anew")
                .isInstanceOf(ExportOutcome.Unknown.class);
        assertThat(exporter.flush()).isInstanceOf(ExportOutcome.Unknown.class);
        assertThat(exportGroup(exporter, "g1", trace(2))).isEqualTo(DONE);

        assertThat(column("SpanId")).hasSize(4).doesNotHaveDuplicates();
    }

    @Test
    void commitsThatAllFailLeaveNoFile() {
        exportGroup(exporter, "g0", trace(1));
        catalog.next(Fault.CONFLICT, 10);
        assertThat(exportGroup(exporter, "g1", trace(2))).isInstanceOfSatisfying(ExportOutcome.Unknown.class,
                unknown -> assertThat(unknown.reason()).contains("lost against other writers"));

        assertThat(parquetFiles()).isEqualTo(1);
    }

    @Test
    void spansWithoutAGroupStartOverAfterAFailure() {
        exportGroup(exporter, "g0", trace(1));
        exporter.export(List.of(trace(2)));
        catalog.next(Fault.CONFLICT, 10);
        assertThat(exporter.flush()).isInstanceOf(ExportOutcome.Unknown.class);
        assertThat(exporter.export(List.of(trace(2)))).isEqualTo(DONE);
        assertThat(exporter.flush()).isEqualTo(DONE);

        assertThat(column("SpanId")).hasSize(4).doesNotHaveDuplicates();
    }

    @Test
    void filesAreRolledBySizeAndSortedByTraceId() {
        SampledSpansTable small = exporter(2_000);
        small.begin("g");
        for (int number = 90; number > 0; number--) {
            assertThat(small.export(List.of(trace(number)))).isEqualTo(DONE);
        }
        assertThat(small.flush()).isEqualTo(DONE);

        Table table = table();
        assertThat(files()).hasSizeGreaterThan(5).allMatch(file -> file.sortOrderId() == table.sortOrder().orderId());
        assertThat(table.sortOrder().isSorted()).isTrue();
        for (DataFile file : files()) {
            List<String> ids = new ArrayList<>();
            try (CloseableIterable<Record> rows = LedgerFile.rows(table, file,
                    Expressions.alwaysTrue())) {
                rows.forEach(row -> ids.add((String) row.getField("TraceId")));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            assertThat(ids).isSorted().hasSizeGreaterThan(1);
        }
        assertThat(column("SpanId")).hasSize(180).doesNotHaveDuplicates();
    }

    /** Some senders' clocks are anywhere, and some spans have no start. */
    @Test
    void spansAreInThePartitionOfTheirDay() {
        Span[] spans = LongStream.range(0, 40).mapToObj(day -> Otlp.span(1, day + 1).toBuilder()
                .setStartTimeUnixNano(day * NANOS_PER_DAY).setEndTimeUnixNano(day * NANOS_PER_DAY).build())
                .toArray(Span[]::new);
        assertThat(exportGroup(exporter, "g", trace(1, spans))).isEqualTo(DONE);

        assertThat(table().spec().fields().getFirst().transform()).hasToString("day");
        TreeMap<Integer, Long> rowsByDay = new TreeMap<>();
        files().forEach(file -> rowsByDay.merge(
                file.partition().get(0, Integer.class) == null ? -1 : file.partition().get(0, Integer.class),
                file.recordCount(), Long::sum));
        assertThat(rowsByDay).hasSize(40).containsKeys(-1, 1, 39).doesNotContainKey(0);
        assertThat(rowsByDay.values()).containsOnly(1L);
        assertThat(column("StartTime")).containsOnlyOnce((Object) null);
    }

    @Test
    void aTableOfOthersIsLeftAlone() {
        lake.catalog.findOrCreate(TableName.of("default.mine"), LedgerSchema.SCHEMA, PartitionSpec.unpartitioned(),
                Map.of());
        try (SampledSpansTable mine = new SampledSpansTable(lake.catalog, "tss", "default.mine", LARGE)) {
            assertThat(mine.table()).isEqualTo("default.mine");
            assertThat(exportGroup(mine, "g", trace(1))).isInstanceOfSatisfying(ExportOutcome.Unknown.class,
                    unknown -> assertThat(unknown.reason()).contains("table default.mine is not one for kept spans")
                            .contains("export.iceberg.table"));
        }
        assertThat(lake.catalog.find(TableName.of("default.mine")).orElseThrow().snapshots()).isEmpty();
    }

    @Test
    void afterAnErrorOfAnUnknownKindAGroupMayComeAgain() {
        exportGroup(exporter, "g0", trace(1));
        catalog.goAwayAfterCommit();
        exportGroup(exporter, "g1", trace(2));
        assertThatThrownBy(() -> exportGroup(exporter, "g2", trace(3))).isInstanceOf(IllegalStateException.class);
        catalog.comeBack();
        assertThat(exportGroup(exporter, "g2", trace(3))).isEqualTo(DONE);
        assertThat(column("SpanId")).hasSize(6).doesNotHaveDuplicates();
    }

    @Test
    void theHistoryStaysShort() {
        LedgerRetention retention = new LedgerRetention(Duration.ofDays(1), 10, 1L << 20, Duration.ZERO);
        try (SampledSpansTable many = new SampledSpansTable(lake.catalog, "tss.out", "sampled_spans", LARGE,
                retention)) {
            for (int number = 1; number <= 120; number++) {
                assertThat(exportGroup(many, "g" + number, trace(number))).isEqualTo(DONE);
            }
        }
        assertThat(Iterables.size(table().snapshots())).isLessThanOrEqualTo(50);
        assertThat(column("SpanId")).hasSize(240).doesNotHaveDuplicates();
    }

    @Test
    void severalInstancesWriteToOneTable(@TempDir Path home) throws InterruptedException, ExecutionException {
        try (TestLake shared = TestLake.onDisk(home)) {
            List<Callable<List<ExportOutcome>>> writers = IntStream.range(0, 3)
                    .mapToObj(writer -> (Callable<List<ExportOutcome>>) () -> {
                        try (SampledSpansTable own = new SampledSpansTable(shared.catalog, "tss", "out", LARGE)) {
                            return IntStream.range(0, 8).mapToObj(number -> exportGroup(own, writer + "#" + number,
                                    trace(100 * writer + number))).toList();
                        }
                    }).toList();
            try (ExecutorService threads = Executors.newFixedThreadPool(writers.size())) {
                for (Future<List<ExportOutcome>> outcomes : threads.invokeAll(writers)) {
                    assertThat(outcomes.get()).containsOnly(DONE);
                }
            }
            Table table = shared.catalog.find(TableName.in("tss", "out")).orElseThrow();
            assertThat(table.currentSnapshot().summary()).containsEntry("total-records", "48")
                    .containsEntry("total-data-files", "24");
        }
    }

    /** What was kept can be sampled once more. */
    @Test
    void theTableIsOneThatWeRead() {
        exportGroup(exporter, "g", trace(1), trace(2));
        CollectedSpans spans = new CollectedSpans();
        new AutoMqTable(lake.catalog, "tss.out.sampled_spans",
                lake.options().withLayout(new LayoutChoice.Detected(TableLayouts.builtIn())))
                .readNew(SourceCursor.START, spans);

        assertThat(spans.spanIds).containsExactlyInAnyOrder(10L, 11L, 20L, 21L);
    }
}
