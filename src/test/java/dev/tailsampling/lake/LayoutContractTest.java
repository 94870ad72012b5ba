package dev.tailsampling.lake;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tailsampling.config.PolicyFile;
import dev.tailsampling.config.TableLayouts;
import dev.tailsampling.layout.TableLayout;
import dev.tailsampling.otlp.OtlpSpans;
import dev.tailsampling.policy.CompiledPolicies;
import dev.tailsampling.policy.Decision;
import dev.tailsampling.policy.SpanFolder;
import dev.tailsampling.policy.TraceSummary;
import dev.tailsampling.selector.FetchRequest;
import dev.tailsampling.selector.SourceCursor;
import dev.tailsampling.selector.SourceRead;
import dev.tailsampling.selector.SourceRow;
import dev.tailsampling.selector.SpanSink;
import dev.tailsampling.trace.SpanView;
import dev.tailsampling.trace.TraceId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.apache.iceberg.AppendFiles;
import org.apache.iceberg.PartitionSpec;
import org.apache.iceberg.Table;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Whatever layout a table has, the same spans get the same decisions, and are exported the same. */
class LayoutContractTest {

    private static final long SEED = 7;
    private static final int MESSAGES_PER_COMMIT = 20;

    private static final CompiledPolicies POLICIES = CompiledPolicies.of(new PolicyFile("contract", """
            policies:
              - {name: errors, type: status_code, status_code: {status_codes: [ERROR]}}
              - {name: slow, type: latency, latency: {threshold_ms: 500}}
              - {name: large, type: span_count, span_count: {min_spans: 12}}
              - {name: gets, type: string_attribute, string_attribute: {key: http.method, values: [GET]}}
              - {name: frontend, type: string_attribute, string_attribute: {key: service.name, values: [frontend]}}
              - {name: some, type: probabilistic, probabilistic: {sampling_percentage: 25}}
            """).parse().set());

    static Stream<WrittenLayout> layouts() {
        return Stream.concat(MessageLayout.all().stream(), Stream.concat(
                Stream.of(new NestedLayout(true), new NestedLayout(false)), FlatLayout.all().stream()));
    }

    /** Folds spans into summaries of their traces. */
    private static final class Summaries implements SpanSink {

        private final SpanFolder folder = POLICIES.folder();
        private final Map<TraceId, TraceSummary> byTrace = new TreeMap<>();
        private final List<String> undecodable = new ArrayList<>();

        @Override
        public void span(SpanView span, SourceRow row) {
            add(span, row.timestampMillis());
        }

        void add(SpanView span, long timestampMillis) {
            TraceId id = new TraceId(span.traceIdHigh(), span.traceIdLow());
            TraceSummary summary = byTrace.computeIfAbsent(id, key -> new TraceSummary(key.high(), key.low()));
            folder.fold(summary, span);
            summary.arrived(timestampMillis, 0);
        }

        @Override
        public void undecodable(SourceRow row, String reason) {
            undecodable.add(row + ": " + reason);
        }

        @Override
        public void unreadable(String file, String reason) {
            undecodable.add(file + ": " + reason);
        }

        Map<TraceId, Decision> decisions() {
            Map<TraceId, Decision> decisions = new TreeMap<>();
            byTrace.forEach((id, summary) -> decisions.put(id, POLICIES.decide(summary)));
            return decisions;
        }

        /** What the decision log has of each trace, but for its size, which depends on how a span was encoded. */
        Map<TraceId, String> facts(boolean withArrival) {
            Map<TraceId, String> facts = new TreeMap<>();
            byTrace.forEach((id, summary) -> facts.put(id, summary.spanCount() + " spans, "
                    + summary.eventAndLinkCount() + " events and links, " + summary.startUnixNano() + " to "
                    + summary.endUnixNano() + ", status " + summary.statusBits() + ", root " + summary.rootSeen() + " "
                    + summary.rootService() + " " + summary.rootName() + ", R " + summary.randomness() + (withArrival
                            ? ", arrived " + summary.firstArrivalMillis() + " to " + summary.lastArrivalMillis()
                            : "")));
            return facts;
        }
    }

    /** The writer of tables needs no file to know what it writes. */
    @Test
    void theLayoutThatIsWrittenIsThatOfTheCatalog() {
        assertThat(TableLayouts.builtIn().getFirst()).usingRecursiveComparison().ignoringFields("detect")
                .isEqualTo(TableTopicSchema.LAYOUT);
    }

    @Test
    void layoutsOfMessagesAreAllHeldToIt() {
        assertThat(layouts().map(WrittenLayout::name)).containsAll(TableLayouts.builtIn().stream()
                .filter(layout -> !(layout instanceof TableLayout.Spans)).map(TableLayout::name).toList());
    }

    @ParameterizedTest
    @MethodSource("layouts")
    void theLayoutIsToldByItsColumns(WrittenLayout layout) {
        TableLayout detected = TableLayout.detect(TableLayouts.builtIn(), SchemaColumns.of(layout.schema()));

        assertThat(detected).isNotNull().extracting(TableLayout::name).isEqualTo(layout.name());
    }

    @ParameterizedTest
    @MethodSource("layouts")
    void decisionsAndExportedSpansAreTheSame(WrittenLayout layout) {
        List<KafkaMessage> messages = TraceFixture.messages(SEED);
        Summaries expected = new Summaries();
        List<FlatSpan> spans = new ArrayList<>();
        OtlpSpans wire = new OtlpSpans();
        for (KafkaMessage message : messages) {
            byte[] kept = layout.kept(FlatSpan.parse(message.value())).toByteArray();
            wire.forEach(kept, 0, kept.length, span -> expected.add(span, message.timestampMillis()));
            spans.addAll(FlatSpan.of(FlatSpan.parse(kept)));
        }
        try (TestLake lake = TestLake.inMemory()) {
            write(lake, layout, messages);
            AutoMqTable source = lake.source();
            Summaries read = new Summaries();
            SourceRead end = source.readNew(SourceCursor.START, read);

            assertThat(read.undecodable).as("seed %s", SEED).isEmpty();
            assertThat(read.facts(layout.keepsArrival())).as("seed %s", SEED)
                    .isEqualTo(expected.facts(layout.keepsArrival()));
            assertThat(read.decisions()).as("seed %s", SEED).isEqualTo(expected.decisions());
            assertThat(read.decisions().values()).extracting(Decision::policy).as("all policies have their traces")
                    .contains("errors", "slow", "large");
            assertThat(fetch(source, read, end)).as("seed %s", SEED).containsExactlyInAnyOrderElementsOf(spans);
        }
    }

    private static void write(TestLake lake, WrittenLayout layout, List<KafkaMessage> messages) {
        TableName name = TableName.of(TestLake.TABLE);
        lake.catalog.findOrCreate(name, layout.schema(), PartitionSpec.unpartitioned(), Map.of());
        Table table = lake.table();
        long[] offsets = new long[TraceFixture.PARTITIONS];
        for (int from = 0; from < messages.size(); from += MESSAGES_PER_COMMIT) {
            DataFileWriter writer = new DataFileWriter(table, 1, from, 1 << 20);
            for (KafkaMessage message : messages.subList(from, Math.min(messages.size(), from + MESSAGES_PER_COMMIT))) {
                layout.rows(message, offsets[message.partition()]++).forEach(writer::write);
            }
            AppendFiles append = table.newAppend();
            writer.complete().forEach(append::appendFile);
            append.commit();
        }
    }

    private static List<FlatSpan> fetch(AutoMqTable source, Summaries read, SourceRead end) {
        List<FetchRequest> requests = read.byTrace.values().stream().map(summary -> new FetchRequest(summary.traceId(),
                List.of(), summary.firstArrivalMillis(), summary.lastArrivalMillis(), summary.spanCount(),
                summary.byteCount())).toList();
        List<FlatSpan> fetched = new ArrayList<>();
        source.fetch(requests, end.cursor().nextOffsets(),
                (trace, otlp, count) -> fetched.addAll(FlatSpan.of(FlatSpan.parse(otlp))));
        return fetched;
    }
}
