package dev.tailsampling.export;

import static dev.tailsampling.export.SampledTraces.spanIds;
import static dev.tailsampling.export.SampledTraces.trace;
import static dev.tailsampling.export.SampledTraces.traceOfBytes;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tailsampling.export.GrpcReceiver.Answer;
import dev.tailsampling.selector.ExportOutcome;
import dev.tailsampling.selector.SampledTrace;
import dev.tailsampling.selector.TraceExporter;
import io.grpc.InsecureServerCredentials;
import io.grpc.Status;
import io.grpc.TlsChannelCredentials;
import io.grpc.TlsServerCredentials;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class OtlpGrpcExporterTest {

    private static final ExportOutcome DONE = new ExportOutcome.Exported(0, "");
    private static final RetryPolicy RETRY = new RetryPolicy(4, Duration.ofSeconds(1), Duration.ofSeconds(30),
            Duration.ofSeconds(60), Duration.ofMinutes(5));

    private final ManualClock clock = new ManualClock(Instant.parse("2026-01-01T12:00:00Z"));
    private final List<TraceExporter> opened = new ArrayList<>();
    private GrpcReceiver receiver;
    private TraceExporter exporter;

    @BeforeEach
    void open() throws IOException {
        receiver = new GrpcReceiver();
        exporter = exporter(settings(receiver.uri()));
    }

    @AfterEach
    void close() throws InterruptedException {
        opened.forEach(TraceExporter::close);
        receiver.close();
    }

    private static OtlpGrpcSettings settings(URI endpoint) {
        return settings(endpoint, 4 << 20, Compression.GZIP);
    }

    private static OtlpGrpcSettings settings(URI endpoint, int maxRequestBytes, Compression compression) {
        return new OtlpGrpcSettings(endpoint, Map.of(), Duration.ofSeconds(20), maxRequestBytes, compression, RETRY);
    }

    private TraceExporter exporter(OtlpGrpcSettings settings) {
        TraceExporter made = new OtlpGrpcExporter(settings, new SplittableRandom(7), clock, clock);
        opened.add(made);
        return made;
    }

    private TraceExporter exporterOfRequestsUpTo(int bytes) {
        return exporter(settings(receiver.uri(), bytes, Compression.GZIP));
    }

    @Nested
    class Contract extends TraceExporterContract {

        @Override
        TraceExporter exporter() {
            return exporter;
        }

        @Override
        List<String> received() {
            return receiver.receivedSpanIds();
        }
    }

    @ParameterizedTest
    @EnumSource(Compression.class)
    void sendsTheBytesOfTheTracesCompressed(Compression compression) throws IOException {
        SampledTrace large = traceOfBytes(1, 100_000);

        assertThat(exporter(settings(receiver.uri(), 4 << 20, compression)).export(List.of(large))).isEqualTo(DONE);

        GrpcReceiver.Request request = receiver.requests().getFirst();
        assertThat(GrpcReceiver.parsed(request)).isEqualTo(ExportTraceServiceRequest.parseFrom(large.otlp()));
        assertThat(request.header("grpc-encoding"))
                .isEqualTo(compression == Compression.NONE ? null : compression.encoding());
        assertThat(request.header("user-agent")).startsWith("tail-sampling-selector");
    }

    @Test
    void sendsTheConfiguredHeadersAndADeadline() {
        exporter(new OtlpGrpcSettings(receiver.uri(), Map.of("Authorization", "Bearer abc", "x-scope-orgid", "7"),
                Duration.ofSeconds(20), 1_000, Compression.GZIP, RETRY)).export(List.of(trace(1, 1)));

        GrpcReceiver.Request request = receiver.requests().getFirst();
        assertThat(request.header("authorization")).isEqualTo("Bearer abc");
        assertThat(request.header("x-scope-orgid")).isEqualTo("7");
        assertThat(request.deadline().timeRemaining(TimeUnit.SECONDS)).isBetween(-20L, 20L);
    }

    @Test
    void cutsABatchBySize() {
        List<SampledTrace> batch = IntStream.range(0, 10).mapToObj(i -> traceOfBytes(i, 1_000)).toList();

        assertThat(exporterOfRequestsUpTo(3_500).export(batch)).isEqualTo(DONE);

        assertThat(receiver.requests()).hasSize(4).allMatch(request -> request.body().length <= 3_500);
        assertThat(receiver.receivedSpanIds()).containsExactlyElementsOf(spanIds(batch));
    }

    /** The table of the OTLP specification, and what becomes of those that may not be tried again. */
    @ParameterizedTest
    @CsvSource({"CANCELLED, again", "UNKNOWN, unknown", "INVALID_ARGUMENT, refused", "DEADLINE_EXCEEDED, again",
            "NOT_FOUND, unknown", "ALREADY_EXISTS, refused", "PERMISSION_DENIED, unknown",
            "RESOURCE_EXHAUSTED, unknown", "FAILED_PRECONDITION, unknown", "ABORTED, again", "OUT_OF_RANGE, again",
            "UNIMPLEMENTED, unknown", "INTERNAL, unknown", "UNAVAILABLE, again", "DATA_LOSS, again",
            "UNAUTHENTICATED, unknown"})
    void everyStatusHasItsMeaning(Status.Code code, String meaning) {
        receiver.answers(Answer.of(code.toStatus().withDescription("no\nthanks")));

        ExportOutcome outcome = exporter.export(List.of(trace(1, 1)));

        String reason = receiver.uri() + " answered " + code + ": no thanks";
        assertThat(outcome).isEqualTo(switch (meaning) {
            case "again" -> DONE;
            case "refused" -> new ExportOutcome.Refused(reason);
            default -> new ExportOutcome.Unknown(reason);
        });
        assertThat(receiver.requests()).hasSize(meaning.equals("again") ? 2 : 1);
        assertThat(clock.pauses()).hasSize(meaning.equals("again") ? 1 : 0);
    }

    @Test
    void noStatusIsForgotten() throws NoSuchMethodException {
        String[] rows = OtlpGrpcExporterTest.class
                .getDeclaredMethod("everyStatusHasItsMeaning", Status.Code.class, String.class)
                .getAnnotation(CsvSource.class).value();
        assertThat(rows).hasSize(Status.Code.values().length - 1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"RESOURCE_EXHAUSTED", "UNAVAILABLE", "DEADLINE_EXCEEDED"})
    void waitsAsLongAsRetryInfoAsks(Status.Code code) {
        receiver.answers(Answer.of(code.toStatus()).retryAfter(Duration.ofMillis(7_500)),
                Answer.of(code.toStatus()).retryAfter(Duration.ofHours(1)));

        assertThat(exporter.export(List.of(trace(1, 1)))).isEqualTo(DONE);

        assertThat(clock.pauses()).containsExactly(Duration.ofMillis(7_500), Duration.ofSeconds(60));
        assertThat(receiver.requests()).hasSize(3);
    }

    @Test
    void retryInfoWithoutADelayBacksOff() {
        receiver.answers(Answer.of(Status.RESOURCE_EXHAUSTED).retryAfter(Duration.ZERO),
                Answer.of(Status.RESOURCE_EXHAUSTED).retryAfter(Duration.ZERO));

        assertThat(exporter.export(List.of(trace(1, 1)))).isEqualTo(DONE);

        assertThat(clock.pauses()).hasSize(2);
        assertThat(clock.pauses().get(0)).isBetween(Duration.ZERO, Duration.ofSeconds(1));
        assertThat(clock.pauses().get(1)).isBetween(Duration.ZERO, Duration.ofSeconds(2));
    }

    @ParameterizedTest
    @ValueSource(strings = {"INVALID_ARGUMENT", "INTERNAL"})
    void retryInfoDoesNotMakeOtherStatusesRetryable(Status.Code code) {
        receiver.answers(Answer.of(code.toStatus()).retryAfter(Duration.ofSeconds(1)));

        assertThat(exporter.export(List.of(trace(1, 1)))).isNotEqualTo(DONE);

        assertThat(receiver.requests()).hasSize(1);
    }

    @Test
    void givesUpAfterTheLastAttempt() {
        Answer busy = Answer.of(Status.UNAVAILABLE.withDescription("busy"));
        receiver.answers(busy, busy, busy, busy);

        assertThat(exporter.export(List.of(trace(1, 1)))).isEqualTo(new ExportOutcome.Unknown(
                receiver.uri() + " answered UNAVAILABLE: busy (attempts: 4)"));

        assertThat(receiver.requests()).hasSize(4);
        assertThat(clock.pauses()).hasSize(3);
    }

    @Test
    void reportsPartialSuccess() {
        receiver.answers(Answer.partialSuccess(2, "too old"), Answer.partialSuccess(0, "slow down"));

        assertThat(exporter.export(List.of(trace(1, 5)))).isEqualTo(new ExportOutcome.Exported(2, "too old"));
        assertThat(exporter.export(List.of(trace(1, 5)))).isEqualTo(new ExportOutcome.Exported(0, "slow down"));
    }

    @Test
    void halvesWhatTheServerCallsTooLarge() throws Exception {
        List<SampledTrace> batch = IntStream.range(0, 9).mapToObj(i -> traceOfBytes(i, 1_000)).toList();
        try (GrpcReceiver narrow = new GrpcReceiver("http", 0, InsecureServerCredentials.create(), 2_500)) {
            assertThat(exporter(settings(narrow.uri(), 4 << 20, Compression.NONE)).export(batch)).isEqualTo(DONE);

            assertThat(narrow.receivedSpanIds()).containsExactlyElementsOf(spanIds(batch));
        }
    }

    @ParameterizedTest
    @CsvSource({"RESOURCE_EXHAUSTED, grpc: received message larger than max (5 vs. 4)",
            "RESOURCE_EXHAUSTED, gRPC message exceeds maximum size 4: 5",
            "OUT_OF_RANGE, 'Error, decoded message length too large: found 5 bytes, the limit is: 4 bytes'"})
    void singleTraceThatIsTooLargeIsRefused(Status.Code code, String said) {
        receiver.answers(Answer.of(code.toStatus().withDescription(said)));

        assertThat(exporter.export(List.of(trace(1, 1)))).isInstanceOf(ExportOutcome.Refused.class);
        assertThat(receiver.requests()).hasSize(1);
    }

    @Test
    void answerThatDoesNotComeIsUnknown() {
        receiver.answers(Answer.silent(), Answer.silent(), Answer.silent(), Answer.silent());
        TraceExporter impatient = exporter(new OtlpGrpcSettings(receiver.uri(), Map.of(), Duration.ofMillis(150),
                1_000, Compression.GZIP, RETRY));

        assertThat(impatient.export(List.of(trace(1, 1)))).isEqualTo(new ExportOutcome.Unknown(
                receiver.uri() + " did not answer within 150 ms (attempts: 4)"));
    }

    @Test
    void aServerThatComesBackIsFoundAtTheNextAttempt() throws Exception {
        int port = receiver.port();
        receiver.close();
        assertThat(exporter.export(List.of(trace(1, 1)))).isInstanceOfSatisfying(ExportOutcome.Unknown.class,
                unknown -> assertThat(unknown.reason())
                        .startsWith("http://127.0.0.1:" + port + " answered UNAVAILABLE: ")
                        .contains("Connection refused").endsWith(" (attempts: 4)"));

        receiver = new GrpcReceiver("http", port, InsecureServerCredentials.create(), 4 << 20);

        org.awaitility.Awaitility.await().atMost(Duration.ofSeconds(5))
                .until(() -> exporter.export(List.of(trace(2, 1))).equals(DONE));
    }

    @Test
    void refusedConnectionIsUnknown() throws IOException {
        URI nobody;
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            nobody = URI.create("http://127.0.0.1:" + socket.getLocalPort());
        }

        assertThat(exporter(settings(nobody)).export(List.of(trace(1, 1)))).isInstanceOf(ExportOutcome.Unknown.class);
        assertThat(clock.pauses()).hasSize(3);
    }

    @Test
    void interruptionIsUnknownAndStaysSet() {
        Thread.currentThread().interrupt();

        assertThat(exporter.export(List.of(trace(1, 1)))).isEqualTo(
                new ExportOutcome.Unknown("interrupted while sending to " + receiver.uri()));
        assertThat(Thread.interrupted()).isTrue();
    }

    @Test
    void speaksTls(@TempDir Path folder) throws Exception {
        SelfSigned files = SelfSigned.in(folder);
        try (GrpcReceiver secure = new GrpcReceiver("https", 0,
                TlsServerCredentials.create(files.certificate().toFile(), files.key().toFile()), 4 << 20)) {
            OtlpGrpcSettings settings = settings(secure.uri());
            TraceExporter trusting = new OtlpGrpcExporter(settings, OtlpGrpcEndpoint.open(settings,
                    TlsChannelCredentials.newBuilder().trustManager(files.certificate().toFile()).build()),
                    new SplittableRandom(7), clock, clock);
            opened.add(trusting);

            assertThat(trusting.export(List.of(trace(1, 1)))).isEqualTo(DONE);
            assertThat(exporter(settings).export(List.of(trace(2, 1)))).as("nobody vouches for the certificate")
                    .isInstanceOf(ExportOutcome.Unknown.class);
            assertThat(secure.receivedSpanIds()).containsExactlyElementsOf(spanIds(List.of(trace(1, 1))));
        }
    }

    @Test
    void severalThreadsMayShareIt() throws Exception {
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var outcomes = threads.invokeAll(IntStream
                    .range(0, 50).<java.util.concurrent.Callable<ExportOutcome>>mapToObj(
                            i -> () -> exporter.export(List.of(trace(i, 3))))
                    .toList());
            for (var outcome : outcomes) {
                assertThat(outcome.get()).isEqualTo(DONE);
            }
        }
        assertThat(receiver.receivedSpanIds()).hasSize(150).doesNotHaveDuplicates();
    }

    @Test
    void noMessageShowsACredential() {
        OtlpGrpcSettings secret = new OtlpGrpcSettings(receiver.uri(),
                Map.of("authorization", "Bearer s3cr3t-token", "dd-api-key", "s3cr3t-key"), Duration.ofSeconds(20),
                4 << 20, Compression.GZIP, RETRY);
        receiver.answers(
                Answer.of(Status.UNAUTHENTICATED.withDescription("invalid \"Bearer s3cr3t-token\" or s3cr3t-key")),
                Answer.partialSuccess(1, "s3cr3t-token is old"));

        TraceExporter exporting = exporter(secret);
        List<Object> said = List.of(secret, exporting.export(List.of(trace(1, 1))),
                exporting.export(List.of(trace(1, 1))));

        assertThat(said).allSatisfy(text -> assertThat(text.toString()).doesNotContain("s3cr3t"));
        assertThat(said.get(1).toString()).contains("invalid \"***\" or ***");
        assertThat(receiver.requests()).hasSize(2);
    }
}
