package dev.tailsampling.otlp;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import dev.tailsampling.trace.TraceId;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.trace.v1.ResourceSpans;
import io.opentelemetry.proto.trace.v1.ScopeSpans;
import io.opentelemetry.proto.trace.v1.Span;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/**
 * A request cut into traces: each trace has its own spans, unchanged, with the resource and scope that they came in.
 */
class TraceBytesTest {

    private static final int REQUESTS = 300;

    private final OtlpSpans spans = new OtlpSpans();

    @Test
    void cutsARequestByTrace() {
        for (long seed = 0; seed < REQUESTS; seed++) {
            ExportTraceServiceRequest request = new RandomRequests(seed).next();
            assertThat(parsed(cut(request.toByteArray()))).as("seed %d", seed).isEqualTo(byTrace(request));
        }
    }

    @Test
    void cutsARequestOfUnusualEncoding() {
        for (long seed = 0; seed < REQUESTS; seed++) {
            byte[] request = new UnusualEncoding(seed).of(new RandomRequests(seed).next());
            assertThat(parsed(cut(request))).as("seed %d", seed).isEqualTo(byTrace(OwnedSpan.parse(request)));
        }
    }

    @Test
    void neighboursOfEqualResourceAndScopeShareTheirs() {
        for (long seed = 0; seed < REQUESTS; seed++) {
            ExportTraceServiceRequest request = new RandomRequests(seed).next();
            byte[] whole = collect(request.toByteArray());
            assertThat(OwnedSpan.parse(whole)).as("seed %d", seed).isEqualTo(grouped(OwnedSpan.of(request)));
        }
    }

    @Test
    void resultsCanBeConcatenated() {
        for (long seed = 0; seed < REQUESTS; seed++) {
            RandomRequests requests = new RandomRequests(seed);
            ExportTraceServiceRequest first = requests.next();
            ExportTraceServiceRequest second = requests.next();
            ByteString both = ByteString.copyFrom(collect(first.toByteArray()))
                    .concat(ByteString.copyFrom(collect(second.toByteArray())));
            List<OwnedSpan> expected = new ArrayList<>(OwnedSpan.of(first));
            expected.addAll(OwnedSpan.of(second));
            assertThat(OwnedSpan.of(OwnedSpan.parse(both.toByteArray()))).as("seed %d", seed).isEqualTo(expected);
        }
    }

    @Test
    void holdsOnToNoMessage() {
        for (long seed = 0; seed < REQUESTS; seed++) {
            RandomRequests requests = new RandomRequests(seed);
            TraceBytes trace = new TraceBytes();
            List<OwnedSpan> expected = new ArrayList<>();
            for (int i = 0; i < 3; i++) {
                ExportTraceServiceRequest request = requests.next();
                byte[] bytes = request.toByteArray();
                spans.forEach(bytes, 0, bytes.length, trace::add);
                Arrays.fill(bytes, (byte) 0xff);
                expected.addAll(OwnedSpan.of(request));
            }
            assertThat(trace.spanCount()).as("seed %d", seed).isEqualTo(expected.size());
            byte[] taken = Objects.requireNonNullElse(trace.take(), new byte[0]);
            assertThat(OwnedSpan.parse(taken)).as("seed %d", seed).isEqualTo(grouped(expected));
        }
    }

    @Test
    void isEmptyAfterATake() {
        TraceBytes trace = new TraceBytes();
        assertThat(trace.take()).isNull();
        byte[] request = new RequestBuilder().beginResource().beginScope("scope", "").beginSpan(1, 2, 3).take();
        for (int round = 0; round < 2; round++) {
            spans.forEach(request, 0, request.length, trace::add);
            assertThat(trace.spanCount()).isEqualTo(1);
            assertThat(trace.size()).isPositive();
            assertThat(trace.take()).isEqualTo(request);
            assertThat(trace.spanCount()).isZero();
            assertThat(trace.size()).isZero();
            assertThat(trace.take()).isNull();
        }
    }

    @Test
    void anAbsentResourceIsNotAnEmptyOne() {
        Span span = Span.newBuilder().setTraceId(ByteString.copyFrom(HexFormat.of().parseHex("01".repeat(16)))).build();
        ResourceSpans absent = ResourceSpans.newBuilder().addScopeSpans(ScopeSpans.newBuilder().addSpans(span)).build();
        ResourceSpans.Builder empty = absent.toBuilder();
        empty.getResourceBuilder();
        ExportTraceServiceRequest request =
                ExportTraceServiceRequest.newBuilder().addResourceSpans(absent).addResourceSpans(empty).build();
        assertThat(OwnedSpan.parse(collect(request.toByteArray()))).isEqualTo(request);
    }

    /** Each span with a tracestate of another length, or none, and nothing else changed. */
    @Test
    void replacesTheTraceState() {
        for (long seed = 0; seed < REQUESTS; seed++) {
            ExportTraceServiceRequest request = new RandomRequests(seed).next();
            for (byte[] bytes : List.of(request.toByteArray(), new UnusualEncoding(seed).of(request))) {
                List<OwnedSpan> expected = new ArrayList<>();
                for (OwnedSpan owned : OwnedSpan.of(OwnedSpan.parse(bytes))) {
                    String traceState = "t".repeat(expected.size() * 60);
                    expected.add(new OwnedSpan(owned.resource(), owned.scope(),
                            owned.span().toBuilder().setTraceState(traceState).build()));
                }
                TraceBytes all = new TraceBytes();
                spans.forEach(bytes, 0, bytes.length, span -> all.add(span, "t".repeat(all.spanCount() * 60)));
                byte[] taken = Objects.requireNonNullElse(all.take(), new byte[0]);
                assertThat(OwnedSpan.of(OwnedSpan.parse(taken))).as("seed %d", seed).isEqualTo(expected);
            }
        }
    }

    /** The bytes are those of an exporter that had written the tracestate itself. */
    @Test
    void aReplacedTraceStateStandsWhereExportersHaveIt() {
        for (String before : List.of("", "ot=th:8")) {
            for (String after : List.of("", "ot=th:c", "vendor=" + "x".repeat(200))) {
                byte[] request = span(before);
                TraceBytes all = new TraceBytes();
                spans.forEach(request, 0, request.length, span -> all.add(span, after));
                assertThat(all.take()).as("%s to %s", before, after).isEqualTo(span(after));
            }
        }
    }

    private static byte[] span(String traceState) {
        RequestBuilder request = new RequestBuilder().beginResource().beginScope("s", "").beginSpan(1, 2, 3);
        if (!traceState.isEmpty()) {
            request.traceState(traceState);
        }
        return request.parentSpanId(4).name("n").times(5, 6).attribute("k", "v").take();
    }

    private Map<String, byte[]> cut(byte[] request) {
        Map<TraceId, TraceBytes> traces = new TreeMap<>();
        spans.forEach(request, 0, request.length,
                span -> traces.computeIfAbsent(span.traceId(), id -> new TraceBytes()).add(span));
        Map<String, byte[]> bytes = new TreeMap<>();
        traces.forEach((id, trace) -> bytes.put(id.hex(), Objects.requireNonNull(trace.take())));
        return bytes;
    }

    private static Map<String, List<OwnedSpan>> parsed(Map<String, byte[]> traces) {
        Map<String, List<OwnedSpan>> parsed = new TreeMap<>();
        traces.forEach((id, bytes) -> parsed.put(id, OwnedSpan.of(OwnedSpan.parse(bytes))));
        return parsed;
    }

    private static Map<String, List<OwnedSpan>> byTrace(ExportTraceServiceRequest request) {
        Map<String, List<OwnedSpan>> traces = new TreeMap<>();
        for (OwnedSpan span : OwnedSpan.of(request)) {
            String id = HexFormat.of().formatHex(span.span().getTraceId().toByteArray());
            traces.computeIfAbsent(id, first -> new ArrayList<>()).add(span);
        }
        return traces;
    }

    private byte[] collect(byte[] request) {
        TraceBytes all = new TraceBytes();
        spans.forEach(request, 0, request.length, all::add);
        return Objects.requireNonNullElse(all.take(), new byte[0]);
    }

    /** The request in which a span goes to the last group if its resource and scope are the last group's. */
    private static ExportTraceServiceRequest grouped(List<OwnedSpan> spans) {
        List<ResourceSpans.Builder> resources = new ArrayList<>();
        OwnedSpan last = null;
        for (OwnedSpan span : spans) {
            boolean sameResource = last != null && last.resource().equals(span.resource());
            if (!sameResource) {
                resources.add(span.resource().toBuilder());
            }
            ResourceSpans.Builder resource = resources.getLast();
            if (!sameResource || !last.scope().equals(span.scope())) {
                resource.addScopeSpans(span.scope());
            }
            resource.getScopeSpansBuilder(resource.getScopeSpansCount() - 1).addSpans(span.span());
            last = span;
        }
        ExportTraceServiceRequest.Builder request = ExportTraceServiceRequest.newBuilder();
        resources.forEach(request::addResourceSpans);
        return request.build();
    }
}
