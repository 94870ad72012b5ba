package dev.tailsampling.datadog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import com.datadoghq.sketch.ddsketch.DDSketch;
import com.datadoghq.sketch.ddsketch.DDSketchProtoBinding;
import com.datadoghq.sketch.ddsketch.store.UnboundedSizeDenseStore;
import com.google.protobuf.InvalidProtocolBufferException;
import dev.tailsampling.datadog.ApmKey.Source;
import dev.tailsampling.otlp.OtlpJsonReader;
import dev.tailsampling.otlp.OtlpSpans;
import dev.tailsampling.otlp.RequestBuilder;
import dev.tailsampling.trace.SpanKind;
import dev.tailsampling.trace.StatusCode;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.trace.v1.Span;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import java.util.zip.GZIPInputStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ApmStatsTest {

    private static final long NOW = 1_700_000_000_000L;
    private static final long NANOS = 1_000_000L;
    private static final Source SOURCE = new Source("host", "prod", "1.0");

    /** Groups by the span's name and status alone. */
    private static final ApmKeys BY_NAME = span -> new ApmKey(SOURCE, "service", "name", span.name(), "type", "kind", 0,
            span.isRoot());

    /** A group as it is on the wire. */
    private record Group(Map<String, @Nullable Object> fields) {

        long number(String field) {
            return (long) fields.get(field);
        }

        String text(String field) {
            return (String) fields.get(field);
        }

        DDSketch sketch(String field) {
            try {
                return DDSketchProtoBinding.fromProto(UnboundedSizeDenseStore::new,
                        com.datadoghq.sketch.ddsketch.proto.DDSketch.parseFrom((byte[]) fields.get(field)));
            } catch (InvalidProtocolBufferException e) {
                throw new IllegalArgumentException(e);
            }
        }
    }

    /** Buckets of all sources by their start in milliseconds. */
    private static TreeMap<Long, List<Group>> decoded(List<ApmBucket> buckets) {
        TreeMap<Long, List<Group>> groups = new TreeMap<>();
        for (ApmPayload payload : ApmPayload.of(buckets, "agent-host", "agent-env")) {
            for (Map<String, @Nullable Object> source : maps(MsgpackReader.read(payload.toByteArray()), "Stats")) {
                for (Map<String, @Nullable Object> bucket : maps(source, "Stats")) {
                    assertThat(bucket.get("Duration")).isEqualTo(10_000_000_000L);
                    maps(bucket, "Stats").forEach(group -> groups
                            .computeIfAbsent((long) bucket.get("Start") / NANOS, first -> new ArrayList<>())
                            .add(new Group(group)));
                }
            }
        }
        return groups;
    }

    @SuppressWarnings("unchecked")
    private static List<Map<String, @Nullable Object>> maps(Object parent, String field) {
        return (List<Map<String, @Nullable Object>>) ((Map<String, @Nullable Object>) parent).get(field);
    }

    /** A span that ended at a time for so long, both in milliseconds. */
    private static void observe(ApmStats stats, String name, SpanKind kind, long parent, long endMillis, long millis,
            Consumer<RequestBuilder> more) {
        RequestBuilder request = new RequestBuilder().beginResource().beginScope("s", "").beginSpan(1, 2, 3)
                .parentSpanId(parent).name(name).kind(kind.ordinal())
                .times((endMillis - millis) * NANOS, endMillis * NANOS);
        more.accept(request);
        byte[] otlp = request.take();
        new OtlpSpans().forEach(otlp, 0, otlp.length, stats::observe);
    }

    private static void observe(ApmStats stats, String name, long endMillis) {
        observe(stats, name, SpanKind.SERVER, 9, endMillis, 5, request -> {});
    }

    @ParameterizedTest
    @ValueSource(strings = {"root", "server", "consumer", "client", "producer", "internal", "measured"})
    void spansAreCountedAsTheAgentDoes(String what) {
        ApmStats stats = new ApmStats(BY_NAME, 10, NOW);
        SpanKind kind = switch (what) {
            case "root", "internal", "measured" -> SpanKind.INTERNAL;
            default -> SpanKind.valueOf(what.toUpperCase(Locale.ROOT));
        };
        observe(stats, "work", kind, what.equals("root") ? 0 : 9, NOW, 5, request -> {
            if (what.equals("measured")) {
                request.attribute("_dd.measured", 1L);
            }
        });
        List<Group> groups = decoded(stats.takeAll()).values().stream().flatMap(List::stream).toList();
        assertThat(groups).hasSize(what.equals("internal") ? 0 : 1);
        boolean topLevel = List.of("root", "server", "consumer").contains(what);
        groups.forEach(group -> {
            assertThat(group.number("Hits")).isEqualTo(1);
            assertThat(group.number("TopLevelHits")).isEqualTo(topLevel ? 1 : 0);
            assertThat(group.number("IsTraceRoot")).isEqualTo(what.equals("root") ? 1 : 2);
        });
    }

    @Test
    void errorsHaveTheirOwnLatencies() {
        ApmStats stats = new ApmStats(BY_NAME, 10, NOW);
        observe(stats, "work", SpanKind.SERVER, 9, NOW, 100, request -> request.status(StatusCode.ERROR, ""));
        observe(stats, "work", SpanKind.SERVER, 9, NOW, 10, request -> request.status(StatusCode.OK, ""));
        observe(stats, "work", SpanKind.SERVER, 9, NOW, 20, request -> {});

        Group group = decoded(stats.takeAll()).get(NOW).getFirst();

        assertThat(group.number("Hits")).isEqualTo(3);
        assertThat(group.number("Errors")).isEqualTo(1);
        assertThat(group.number("Duration")).isEqualTo(130 * NANOS);
        assertThat(group.sketch("ErrorSummary").getCount()).isEqualTo(1);
        assertThat(group.sketch("ErrorSummary").getMaxValue()).isCloseTo(100e6, within(1.2e6));
        assertThat(group.sketch("OkSummary").getCount()).isEqualTo(2);
        assertThat(group.sketch("OkSummary").getMinValue()).isCloseTo(10e6, within(1.2e5));
    }

    @Test
    void bucketsCloseWhenTheNextHasPassed() {
        ApmStats stats = new ApmStats(BY_NAME, 10, NOW);
        observe(stats, "a", NOW + 9_999);
        observe(stats, "b", NOW + 10_000);
        assertThat(stats.take(NOW + 19_999)).isEmpty();
        TreeMap<Long, List<Group>> closed = decoded(stats.take(NOW + 20_000));
        assertThat(closed.keySet()).containsExactly(NOW);
        assertThat(closed.get(NOW)).extracting(group -> group.text("Resource")).containsExactly("a");
        assertThat(decoded(stats.take(NOW + 40_000)).keySet()).containsExactly(NOW + 10_000);
        assertThat(stats.takeAll()).isEmpty();
    }

    /** A closed bucket is never opened again, and spans of the far future do not open one each. */
    @Test
    void spansOutOfTimeAreCountedInTheNearestBucket() {
        ApmStats stats = new ApmStats(BY_NAME, 10, NOW);
        observe(stats, "before the start", NOW - 3_600_000);
        stats.take(NOW + 60_000);
        observe(stats, "late", NOW);
        for (int i = 0; i < 100; i++) {
            observe(stats, "future", NOW + 3_600_000L * i + 600_000);
        }
        observe(stats, "no times", SpanKind.SERVER, 9, 0, 0, request -> {});
        TreeMap<Long, List<Group>> open = decoded(stats.takeAll());
        assertThat(open.keySet()).containsExactly(NOW + 50_000, NOW + 130_000);
        assertThat(open.get(NOW + 50_000)).extracting(group -> group.text("Resource"))
                .containsExactly("late", "no times");
        assertThat(open.get(NOW + 130_000).getFirst().number("Hits")).isEqualTo(100);
    }

    /** Beyond the limit, groups lose their resource, and beyond twice the limit everything. */
    @Test
    void groupsAreBoundedAndNoSpanIsLost() {
        ApmKeys everything =
                span -> new ApmKey(SOURCE, span.name(), "name", "resource" + span.name(), "t", "k", 0, false);
        ApmStats stats = new ApmStats(everything, 10, NOW);
        for (int i = 0; i < 1_000; i++) {
            observe(stats, "s" + i, NOW);
        }
        List<Group> groups = decoded(stats.takeAll()).get(NOW);
        assertThat(groups).hasSize(21);
        assertThat(groups.subList(0, 10)).allMatch(group -> group.text("Resource").startsWith("resource"));
        assertThat(groups.subList(10, 20)).allMatch(group -> group.text("Resource").equals("tss_blocked")
                && group.text("Service").startsWith("s"));
        assertThat(groups.getLast().text("Service")).isEqualTo("tss_blocked");
        assertThat(groups.stream().mapToLong(group -> group.number("Hits")).sum()).isEqualTo(1_000);
    }

    @Test
    void payloadsAreCutAndMarked() {
        ApmStats stats = new ApmStats(BY_NAME, 100_000, NOW);
        for (int i = 0; i < 9_000; i++) {
            observe(stats, "r" + i, NOW);
        }
        List<ApmPayload> payloads = ApmPayload.of(stats.takeAll(), "host", "env");
        assertThat(payloads).extracting(ApmPayload::hits).containsExactly(4_000L, 4_000L, 1_000L);
        assertThat(payloads.getFirst().halves()).extracting(ApmPayload::hits).containsExactly(2_000L, 2_000L);
        Map<?, ?> payload = (Map<?, ?>) MsgpackReader.read(payloads.getLast().toByteArray());
        assertThat(payload.get("SplitPayload")).isEqualTo(true);
        assertThat(payload.get("AgentHostname")).isEqualTo("host");
        assertThat(payload.get("AgentEnv")).isEqualTo("env");
        assertThat(payload.get("ClientComputed")).isEqualTo(false);
        assertThat(maps(payload, "Stats")).hasSize(1).first().satisfies(source -> {
            assertThat(source).containsEntry("Hostname", "host").containsEntry("Env", "prod")
                    .containsEntry("Version", "1.0");
        });
        assertThat(ApmPayload.of(List.of(), "host", "env")).isEmpty();
    }

    @Test
    void quantilesAreWithinOnePercent() {
        for (long seed = 0; seed < 20; seed++) {
            SplittableRandom random = new SplittableRandom(seed);
            ApmStats stats = new ApmStats(BY_NAME, 10, NOW);
            List<Long> exact = new ArrayList<>();
            for (int i = 0; i < 2_000; i++) {
                // From 1 ms to some hours.
                long millis = (long) Math.exp(random.nextDouble() * 16);
                exact.add(millis);
                observe(stats, "work", SpanKind.SERVER, 9, NOW, millis, request -> {});
            }
            exact.sort(null);
            DDSketch sketch = decoded(stats.takeAll()).get(NOW).getFirst().sketch("OkSummary");
            for (double quantile : new double[]{0.01, 0.25, 0.5, 0.75, 0.9, 0.99, 0.999}) {
                double expected = exact.get((int) (quantile * (exact.size() - 1))) * 1e6;
                // 1 % of the sketch, and a thousandth as latencies are rounded.
                assertThat(sketch.getValueAtQuantile(quantile)).as("quantile %s, seed %d", quantile, seed)
                        .isCloseTo(expected, within(expected * 0.012));
            }
        }
    }

    /** Counted once more from the messages, by the rules of the Agent. */
    @ParameterizedTest
    @ValueSource(strings = {"opensearch-otel", "opensearch-hotrod", "zipkin-lens"})
    void realTraces_areCountedExactly(String name) throws IOException {
        TreeMap<String, List<Long>> expected = new TreeMap<>();
        ApmStats stats = new ApmStats(new ApmSpanKeys("host", "", UnaryOperator.identity()), 10_000, 0);
        for (byte[] message : real(name)) {
            ExportTraceServiceRequest request = ExportTraceServiceRequest.parseFrom(message);
            request.getResourceSpansList().forEach(resource -> {
                String service = resource.getResource().getAttributesList().stream()
                        .filter(attribute -> attribute.getKey().equals("service.name"))
                        .map(KeyValue::getValue).findFirst().orElseThrow().getStringValue();
                resource.getScopeSpansList().forEach(scope -> scope.getSpansList().stream()
                        .filter(ApmStatsTest::isCounted).forEach(span -> expected
                                .computeIfAbsent(service, first -> new ArrayList<>())
                                .add(span.getEndTimeUnixNano() - span.getStartTimeUnixNano())));
            });
            new OtlpSpans().forEach(message, 0, message.length, stats::observe);
        }
        TreeMap<String, List<Group>> found = new TreeMap<>();
        decoded(stats.takeAll()).values().forEach(groups -> groups.forEach(
                group -> found.computeIfAbsent(group.text("Service"), first -> new ArrayList<>()).add(group)));
        assertThat(found.keySet()).isEqualTo(expected.keySet());
        expected.forEach((service, durations) -> {
            List<Group> groups = found.get(service);
            assertThat(groups.stream().mapToLong(group -> group.number("Hits")).sum()).as(service)
                    .isEqualTo(durations.size());
            assertThat(groups.stream().mapToLong(group -> group.number("Duration")).sum()).as(service)
                    .isEqualTo(durations.stream().mapToLong(Long::longValue).sum());
            DDSketch latencies = groups.getFirst().sketch("OkSummary");
            groups.subList(1, groups.size()).forEach(group -> latencies.mergeWith(group.sketch("OkSummary")));
            groups.forEach(group -> latencies.mergeWith(group.sketch("ErrorSummary")));
            durations.sort(null);
            double median = durations.get((durations.size() - 1) / 2);
            assertThat(latencies.getValueAtQuantile(0.5)).as("median of %s", service)
                    .isCloseTo(median, within(median * 0.012));
        });
    }

    private static boolean isCounted(Span span) {
        return switch (span.getKind()) {
            case SPAN_KIND_SERVER, SPAN_KIND_CLIENT, SPAN_KIND_PRODUCER, SPAN_KIND_CONSUMER -> true;
            default -> span.getParentSpanId().isEmpty();
        };
    }

    private static List<byte[]> real(String name) throws IOException {
        try (BufferedReader lines = new BufferedReader(new InputStreamReader(new GZIPInputStream(
                Files.newInputStream(Path.of("examples/real/" + name + ".otlp.jsonl.gz"))), StandardCharsets.UTF_8))) {
            return lines.lines().map(line -> new OtlpJsonReader().toProtobuf(line)).toList();
        }
    }

    @Test
    void namesAreThoseOfTheTraces() {
        byte[] otlp = new RequestBuilder().beginResource().attribute("service.name", "Shop")
                .attribute("deployment.environment.name", "Prod").attribute("service.version", "1.2")
                .attribute("host.id", "i-1").beginScope("s", "").beginSpan(1, 2, 3).name("GET /cart")
                .kind(SpanKind.SERVER.ordinal()).attribute("http.request.method", "GET")
                .attribute("http.route", "/cart").attribute("http.response.status_code", 503L)
                .beginResource().attribute("service.name", "shop").beginScope("s", "").beginSpan(1, 2, 4)
                .parentSpanId(3).kind(SpanKind.CLIENT.ordinal()).attribute("db.system", "postgresql")
                .attribute("db.statement", "SELECT 1").take();
        ApmSpanKeys keys = new ApmSpanKeys("fallback", "", query -> "SELECT ?");
        List<ApmKey> found = new ArrayList<>();
        new OtlpSpans().forEach(otlp, 0, otlp.length, span -> found.add(keys.of(span)));
        assertThat(found).containsExactly(
                new ApmKey(new Source("i-1", "prod", "1.2"), "shop", "http.server.request", "GET /cart", "web",
                        "server",
                        503, true),
                new ApmKey(new Source("fallback", "none", ""), "shop", "postgresql.query", "SELECT ?", "sql", "client",
                        0,
                        false));
    }

    @Test
    void noGroupAtAll_isRefused() {
        assertThatIllegalArgumentException().isThrownBy(() -> new ApmStats(BY_NAME, 0, NOW));
    }
}
