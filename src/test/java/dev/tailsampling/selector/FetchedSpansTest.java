package dev.tailsampling.selector;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import dev.tailsampling.assembly.CompletionReason;
import dev.tailsampling.assembly.SpanCache;
import dev.tailsampling.policy.CompiledPolicies;
import dev.tailsampling.policy.Decision;
import dev.tailsampling.policy.NamedPolicy;
import dev.tailsampling.policy.Outcome;
import dev.tailsampling.policy.PolicySet;
import dev.tailsampling.policy.SamplingPolicy;
import dev.tailsampling.policy.TraceSummary;
import dev.tailsampling.trace.TraceId;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.trace.v1.Span;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/** What a fetch brings may be more than was counted as spans came, or less. */
class FetchedSpansTest {

    private static final TraceId TRACE = new TraceId(7, 8);
    private static final SourceOffsets ANY = SourceOffsets.NONE;
    private static final Decision KEEP = new Decision(Outcome.SAMPLED, "all", "sampled by all", null, List.of());

    private final RecordingExporter exporter = new RecordingExporter(new Random(1));
    private final CycleCounts counts = new CycleCounts();

    /** One part for each span; as readers do, it stops when all spans were found. */
    private static SpanFetcher stored(long... spanIds) {
        return (requests, until, receiver) -> requests.forEach(request -> LongStream.of(spanIds)
                .limit(request.spanCount() == FetchRequest.UNKNOWN_SPAN_COUNT ? spanIds.length : request.spanCount())
                .forEach(spanId -> receiver.spans(request.traceId(), message(TRACE, spanId), 1)));
    }

    /** One span. */
    static byte[] message(TraceId traceId, long spanId) {
        var request = ExportTraceServiceRequest.newBuilder();
        request.addResourceSpansBuilder().addScopeSpansBuilder().addSpans(Span.newBuilder().setName("work")
                .setTraceId(bytes(traceId.high(), traceId.low())).setSpanId(bytes(spanId)));
        return request.build().toByteArray();
    }

    private static ByteString bytes(long... words) {
        ByteBuffer bytes = ByteBuffer.allocate(words.length * Long.BYTES);
        LongStream.of(words).forEach(bytes::putLong);
        return ByteString.copyFrom(bytes.array());
    }

    private static TraceSummary summary(int spanCount) {
        TraceSummary summary = new TraceSummary(TRACE.high(), TRACE.low());
        summary.arrived(1_000, 3);
        summary.restore(spanCount, 100, 0, 0, 0, 0);
        return summary;
    }

    private static TraceSummary handedOver(int spanCount) {
        TraceSummary summary = summary(spanCount);
        summary.handOver();
        return summary;
    }

    private static ExportRequest sampled(TraceSummary summary) {
        return ExportRequest.of(new DecidedTrace(summary, CompletionReason.QUIET, KEEP));
    }

    private TraceExport.Confirmation export(SpanFetcher fetcher, ExportRequest request) {
        TraceExport export = new TraceExport(fetcher, exporter, 1_000);
        export.begin("group");
        return export.export(List.of(request), new SpanCache(0), ANY, counts);
    }

    private long count(CycleMetric metric) {
        return counts.report().get(metric);
    }

    @Test
    void aTraceThatWasHandedOverLeavesWholeAndEachSpanOnce() {
        export(stored(1, 2, 1, 2, 3), sampled(handedOver(3)));

        assertThat(exporter.spanIds().get(TRACE)).containsExactly(1L, 2L, 3L);
        assertThat(exporter.spanDeliveries()).isEqualTo(3);
        assertThat(count(CycleMetric.SPANS_FETCHED)).isEqualTo(3).isEqualTo(count(CycleMetric.SPANS_EXPORTED));
    }

    @Test
    void soDoesOneOfWhichDuplicatesWereSeen() {
        export(stored(1, 1, 2), sampled(summary(2)).ofUnknownCount());

        assertThat(exporter.spanIds().get(TRACE)).containsExactly(1L, 2L);
        assertThat(exporter.spanDeliveries()).isEqualTo(2);
    }

    /** Its duplicates were counted, and leave as they are. */
    @Test
    void otherTracesLeaveAsTheyAreStored() {
        export(stored(1, 1, 2), sampled(summary(3)));

        assertThat(exporter.spanDeliveries()).isEqualTo(3);
    }

    @Test
    void spansThatAreGoneAreCounted() {
        TraceExport.Confirmation confirmation = export(stored(1, 2), sampled(summary(5)));

        assertThat(confirmation).isEqualTo(TraceExport.Confirmation.CONFIRMED);
        assertThat(count(CycleMetric.SPANS_MISSING)).isEqualTo(3);
        assertThat(count(CycleMetric.SPANS_FETCHED)).isEqualTo(2).isEqualTo(count(CycleMetric.SPANS_EXPORTED));
    }

    @Test
    void spansOfAnExportThatIsTriedAgainAreNotMissing() {
        exporter.staySilent(1);
        TraceExport.Confirmation confirmation = export(stored(1, 2), sampled(summary(5)));

        assertThat(confirmation).isEqualTo(TraceExport.Confirmation.UNCONFIRMED);
        assertThat(count(CycleMetric.SPANS_MISSING)).isZero();
    }

    @Test
    void underOtherPoliciesEachSpanIsFoldedOnce() {
        CompiledPolicies policies = CompiledPolicies
                .of(new PolicySet(List.of(NamedPolicy.of("all", new SamplingPolicy.AlwaysSample()))));

        List<TraceSummary> folded = new FetchedSummaries(policies.folder(), List.of(summary(3)))
                .fold(stored(1, 2, 1, 2, 3), ANY);

        assertThat(folded).singleElement().extracting(TraceSummary::spanCount).isEqualTo(3);
    }
}
