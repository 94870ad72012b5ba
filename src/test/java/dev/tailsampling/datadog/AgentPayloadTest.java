package dev.tailsampling.datadog;

import static dev.tailsampling.datadog.TestTrace.bytes;
import static dev.tailsampling.datadog.TestTrace.encoded;
import static dev.tailsampling.datadog.TestTrace.payload;
import static dev.tailsampling.datadog.TestTrace.payloads;
import static dev.tailsampling.datadog.TestTrace.resource;
import static dev.tailsampling.datadog.TestTrace.span;
import static dev.tailsampling.datadog.TestTrace.trace;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tailsampling.datadog.DatadogSchema.Chunk;
import dev.tailsampling.datadog.DatadogSchema.TracerPayload;
import dev.tailsampling.otlp.RandomRequests;
import dev.tailsampling.trace.Threshold;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.trace.v1.ResourceSpans;
import io.opentelemetry.proto.trace.v1.Span;
import io.opentelemetry.proto.trace.v1.Span.SpanKind;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the spans of a chunk, a resource and a payload have in common. */
class AgentPayloadTest {

    private static final long SEED = 20_261_126;

    private static Span.Builder child(long id, long parentId) {
        return span(SpanKind.SPAN_KIND_INTERNAL, "name", id, parentId, Map.of());
    }

    private static List<Long> topLevel(TracerPayload tracer) {
        return tracer.chunks().stream().flatMap(chunk -> chunk.spans().stream())
                .filter(span -> span.metrics().containsKey("_top_level")).map(DatadogSchema.Span::spanId).toList();
    }

    /** The spans that tell of the decision. */
    private static List<Long> roots(TracerPayload tracer) {
        return tracer.chunks().stream().flatMap(chunk -> chunk.spans().stream())
                .filter(span -> span.metrics().containsKey("_sampling_priority_v1")).map(DatadogSchema.Span::spanId)
                .toList();
    }

    @Test
    void oneTracerPayloadForEachResource() {
        DatadogSchema.Payload payload = payload(trace(
                resource(Map.of("service.name", "front"), child(1, 0), child(2, 1)),
                resource(Map.of("service.name", "cart"), child(3, 2)),
                resource(Map.of("service.name", "front"), child(4, 1))));

        assertThat(payload.tracers()).hasSize(2);
        assertThat(payload.tracers().getFirst().chunks()).singleElement()
                .satisfies(chunk -> assertThat(chunk.spans()).extracting(DatadogSchema.Span::spanId)
                        .containsExactly(1L, 2L, 4L));
        assertThat(payload.tracers().get(1).chunks()).singleElement()
                .satisfies(
                        chunk -> assertThat(chunk.spans()).extracting(DatadogSchema.Span::spanId).containsExactly(3L));
    }

    @Test
    void tracesOfOneResourceShareItsTracerPayload() {
        ResourceSpans first = resource(Map.of("service.name", "front"), child(1, 0));
        ResourceSpans second = resource(Map.of("service.name", "front"), child(2, 0).setTraceId(bytes(9, 9)));

        DatadogSchema.Payload payload = payloads(TestTrace.SETTINGS, List.of(trace(first), trace(second))).getFirst();

        assertThat(payload.tracers()).singleElement().satisfies(tracer -> assertThat(tracer.chunks()).hasSize(2));
    }

    @Test
    void chunkSaysThatTheUserHasDecided() {
        Chunk chunk = payload(trace(resource(Map.of(), child(1, 0)))).tracers().getFirst().chunks().getFirst();

        assertThat(chunk.priority()).isEqualTo(2);
        assertThat(chunk.tags()).containsExactly(Map.entry("_dd.p.dm", "-4"));
    }

    @Test
    void rootTellsTheRateAndThePolicy() {
        byte[] otlp = trace(resource(Map.of(), child(2, 1), child(1, 0))).otlp();

        DatadogSchema.Payload quarter = payload(new KeptTrace(otlp, "a quarter", Threshold.ofProbability(0.25)));
        DatadogSchema.Payload unknown = payload(new KeptTrace(otlp, "rate limit", null));

        DatadogSchema.Span root = quarter.spans().filter(span -> span.spanId() == 1).findFirst().orElseThrow();
        assertThat(root.metrics()).containsEntry("_sample_rate", 0.25).containsEntry("_sampling_priority_v1", 2.0);
        assertThat(root.meta()).containsEntry("_dd.p.dm", "-4").containsEntry("tss.policy", "a quarter");
        assertThat(quarter.spans().filter(span -> span.spanId() == 2).findFirst().orElseThrow().meta())
                .doesNotContainKeys("_dd.p.dm", "tss.policy");
        assertThat(unknown.spans()).noneMatch(span -> span.metrics().containsKey("_sample_rate"));
    }

    @Test
    void olderDecisionsGiveWay() {
        DatadogSchema.Span span = payload(trace(resource(Map.of("_dd.p.dm", "-1"),
                span(SpanKind.SPAN_KIND_SERVER, Map.of("sampling.priority", 0, "_sampling_priority_v1", -1,
                        "_sample_rate", 0.1, "_top_level", 0, "tss.policy", "?")))))
                .spans().findFirst().orElseThrow();

        assertThat(span.metrics()).containsExactlyInAnyOrderEntriesOf(
                Map.of("_sampling_priority_v1", 2.0, "_sample_rate", 1.0, "_top_level", 1.0));
        assertThat(span.meta()).containsEntry("tss.policy", "errors").containsEntry("_dd.p.dm", "-4");
    }

    @Test
    void topLevelSpansBeginTheWorkOfAService() {
        Span.Builder otherService =
                span(SpanKind.SPAN_KIND_INTERNAL, "name", 3, 2, Map.of("service.name", "other"));
        TracerPayload tracer = payload(trace(resource(Map.of("service.name", "front"), child(1, 0), child(2, 1),
                otherService, child(4, 3), child(5, 77)))).tracers().getFirst();

        assertThat(topLevel(tracer)).containsExactly(1L, 3L, 4L, 5L);
        assertThat(roots(tracer)).containsExactly(1L);
    }

    @Test
    void rootOfAChunkWithoutOneIsTheSpanWhoseParentIsElsewhere() {
        assertThat(roots(payload(trace(resource(Map.of(), child(2, 1), child(1, 99)))).tracers().getFirst()))
                .containsExactly(1L);
        assertThat(roots(payload(trace(resource(Map.of(), child(2, 1), child(1, 2)))).tracers().getFirst()))
                .containsExactly(2L);
    }

    @Test
    void tracerPayloadDescribesItsResource() {
        DatadogSchema.Payload payload = payloads(
                new PayloadSettings("collector-1", "staging", UnaryOperator.identity(), 100, 1 << 20),
                List.of(trace(resource(Map.of("container.id", "c0ffee", "k8s.pod.uid", "uid", "k8s.pod.name", "Pod 7",
                        "k8s.namespace.name", "shop", "k8s.deployment.name", "front", "telemetry.sdk.language", "java",
                        "telemetry.sdk.version", "1.50.0", "deployment.environment", "Prod 2",
                        "datadog.container.tag.team", "blue"), child(1, 0)),
                        resource(Map.of("k8s.pod.uid", "uid"), child(2, 1)))))
                .getFirst();

        assertThat(payload.hostName()).isEqualTo("collector-1");
        assertThat(payload.env()).isEqualTo("staging");
        TracerPayload described = payload.tracers().getFirst();
        assertThat(described.containerId()).isEqualTo("c0ffee");
        assertThat(described.language()).isEqualTo("java");
        assertThat(described.version()).isEqualTo("otlp-1.50.0");
        assertThat(described.env()).isEqualTo("prod_2");
        assertThat(described.hostname()).isEqualTo("collector-1");
        assertThat(described.tags()).containsExactly(Map.entry("_dd.tags.container",
                "container_id:c0ffee,kube_deployment:front,kube_namespace:shop,pod_name:pod_7,team:blue"));
        assertThat(described.chunks().getFirst().spans().getFirst().meta())
                .containsEntry("k8s.pod.name", "Pod 7").doesNotContainKey("datadog.container.tag.team");
        TracerPayload bare = payload.tracers().get(1);
        assertThat(bare.containerId()).isEqualTo("uid");
        assertThat(bare.env()).isEqualTo("staging");
        assertThat(bare.tags()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"datadog.host.name=a;host.name=b;host=c, c", "datadog.host.name=a;host.name=b, a",
            "cloud.provider=aws;host.id=i-1;host.name=ip-1, i-1", "cloud.provider=aws;host.name=ip-1, fallback",
            "cloud.provider=gcp;host.name=vm.c.p.internal;cloud.account.id=proj, vm.proj",
            "cloud.provider=gcp;host.name=vm, fallback", "cloud.provider=azure;host.id=vmid, vmid",
            "k8s.node.name=n1;k8s.cluster.name=prod;host.name=b, n1-prod", "k8s.node.name=n1;host.id=x, n1",
            "host.id=x;host.name=b, x", "host.name=b, b", "host.name=localhost, fallback", "_dd.hostname=d, d",
            "host.name=127.0.0.1;_dd.hostname=d, d", "aws.ecs.launchtype=fargate;host.name=b, ''", "x=y, fallback"})
    void hostOfAResource(String attributes, String host) {
        Map<String, String> resource = new java.util.HashMap<>();
        Stream.of(attributes.split(";")).forEach(part -> resource.put(part.split("=")[0], part.split("=")[1]));
        PayloadSettings settings = new PayloadSettings("fallback", "", UnaryOperator.identity(), 100, 1 << 20);

        assertThat(payloads(settings, List.of(trace(resource(resource, child(1, 0))))).getFirst().tracers().getFirst()
                .hostname()).isEqualTo(host);
    }

    private static KeptTrace large(int number, int spans, int bytes) {
        Span.Builder[] all = IntStream.rangeClosed(1, spans)
                .mapToObj(id -> span(SpanKind.SPAN_KIND_INTERNAL, "name", id, id - 1,
                        Map.of("padding", "x".repeat(bytes))).setTraceId(bytes(5, number)))
                .toArray(Span.Builder[]::new);
        return trace(resource(Map.of("service.name", "s" + number % 3), all));
    }

    private static List<String> ids(List<byte[]> payloads) {
        return payloads.stream().flatMap(bytes -> DatadogSchema.decode(bytes).spans())
                .map(span -> span.meta().get("otel.trace_id") + "/" + Long.toHexString(span.spanId())).toList();
    }

    @Test
    void payloadsAreCutAtThreeMegabytes() {
        List<KeptTrace> traces = IntStream.rangeClosed(1, 90).mapToObj(n -> large(n, 5, 20_000)).toList();

        List<byte[]> payloads = encoded(TestTrace.SETTINGS, traces);

        assertThat(payloads).hasSizeBetween(3, 4).allMatch(bytes -> bytes.length <= 3_000_000);
        assertThat(ids(payloads)).hasSize(450).doesNotHaveDuplicates();
    }

    @Test
    void traceThatIsLargerIsCutBetweenSpans() {
        List<byte[]> payloads = encoded(TestTrace.SETTINGS, List.of(large(1, 400, 20_000)));

        assertThat(payloads).hasSize(3).allMatch(bytes -> bytes.length <= 3_000_000);
        assertThat(ids(payloads)).hasSize(400).doesNotHaveDuplicates();
        List<TracerPayload> tracers =
                payloads.stream().flatMap(bytes -> DatadogSchema.decode(bytes).tracers().stream()).toList();
        assertThat(tracers).allSatisfy(tracer -> assertThat(roots(tracer)).hasSize(1));
        // What is missing from a piece is not missing from the trace.
        assertThat(tracers.stream().flatMap(tracer -> topLevel(tracer).stream())).containsExactly(1L);
    }

    @Test
    void spanThatIsLargerGoesAlone() {
        List<byte[]> payloads = encoded(TestTrace.settings(UnaryOperator.identity(), 100, 10_000),
                List.of(large(1, 1, 10), large(2, 1, 24_000), large(3, 1, 10)));

        assertThat(payloads).hasSize(3);
        assertThat(ids(payloads)).hasSize(3);
    }

    @Test
    void payloadHoldsAsManyTracesAsAreAllowed() {
        List<KeptTrace> traces = IntStream.rangeClosed(1, 5).mapToObj(n -> large(n, 2, 10)).toList();

        List<DatadogSchema.Payload> payloads =
                payloads(TestTrace.settings(UnaryOperator.identity(), 2, 1 << 20), traces);

        assertThat(payloads).extracting(payload -> payload.spans().count()).containsExactly(4L, 4L, 2L);
    }

    @Test
    void halvesHoldEverySpan() {
        PayloadBuilder builder = new PayloadBuilder(TestTrace.SETTINGS);
        IntStream.rangeClosed(1, 7).forEach(n -> assertThat(builder.add(large(n, 2, 10))).isEmpty());
        AgentPayload whole = builder.rest().orElseThrow();

        List<AgentPayload> halves = whole.halves();

        assertThat(whole.spanCount()).isEqualTo(14);
        assertThat(halves.stream().mapToLong(AgentPayload::spanCount).sum()).isEqualTo(14);
        assertThat(ids(halves.stream().map(AgentPayload::toByteArray).toList()))
                .containsExactlyInAnyOrderElementsOf(ids(List.of(whole.toByteArray())));
        assertThat(builder.rest()).isEmpty();
    }

    @Test
    void everyRequestCanBeMapped() {
        RandomRequests requests = new RandomRequests(SEED);
        Random random = new Random(SEED);
        List<String> sent = new ArrayList<>();
        List<KeptTrace> traces = new ArrayList<>();
        for (int i = 0; i < 300; i++) {
            ExportTraceServiceRequest request = requests.next();
            request.getResourceSpansList().forEach(resource -> resource.getScopeSpansList()
                    .forEach(scope -> scope.getSpansList().forEach(span -> sent.add(id(span)))));
            traces.add(new KeptTrace(request.toByteArray(), "p", random.nextBoolean() ? null : Threshold.ALWAYS));
        }

        List<String> arrived = payloads(TestTrace.SETTINGS, traces).stream().flatMap(DatadogSchema.Payload::spans)
                .map(span -> span.meta().get("otel.trace_id") + "/" + Long.toHexString(span.spanId())).toList();

        assertThat(arrived).as("seed %d", SEED).containsExactlyInAnyOrderElementsOf(sent);
    }

    private static String id(Span span) {
        return java.util.HexFormat.of().formatHex(span.getTraceId().toByteArray()) + "/"
                + Long.toHexString(span.getSpanId().isEmpty() ? 0 : span.getSpanId().asReadOnlyByteBuffer().getLong());
    }
}
