package dev.tailsampling.export;

import static dev.tailsampling.export.SampledTraces.spanIds;
import static dev.tailsampling.export.SampledTraces.trace;
import static dev.tailsampling.export.SampledTraces.traceOfBytes;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.tailsampling.datadog.DatadogSchema;
import dev.tailsampling.export.OtlpReceiver.Answer;
import dev.tailsampling.export.OtlpReceiver.Ending;
import dev.tailsampling.export.OtlpReceiver.Request;
import dev.tailsampling.selector.ExportOutcome;
import dev.tailsampling.selector.SampledTrace;
import dev.tailsampling.selector.TraceExporter;
import dev.tailsampling.trace.Threshold;
import dev.tailsampling.trace.TraceId;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.common.v1.AnyValue;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.trace.v1.Span;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class DatadogExporterTest {

    private static final String KEY = "0123456789abcdef0123456789abcdef";
    private static final String PATH = "/api/v0.2/traces";
    private static final ExportOutcome DONE = new ExportOutcome.Exported(0, "");
    private static final RetryPolicy RETRY = DatadogSettings.retries(3, Duration.ofSeconds(1));

    private final ManualClock clock = new ManualClock(Instant.parse("2026-01-01T12:00:00Z"));
    private OtlpReceiver intake;
    private TraceExporter exporter;

    @BeforeEach
    void open() throws IOException {
        intake = new OtlpReceiver();
        exporter = exporter(settings(100, 3_000_000, Compression.GZIP));
    }

    @AfterEach
    void close() {
        exporter.close();
        intake.close();
    }

    private DatadogSettings settings(int maxTraces, int maxBytes, Compression compression) {
        return new DatadogSettings(intake.uri(PATH), KEY, "host-1", "prod", UnaryOperator.identity(), maxTraces,
                maxBytes,
                Duration.ofSeconds(20), compression, RETRY);
    }

    private TraceExporter exporter(DatadogSettings settings) {
        if (exporter != null) {
            exporter.close();
        }
        exporter = DatadogExporter.of(settings, new SplittableRandom(1), clock, clock);
        return exporter;
    }

    /** "trace id/span id" of the spans in a request. */
    private static Stream<String> ids(Request request) {
        return DatadogSchema.decode(request.body()).spans().map(span -> span.meta().get("otel.trace_id") + "/"
                + HexFormat.of().toHexDigits(span.spanId()));
    }

    private List<String> received() {
        return intake.requests().stream().flatMap(DatadogExporterTest::ids).toList();
    }

    @Nested
    class Contract extends TraceExporterContract {
        @Override
        TraceExporter exporter() {
            return exporter;
        }

        @Override
        List<String> received() {
            return DatadogExporterTest.this.received();
        }

        @Override
        boolean keepsOrder() {
            return false;
        }
    }

    @Nested
    class ContractOneTraceAtATime extends TraceExporterContract {
        @BeforeEach
        void oneTraceAtATime() {
            DatadogExporterTest.this.exporter(settings(1, 3_000_000, Compression.GZIP));
        }

        @Override
        TraceExporter exporter() {
            return exporter;
        }

        @Override
        List<String> received() {
            return DatadogExporterTest.this.received();
        }
    }

    @Test
    void postsAnAgentPayload() {
        exporter.export(List.of(traceOfBytes(1, 50_000)));

        Request request = intake.requests().getFirst();
        assertThat(request.method()).isEqualTo("POST");
        assertThat(request.path()).isEqualTo(PATH);
        assertThat(request.headers().getFirst("DD-Api-Key")).isEqualTo(KEY);
        assertThat(request.headers().getFirst("Content-Type")).isEqualTo("application/x-protobuf");
        assertThat(request.headers().getFirst("Content-Encoding")).isEqualTo("gzip");
        assertThat(request.headers().getFirst("User-Agent")).isEqualTo("tail-sampling-selector");
        assertThat(request.headers().getFirst("X-Datadog-Reported-Languages")).isEmpty();
        assertThat(request.compressedBytes()).isLessThan(2_000);
        DatadogSchema.Payload payload = DatadogSchema.decode(request.body());
        assertThat(payload.hostName()).isEqualTo("host-1");
        assertThat(payload.env()).isEqualTo("prod");
        assertThat(payload.tracers()).singleElement().satisfies(tracer -> {
            assertThat(tracer.hostname()).isEqualTo("host-1");
            assertThat(tracer.env()).isEqualTo("prod");
            assertThat(tracer.chunks()).singleElement().satisfies(chunk -> {
                assertThat(chunk.priority()).isEqualTo(2);
                assertThat(chunk.spans()).singleElement().satisfies(span -> {
                    assertThat(span.service()).isEqualTo("service_1");
                    assertThat(span.metrics()).containsEntry("_sample_rate", 1.0);
                    assertThat(span.meta()).containsEntry("tss.policy", "errors");
                });
            });
        });
    }

    @Test
    void reportsTheLanguagesOfItsSpans() throws InvalidProtocolBufferException {
        exporter.export(List.of(inLanguage(trace(1, 1), "java"), inLanguage(trace(2, 1), "go"),
                inLanguage(trace(3, 1), "java")));

        assertThat(intake.requests().getFirst().headers().getFirst("X-Datadog-Reported-Languages"))
                .isEqualTo("go|java");
    }

    private static SampledTrace inLanguage(SampledTrace trace, String language) throws InvalidProtocolBufferException {
        ExportTraceServiceRequest.Builder request = ExportTraceServiceRequest.parseFrom(trace.otlp()).toBuilder();
        request.getResourceSpansBuilder(0).getResourceBuilder().addAttributes(KeyValue.newBuilder()
                .setKey("telemetry.sdk.language").setValue(AnyValue.newBuilder().setStringValue(language)));
        return new SampledTrace(trace.traceId(), request.build().toByteArray(), trace.spanCount(), trace.policy(),
                trace.threshold());
    }

    @Test
    void cutsABatchByNumberAndBySize() {
        List<SampledTrace> batch = IntStream.range(0, 10).mapToObj(i -> traceOfBytes(i, 1_000)).toList();

        assertThat(exporter(settings(4, 3_000_000, Compression.GZIP)).export(batch)).isEqualTo(DONE);
        assertThat(intake.requests()).hasSize(3);
        intake.requests().clear();

        assertThat(exporter(settings(100, 4_000, Compression.GZIP)).export(batch)).isEqualTo(DONE);
        assertThat(intake.requests()).hasSizeBetween(4, 9).allMatch(request -> request.body().length <= 4_000);
        assertThat(received()).containsExactlyInAnyOrderElementsOf(spanIds(batch));
    }

    @ParameterizedTest
    @ValueSource(ints = {408, 429, 500, 501, 502, 503, 504, 599})
    void triesAgainWhatMayPass(int status) {
        intake.answers(Answer.of(status, "busy"), Answer.of(status, "busy"));

        assertThat(exporter.export(List.of(trace(1, 1)))).isEqualTo(DONE);

        assertThat(intake.requests()).hasSize(3);
        assertThat(clock.pauses()).hasSize(2);
        assertThat(clock.pauses().get(0)).isBetween(Duration.ZERO, Duration.ofSeconds(1));
        assertThat(clock.pauses().get(1)).isBetween(Duration.ZERO, Duration.ofSeconds(2));
    }

    @Test
    void waitsAsLongAsItIsAskedTo() {
        intake.answers(Answer.of(429, "").withHeader("Retry-After", "7"),
                Answer.of(503, "").withHeader("Retry-After", "Thu, 01 Jan 2026 12:00:20 GMT"));

        assertThat(exporter.export(List.of(trace(1, 1)))).isEqualTo(DONE);

        assertThat(clock.pauses()).containsExactly(Duration.ofSeconds(7), Duration.ofSeconds(13));
    }

    @Test
    void givesUpAfterTheLastRetry() {
        Answer busy = Answer.of(503, "busy");
        intake.answers(busy, busy, busy, busy);

        assertThat(exporter.export(List.of(trace(1, 1)))).isEqualTo(new ExportOutcome.Unknown(
                intake.uri(PATH) + " answered 503: busy (attempts: 4)"));
    }

    @ParameterizedTest
    @ValueSource(ints = {301, 400, 405, 422})
    void doesNotRepeatWhatIsRefused(int status) {
        intake.answers(Answer.of(status, "no\r\nthanks"));

        assertThat(exporter.export(List.of(trace(1, 1)))).isEqualTo(new ExportOutcome.Refused(
                intake.uri(PATH) + " answered " + status + ": no thanks"));

        assertThat(intake.requests()).hasSize(1);
        assertThat(clock.pauses()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(ints = {401, 403, 404, 407, 415})
    void whatAnOperatorCanMendIsUnknownAtOnce(int status) {
        intake.answers(Answer.of(status, "oops"));

        assertThat(exporter.export(List.of(trace(1, 1)))).isEqualTo(new ExportOutcome.Unknown(
                intake.uri(PATH) + " answered " + status + ": oops"));

        assertThat(intake.requests()).hasSize(1);
    }

    @Test
    void connectionThatIsCutIsTriedAgain() {
        intake.answers(Answer.of(200, "").ending(Ending.CUT));

        assertThat(exporter.export(List.of(trace(1, 1)))).isEqualTo(DONE);

        assertThat(clock.pauses()).hasSize(1);
        assertThat(intake.requests()).hasSize(2);
    }

    @Test
    void refusedConnectionIsUnknown() throws IOException {
        URI nobody;
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            nobody = URI.create("http://127.0.0.1:" + socket.getLocalPort() + PATH);
        }
        DatadogSettings settings = new DatadogSettings(nobody, KEY, "", "", UnaryOperator.identity(), 100, 3_000_000,
                Duration.ofSeconds(20), Compression.GZIP, RETRY);

        assertThat(exporter(settings).export(List.of(trace(1, 1)))).isInstanceOfSatisfying(ExportOutcome.Unknown.class,
                unknown -> assertThat(unknown.reason()).startsWith(nobody + " cannot be reached: ")
                        .endsWith(" (attempts: 4)"));
    }

    @Test
    void halvesWhatIsTooLarge() {
        List<SampledTrace> batch = IntStream.range(0, 9).mapToObj(i -> traceOfBytes(i, 1_000)).toList();
        intake.refusesBodiesAbove(4_000);

        assertThat(exporter.export(batch)).isEqualTo(DONE);

        assertThat(intake.requests().stream().filter(request -> request.body().length <= 4_000)
                .flatMap(DatadogExporterTest::ids)).containsExactlyInAnyOrderElementsOf(spanIds(batch));
    }

    @Test
    void traceThatIsNotOtlpIsLeftOut() {
        SampledTrace broken = new SampledTrace(new TraceId(0, 7), new byte[]{10, 99}, 3, "p", Threshold.ALWAYS);

        ExportOutcome outcome = exporter.export(List.of(trace(1, 2), broken, trace(2, 1)));

        assertThat(outcome).isInstanceOfSatisfying(ExportOutcome.Exported.class, exported -> {
            assertThat(exported.rejectedSpans()).isEqualTo(3);
            assertThat(exported.message()).startsWith("trace 00000000000000000000000000000007: not OTLP protobuf");
        });
        assertThat(received()).containsExactlyInAnyOrderElementsOf(spanIds(List.of(trace(1, 2), trace(2, 1))));
    }

    @Test
    void noMessageShowsTheKey() {
        Answer busy = Answer.of(503, "no more " + KEY);
        intake.answers(Answer.of(400, "invalid key " + KEY), Answer.of(403, KEY), busy, busy, busy, busy);

        List<Object> said = List.of(settings(1, 1, Compression.GZIP), settings(1, 1, Compression.GZIP).target(),
                exporter.export(List.of(trace(1, 1))), exporter.export(List.of(trace(1, 1))),
                exporter.export(List.of(trace(1, 1))));

        assertThat(said).allSatisfy(text -> assertThat(text.toString()).doesNotContain(KEY));
        assertThat(said.get(2).toString()).contains("invalid key ***");
        assertThatThrownBy(
                () -> new DatadogSettings(intake.uri(PATH), KEY + "\n", "", "", UnaryOperator.identity(), 1, 1,
                        Duration.ofSeconds(1), Compression.GZIP, RETRY))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("API key").hasMessageNotContaining(KEY);
    }

    @ParameterizedTest
    @CsvSource({"https://api.datadoghq.com, https://trace.agent.datadoghq.com/api/v0.2/traces",
            "https://api.datadoghq.eu, https://trace.agent.datadoghq.eu/api/v0.2/traces",
            "https://api.us3.datadoghq.com/, https://trace.agent.us3.datadoghq.com/api/v0.2/traces",
            "https://api.ddog-gov.com, https://trace.agent.ddog-gov.com/api/v0.2/traces"})
    void intakeFollowsFromTheSite(URI api, URI traces) {
        assertThat(DatadogSettings.intakeOf(api)).isEqualTo(traces);
    }

    @Test
    void intakeOfAnUnusualApiMustBeGiven() {
        assertThatThrownBy(() -> DatadogSettings.intakeOf(URI.create("https://proxy.example/datadog")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("proxy.example").hasMessageContaining("give its full URL");
    }

    /** To an Agent, by OTLP. */
    @Nested
    class Agent {

        private TraceExporter agent;

        @BeforeEach
        void open() {
            agent = new DatadogAgentExporter(new OtlpHttpExporter(OtlpHttpSettings.of(intake.uri("")),
                    new SplittableRandom(1), clock, clock));
        }

        @AfterEach
        void close() {
            agent.close();
        }

        private static SampledTrace with(SampledTrace trace, UnaryOperator<Span.Builder> change)
                throws InvalidProtocolBufferException {
            ExportTraceServiceRequest.Builder request = ExportTraceServiceRequest.parseFrom(trace.otlp()).toBuilder();
            request.getResourceSpansBuilder(0).getScopeSpansBuilder(0).getSpansBuilderList().forEach(change::apply);
            return new SampledTrace(trace.traceId(), request.build().toByteArray(), trace.spanCount(), trace.policy(),
                    trace.threshold());
        }

        private static KeyValue priority(long value) {
            return KeyValue.newBuilder().setKey("sampling.priority")
                    .setValue(AnyValue.newBuilder().setIntValue(value)).build();
        }

        @Test
        void spansSayThatTheUserHasDecided() throws InvalidProtocolBufferException {
            assertThat(agent.export(List.of(trace(1, 3)))).isEqualTo(DONE);

            assertThat(ExportTraceServiceRequest.parseFrom(intake.requests().getFirst().body()))
                    .isEqualTo(ExportTraceServiceRequest.parseFrom(
                            with(trace(1, 3), span -> span.addAttributes(priority(2))).otlp()));
            assertThat(intake.requests().getFirst().path()).isEqualTo("/v1/traces");
        }

        @Test
        void olderPrioritiesGiveWay() throws InvalidProtocolBufferException {
            SampledTrace dropped =
                    with(trace(1, 2), span -> span.addAttributes(0, priority(-1)).addAttributes(priority(0))
                            .setTraceState("a=b").setKind(Span.SpanKind.SPAN_KIND_SERVER));

            assertThat(agent.export(List.of(dropped))).isEqualTo(DONE);

            assertThat(ExportTraceServiceRequest.parseFrom(intake.requests().getFirst().body()))
                    .isEqualTo(ExportTraceServiceRequest
                            .parseFrom(with(trace(1, 2), span -> span.addAttributes(priority(2))
                                    .setTraceState("a=b").setKind(Span.SpanKind.SPAN_KIND_SERVER)).otlp()));
        }

        @Test
        void brokenTraceIsLeftToTheAgent() {
            intake.answers(Answer.of(400, "bad"));

            assertThat(agent.export(List.of(new SampledTrace(new TraceId(0, 7), new byte[]{10, 99}, 1, "p", null))))
                    .isInstanceOf(ExportOutcome.Refused.class);
        }

        @Test
        void hasItsOwnName() {
            assertThat(agent.name()).isEqualTo("datadog_agent");
            assertThat(exporter.name()).isEqualTo("datadog");
        }
    }
}
