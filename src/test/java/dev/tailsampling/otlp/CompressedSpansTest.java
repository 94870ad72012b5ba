package dev.tailsampling.otlp;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnknownFieldSet;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.common.v1.AnyValue;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.trace.v1.Span;
import io.opentelemetry.proto.trace.v1.Span.SpanKind;
import io.opentelemetry.proto.trace.v1.Status.StatusCode;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.ToLongFunction;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CompressedSpansTest {

    private static final int TRACES = 500;
    private static final SpanCompression SETTINGS =
            new SpanCompression(3, Duration.ofNanos(100), Duration.ofNanos(50));
    private static final String SOURCE = "default.otel-traces-raw";
    private static final ByteString TRACE_ID = ByteString.copyFromUtf8("0123456789abcdef");

    private static ByteString id(long id) {
        return ByteString.copyFrom(ByteBuffer.allocate(8).putLong(id).array());
    }

    private static long number(ByteString id) {
        return id.isEmpty() ? 0 : id.asReadOnlyByteBuffer().getLong();
    }

    private static KeyValue text(String key, String value) {
        return KeyValue.newBuilder().setKey(key).setValue(AnyValue.newBuilder().setStringValue(value)).build();
    }

    private static KeyValue number(String key, long value) {
        return KeyValue.newBuilder().setKey(key).setValue(AnyValue.newBuilder().setIntValue(value)).build();
    }

    /** A query under parent 1, at 1000 + start for so long. */
    private static Span.Builder query(long spanId, long start, long duration) {
        return Span.newBuilder().setTraceId(TRACE_ID).setSpanId(id(spanId)).setParentSpanId(id(1))
                .setName("SELECT shop")
                .setKind(SpanKind.SPAN_KIND_CLIENT).setStartTimeUnixNano(1000 + start)
                .setEndTimeUnixNano(1000 + start + duration)
                .addAttributes(text("db.system.name", "postgresql"))
                .addAttributes(text("db.query.text", "SELECT * FROM t WHERE id = " + spanId));
    }

    private static ExportTraceServiceRequest request(List<Span> spans) {
        ExportTraceServiceRequest.Builder request = ExportTraceServiceRequest.newBuilder();
        var resource = request.addResourceSpansBuilder();
        resource.getResourceBuilder().addAttributes(text("service.name", "shop"));
        resource.addScopeSpansBuilder().addAllSpans(spans).getScopeBuilder().setName("jdbc");
        return request.build();
    }

    private static ExportTraceServiceRequest compressed(ExportTraceServiceRequest request) {
        return OwnedSpan.parse(new CompressedSpans(SETTINGS, SOURCE).of(request.toByteArray()));
    }

    private static List<Span> compressed(Span.Builder... spans) {
        ExportTraceServiceRequest request = request(Arrays.stream(spans).map(Span.Builder::build).toList());
        return OwnedSpan.of(compressed(request)).stream().map(OwnedSpan::span).toList();
    }

    @Test
    void aRunOfQueries_becomesOneSpan() {
        List<Span> left = compressed(query(7, 20, 30), query(5, 0, 10), query(6, 10, 50));

        Span.Builder expected = query(5, 0, 10).setEndTimeUnixNano(1060);
        expected.setAttributes(1, text("db.query.text", "SELECT * FROM t WHERE id = ?"))
                .addAttributes(number("tss.compression.count", 3))
                .addAttributes(number("tss.compression.duration_total_nanos", 90))
                .addAttributes(number("tss.compression.duration_min_nanos", 10))
                .addAttributes(number("tss.compression.duration_max_nanos", 50))
                .addAttributes(number("tss.compression.first_start_unix_nano", 1000))
                .addAttributes(number("tss.compression.last_end_unix_nano", 1060))
                .addAttributes(text("tss.compression.source", SOURCE));
        assertThat(left).containsExactly(expected.build());
    }

    @Test
    void tooFew_stayByteForByte() {
        byte[] request = request(List.of(query(5, 0, 10).build(), query(6, 10, 10).build())).toByteArray();
        assertThat(new CompressedSpans(SETTINGS, SOURCE).of(request)).isSameAs(request);
        assertThat(new CompressedSpans(SETTINGS, SOURCE).of(new byte[0])).isEmpty();
    }

    /** The one before the window of the others stays, and what starts after it begins another one. */
    @Test
    void window_isMeasuredFromTheFirstStart() {
        List<Span> left = compressed(query(2, 0, 1), query(3, 101, 1), query(4, 150, 1), query(5, 201, 1),
                query(6, 202, 1), query(7, 300, 1), query(8, 302, 1));
        assertThat(left).extracting(span -> number(span.getSpanId())).containsExactly(2L, 3L, 6L);
        assertThat(left).extracting(CompressedSpansTest::count).containsExactly(1L, 3L, 3L);
    }

    @ParameterizedTest
    @ValueSource(strings = {"parent", "name", "kind", "status", "tracestate", "query", "server.address", "db.namespace",
            "messaging.destination.name", "http.request.method", "http.route", "url.template", "url.full"})
    void anotherPlaceOrShape_isNoPartOfTheRun(String difference) {
        Span.Builder other = query(4, 2, 1);
        switch (difference) {
            case "parent" -> other.setParentSpanId(id(77));
            case "name" -> other.setName("SELECT other");
            case "kind" -> other.setKind(SpanKind.SPAN_KIND_PRODUCER);
            case "status" -> other.getStatusBuilder().setCode(StatusCode.STATUS_CODE_OK);
            case "tracestate" -> other.setTraceState("ot=th:8");
            case "query" -> other.setAttributes(1, text("db.query.text", "SELECT * FROM u WHERE id = 4"));
            default -> other.addAttributes(text(difference, "other"));
        }
        assertThat(compressed(query(2, 0, 1), query(3, 1, 1), other)).hasSize(3);
        assertThat(compressed(query(2, 0, 1), query(3, 1, 1), other, query(5, 3, 1))).hasSize(2);
    }

    @ParameterizedTest
    @ValueSource(strings = {"error", "error.type", "event", "link", "child", "linked", "root", "server", "internal",
            "too long", "no start", "no end", "ends before", "joined before"})
    void spansThatSayMore_stay(String what) {
        List<Span.Builder> spans = new ArrayList<>(List.of(query(2, 0, 1), query(3, 1, 1), query(4, 2, 1)));
        Span.Builder more = spans.getLast();
        switch (what) {
            case "error" -> more.getStatusBuilder().setCode(StatusCode.STATUS_CODE_ERROR);
            case "error.type" -> more.addAttributes(text("error.type", "timeout"));
            case "event" -> more.addEventsBuilder().setName("retry");
            case "link" -> more.addLinksBuilder().setTraceId(TRACE_ID).setSpanId(id(9));
            case "child" -> spans.add(query(9, 2, 1).setParentSpanId(id(4)));
            case "linked" -> {
                Span.Builder linking = query(9, 500, 1);
                linking.addLinksBuilder().setTraceId(TRACE_ID).setSpanId(id(4));
                spans.add(linking);
            }
            case "root" -> spans.forEach(Span.Builder::clearParentSpanId);
            case "server" -> spans.forEach(span -> span.setKind(SpanKind.SPAN_KIND_SERVER));
            case "internal" -> spans.forEach(span -> span.setKind(SpanKind.SPAN_KIND_INTERNAL));
            case "too long" -> more.setEndTimeUnixNano(1053);
            case "no start" -> more.clearStartTimeUnixNano();
            case "no end" -> more.clearEndTimeUnixNano();
            case "ends before" -> more.setEndTimeUnixNano(1001);
            default -> more.addAttributes(number("tss.compression.count", 3));
        }
        byte[] request = request(spans.stream().map(Span.Builder::build).toList()).toByteArray();
        assertThat(new CompressedSpans(SETTINGS, SOURCE).of(request)).as(what).isSameAs(request);
    }

    @Test
    void urls_areComparedWhereNoTemplateIs() {
        UnaryOperator<Span.Builder> route = span -> span.clearAttributes()
                .addAttributes(text("url.full", "https://stock.test/items/" + number(span.getSpanId())));
        assertThat(compressed(route.apply(query(2, 0, 1)), route.apply(query(3, 1, 1)), route.apply(query(4, 2, 1))))
                .hasSize(3);
        UnaryOperator<Span.Builder> template =
                span -> route.apply(span).addAttributes(text("url.template", "/items/{id}"));
        assertThat(compressed(template.apply(query(2, 0, 1)), template.apply(query(3, 1, 1)),
                template.apply(query(4, 2, 1)))).hasSize(1);
    }

    @Test
    void unknownFields_survive() throws Exception {
        UnknownFieldSet later = UnknownFieldSet.newBuilder()
                .addField(900, UnknownFieldSet.Field.newBuilder().addVarint(7).build()).build();
        Span untouched = query(9, 500, 1).setUnknownFields(later).build();
        ExportTraceServiceRequest request = request(List.of(query(2, 0, 1).setUnknownFields(later).build(),
                query(3, 1, 1).build(), query(4, 2, 1).build(), untouched));

        List<OwnedSpan> left = OwnedSpan.of(ExportTraceServiceRequest.parseFrom(
                new CompressedSpans(SETTINGS, SOURCE).of(request.toByteArray())));

        assertThat(left).hasSize(2);
        assertThat(left.get(0).span().getUnknownFields()).isEqualTo(later);
        assertThat(left.get(1).span()).isEqualTo(untouched);
    }

    @Test
    void randomTraces_areJoinedAsTheModelSays() {
        for (long seed = 0; seed < TRACES; seed++) {
            RandomTrace trace = new RandomTrace(seed);
            List<OwnedSpan> left = OwnedSpan.of(compressed(trace.shuffled()));
            Map<Long, Long> counts = new TreeMap<>();
            left.forEach(span -> counts.put(number(span.span().getSpanId()), count(span.span())));
            assertThat(counts).as("seed %d", seed).isEqualTo(trace.expectedCounts());
            assertThat(left).as("seed %d", seed).hasSameSizeAs(counts.entrySet());
        }
    }

    /** What is left adds up to what there was, and nothing that is not joined changes. */
    @Test
    void randomTraces_loseNothing() {
        for (long seed = 0; seed < TRACES; seed++) {
            ExportTraceServiceRequest request = new RandomTrace(seed).shuffled();
            List<OwnedSpan> before = OwnedSpan.of(request);
            List<OwnedSpan> after = OwnedSpan.of(compressed(request));
            byte[] unusual = new CompressedSpans(SETTINGS, SOURCE).of(new UnusualEncoding(seed).of(request));
            assertThat(total(OwnedSpan.of(OwnedSpan.parse(unusual)), CompressedSpansTest::count))
                    .as("spans of unusual encoding, seed %d", seed).isEqualTo(before.size());
            assertThat(total(after, CompressedSpansTest::count)).as("spans, seed %d", seed).isEqualTo(before.size());
            assertThat(total(after, CompressedSpansTest::duration)).as("durations, seed %d", seed)
                    .isEqualTo(total(before, CompressedSpansTest::duration));
            assertThat(before).as("unjoined, seed %d", seed).containsAll(
                    after.stream().filter(span -> count(span.span()) == 1).toList());
            assertThat(after).as("errors, seed %d", seed).containsAll(before.stream()
                    .filter(span -> span.span().getStatus().getCode() == StatusCode.STATUS_CODE_ERROR).toList());
            Set<ByteString> ids = after.stream().map(span -> span.span().getSpanId()).collect(Collectors.toSet());
            assertThat(ids).as("parents, seed %d", seed).containsAll(after.stream()
                    .map(span -> span.span().getParentSpanId()).filter(parent -> !parent.isEmpty()).toList());
        }
    }

    @Test
    void orderOfSpans_doesNotMatter() {
        for (long seed = 0; seed < TRACES; seed++) {
            RandomTrace trace = new RandomTrace(seed);
            Set<OwnedSpan> left = new HashSet<>(OwnedSpan.of(compressed(trace.shuffled())));
            assertThat(new HashSet<>(OwnedSpan.of(compressed(trace.shuffled())))).as("seed %d", seed).isEqualTo(left);
        }
    }

    @Test
    void secondTime_changesNothing() {
        for (long seed = 0; seed < TRACES; seed++) {
            byte[] once = compressed(new RandomTrace(seed).shuffled()).toByteArray();
            assertThat(new CompressedSpans(SETTINGS, SOURCE).of(once)).as("seed %d", seed).isEqualTo(once);
        }
    }

    private static long total(List<OwnedSpan> spans, ToLongFunction<Span> number) {
        return spans.stream().map(OwnedSpan::span).mapToLong(number).sum();
    }

    private static long count(Span span) {
        return attribute(span, "tss.compression.count", 1);
    }

    private static long duration(Span span) {
        return attribute(span, "tss.compression.duration_total_nanos",
                span.getEndTimeUnixNano() - span.getStartTimeUnixNano());
    }

    private static long attribute(Span span, String key, long otherwise) {
        return span.getAttributesList().stream().filter(attribute -> attribute.getKey().equals(key))
                .mapToLong(attribute -> attribute.getValue().getIntValue()).findAny().orElse(otherwise);
    }

    /** A tree of spans, with what its spans have in common told by the maker. Each request is in another order. */
    private static final class RandomTrace {

        /** What a joined span shares with its like. */
        private record Like(long parent, int service, int family) {}

        private record Made(OwnedSpan span, Like like, boolean ordinary) {
            long start() {
                return span.span().getStartTimeUnixNano();
            }
        }

        private final Random random;
        private final List<Made> made = new ArrayList<>();

        RandomTrace(long seed) {
            random = new Random(seed);
            int parents = 1 + random.nextInt(4);
            for (long parent = 1; parent <= parents; parent++) {
                add(Span.newBuilder().setSpanId(id(parent)).setParentSpanId(parent == 1 ? ByteString.EMPTY : id(1))
                        .setStartTimeUnixNano(1).setEndTimeUnixNano(2), new Like(1, 0, -1), false);
            }
            for (int i = random.nextInt(60); i > 0; i--) {
                addExit(1 + random.nextInt(parents));
            }
        }

        private void addExit(long parent) {
            int family = random.nextInt(4);
            long spanId = 1_000 + made.size();
            Span.Builder span = query(spanId, random.nextInt(600), random.nextInt(51)).setParentSpanId(id(parent));
            span.setAttributes(1, text("db.statement", "SELECT " + "c".repeat(1 + family) + " WHERE x IN ("
                    + "1, ".repeat(random.nextInt(3)) + "2)"));
            boolean ordinary = random.nextInt(8) != 0;
            if (!ordinary) {
                span.getStatusBuilder().setCode(StatusCode.STATUS_CODE_ERROR);
            }
            add(span, new Like(parent, random.nextInt(2), family), ordinary);
            if (random.nextInt(10) == 0) {
                Made last = made.removeLast();
                made.add(new Made(last.span(), last.like(), false));
                add(Span.newBuilder().setSpanId(id(100_000 + spanId)).setParentSpanId(id(spanId))
                        .setKind(SpanKind.SPAN_KIND_SERVER).setStartTimeUnixNano(5).setEndTimeUnixNano(7),
                        new Like(spanId, 0, -1), false);
            }
        }

        private void add(Span.Builder span, Like like, boolean ordinary) {
            OwnedSpan owner = OwnedSpan.of(request(List.of(span.setTraceId(TRACE_ID).build()))).getFirst();
            var resource = owner.resource().toBuilder();
            resource.getResourceBuilder().addAttributes(number("service", like.service()));
            made.add(new Made(new OwnedSpan(resource.build(), owner.scope(), owner.span()), like, ordinary));
        }

        /** The spans in an order of its own each time. */
        ExportTraceServiceRequest shuffled() {
            List<Made> shuffled = new ArrayList<>(made);
            Collections.shuffle(shuffled, random);
            ExportTraceServiceRequest.Builder request = ExportTraceServiceRequest.newBuilder();
            shuffled.forEach(span -> request.addResourceSpansBuilder().mergeFrom(span.span().resource())
                    .addScopeSpansBuilder().mergeFrom(span.span().scope()).addSpans(span.span().span()));
            return request.build();
        }

        /** Span id of each span that is left → spans it stands for. */
        Map<Long, Long> expectedCounts() {
            Map<Long, Long> counts = new TreeMap<>();
            Map<Like, List<Made>> groups = new HashMap<>();
            for (Made span : made) {
                counts.put(number(span.span().span().getSpanId()), 1L);
                if (span.ordinary()) {
                    groups.computeIfAbsent(span.like(), first -> new ArrayList<>()).add(span);
                }
            }
            groups.values().forEach(group -> join(group, counts));
            return counts;
        }

        private static void join(List<Made> group, Map<Long, Long> counts) {
            List<Made> open = new ArrayList<>(group);
            open.sort(Comparator.comparing(Made::start)
                    .thenComparing(span -> span.span().span().getEndTimeUnixNano())
                    .thenComparing(span -> number(span.span().span().getSpanId())));
            while (!open.isEmpty()) {
                Made first = open.getFirst();
                List<Made> run = open.stream().filter(span -> span.start() <= first.start() + 100).toList();
                if (run.size() < 3) {
                    open.removeFirst();
                    continue;
                }
                open.removeAll(run);
                run.forEach(span -> counts.remove(number(span.span().span().getSpanId())));
                counts.put(number(first.span().span().getSpanId()), (long) run.size());
            }
        }
    }
}
