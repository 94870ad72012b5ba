package dev.tailsampling.export;

import static dev.tailsampling.export.SampledTraces.spanIds;
import static dev.tailsampling.export.SampledTraces.trace;
import static dev.tailsampling.export.SampledTraces.traceOfBytes;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tailsampling.export.OtlpReceiver.Answer;
import dev.tailsampling.export.OtlpReceiver.Ending;
import dev.tailsampling.selector.ExportOutcome;
import dev.tailsampling.selector.SampledTrace;
import dev.tailsampling.selector.TraceExporter;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class OtlpHttpExporterTest {

    private static final ExportOutcome DONE = new ExportOutcome.Exported(0, "");
    private static final RetryPolicy RETRY = new RetryPolicy(4, Duration.ofSeconds(1), Duration.ofSeconds(30),
            Duration.ofSeconds(60), Duration.ofMinutes(5));

    private final ManualClock clock = new ManualClock(Instant.parse("2026-01-01T12:00:00Z"));
    private OtlpReceiver receiver;
    private TraceExporter exporter;

    @BeforeEach
    void open() throws IOException {
        receiver = new OtlpReceiver();
        exporter = exporter(settings(receiver.uri("/v1/traces")));
    }

    @AfterEach
    void close() {
        exporter.close();
        receiver.close();
    }

    private static OtlpHttpSettings settings(URI endpoint) {
        return new OtlpHttpSettings(endpoint, Map.of(), Duration.ofSeconds(20), 4 << 20, RETRY);
    }

    private TraceExporter exporter(OtlpHttpSettings settings) {
        if (exporter != null) {
            exporter.close();
        }
        exporter = new OtlpHttpExporter(settings, new SplittableRandom(1), clock, clock);
        return exporter;
    }

    private TraceExporter exporterOfRequestsUpTo(int maxBytes) {
        return exporter(new OtlpHttpSettings(receiver.uri(""), Map.of(), Duration.ofSeconds(20), maxBytes, RETRY));
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

    @Nested
    class ContractInSmallRequests extends TraceExporterContract {
        @BeforeEach
        void smallRequests() {
            exporterOfRequestsUpTo(300);
        }

        @Override
        TraceExporter exporter() {
            return exporter;
        }

        @Override
        List<String> received() {
            return receiver.receivedSpanIds();
        }
    }

    @Test
    void postsGzippedProtobuf() throws Exception {
        SampledTrace large = traceOfBytes(1, 50_000);
        exporter.export(List.of(large));

        OtlpReceiver.Request request = receiver.requests().getFirst();
        assertThat(request.method()).isEqualTo("POST");
        assertThat(request.path()).isEqualTo("/v1/traces");
        assertThat(request.headers().getFirst("Content-Type")).isEqualTo("application/x-protobuf");
        assertThat(request.headers().getFirst("Content-Encoding")).isEqualTo("gzip");
        assertThat(request.headers().getFirst("User-Agent")).isEqualTo("tail-sampling-selector");
        assertThat(request.compressedBytes()).isLessThan(2_000);
        assertThat(ExportTraceServiceRequest.parseFrom(request.body()))
                .isEqualTo(ExportTraceServiceRequest.parseFrom(large.otlp()));
    }

    @ParameterizedTest
    @EnumSource(Compression.class)
    void compressesAsItIsTold(Compression compression) {
        SampledTrace large = traceOfBytes(1, 100_000);

        assertThat(exporter(new OtlpHttpSettings(receiver.uri(""), Map.of(), Duration.ofSeconds(20), 4 << 20,
                compression, RETRY)).export(List.of(large))).isEqualTo(DONE);

        OtlpReceiver.Request request = receiver.requests().getFirst();
        assertThat(request.body()).isEqualTo(large.otlp());
        assertThat(request.headers().getFirst("Content-Encoding"))
                .isEqualTo(compression == Compression.NONE ? null : compression.encoding());
        assertThat(request.compressedBytes()).satisfies(bytes -> assertThat(bytes == large.otlp().length)
                .isEqualTo(compression == Compression.NONE));
    }

    @Test
    void sendsTheConfiguredHeaders() {
        exporter(new OtlpHttpSettings(receiver.uri("/custom?tenant=7"),
                Map.of("Authorization", "Bearer abc", "X-Scope-OrgID", "7"), Duration.ofSeconds(20), 1_000, RETRY))
                .export(List.of(trace(1, 1)));

        OtlpReceiver.Request request = receiver.requests().getFirst();
        assertThat(request.path()).isEqualTo("/custom?tenant=7");
        assertThat(request.headers().getFirst("Authorization")).isEqualTo("Bearer abc");
        assertThat(request.headers().getFirst("X-Scope-OrgID")).isEqualTo("7");
    }

    @Test
    void cutsABatchBySize() {
        List<SampledTrace> batch = IntStream.range(0, 10).mapToObj(i -> traceOfBytes(i, 1_000)).toList();

        assertThat(exporterOfRequestsUpTo(3_500).export(batch)).isEqualTo(DONE);

        assertThat(receiver.requests()).hasSize(4).allMatch(request -> request.body().length <= 3_500);
        assertThat(receiver.receivedSpanIds()).containsExactlyElementsOf(spanIds(batch));
    }

    @ParameterizedTest
    @ValueSource(ints = {408, 429, 502, 503, 504})
    void triesAgainWhatMayPass(int status) {
        receiver.answers(Answer.of(status, "busy"), Answer.of(status, "busy"));

        assertThat(exporter.export(List.of(trace(1, 1)))).isEqualTo(DONE);

        assertThat(receiver.requests()).hasSize(3);
        assertThat(clock.pauses()).hasSize(2);
        assertThat(clock.pauses().get(0)).isBetween(Duration.ZERO, Duration.ofSeconds(1));
        assertThat(clock.pauses().get(1)).isBetween(Duration.ZERO, Duration.ofSeconds(2));
    }

    @Test
    void givesUpAfterTheLastAttempt() {
        Answer busy = Answer.of(503, "busy");
        receiver.answers(busy, busy, busy, busy);

        assertThat(exporter.export(List.of(trace(1, 1)))).isEqualTo(new ExportOutcome.Unknown(
                receiver.uri("/v1/traces") + " answered 503: busy (attempts: 4)"));

        assertThat(receiver.requests()).hasSize(4);
        assertThat(clock.pauses()).hasSize(3);
    }

    @Test
    void givesUpWhenThePauseWouldEndTooLate() {
        RetryPolicy tenSeconds = new RetryPolicy(100, Duration.ofSeconds(1), Duration.ofSeconds(30),
                Duration.ofSeconds(60), Duration.ofSeconds(10));
        receiver.answers(Answer.of(503, "").withHeader("Retry-After", "4"),
                Answer.of(503, "").withHeader("Retry-After", "6"), Answer.of(503, "").withHeader("Retry-After", "1"));

        assertThat(exporter(new OtlpHttpSettings(receiver.uri(""), Map.of(), Duration.ofSeconds(20), 1_000, tenSeconds))
                .export(List.of(trace(1, 1)))).isInstanceOf(ExportOutcome.Unknown.class);

        assertThat(clock.pauses()).containsExactly(Duration.ofSeconds(4), Duration.ofSeconds(6));
    }

    @Test
    void waitsAsLongAsItIsAskedTo() {
        receiver.answers(Answer.of(429, "").withHeader("Retry-After", "7"),
                Answer.of(503, "").withHeader("Retry-After", "Thu, 01 Jan 2026 12:00:20 GMT"),
                Answer.of(503, "").withHeader("Retry-After", "3600"));

        assertThat(exporter.export(List.of(trace(1, 1)))).isEqualTo(DONE);

        assertThat(clock.pauses()).containsExactly(Duration.ofSeconds(7), Duration.ofSeconds(13),
                Duration.ofSeconds(60));
    }

    @Test
    void ignoresARetryAfterItDoesNotUnderstand() {
        receiver.answers(Answer.of(503, "").withHeader("Retry-After", "soon"));

        assertThat(exporter.export(List.of(trace(1, 1)))).isEqualTo(DONE);

        assertThat(clock.pauses().getFirst()).isLessThanOrEqualTo(Duration.ofSeconds(1));
    }

    @ParameterizedTest
    @ValueSource(ints = {301, 307, 400, 405, 422})
    void doesNotRepeatWhatIsRefused(int status) {
        receiver.answers(Answer.of(status, "no\r\nthanks").withHeader("Location", "http://127.0.0.1:1/"));

        assertThat(exporter.export(List.of(trace(1, 1)))).isEqualTo(new ExportOutcome.Refused(
                receiver.uri("/v1/traces") + " answered " + status + ": no thanks"));

        assertThat(receiver.requests()).hasSize(1);
        assertThat(clock.pauses()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(ints = {401, 403, 404, 407, 415, 500, 501, 507})
    void whatAnOperatorCanMendIsUnknownAtOnce(int status) {
        receiver.answers(Answer.of(status, "oops"));

        assertThat(exporter.export(List.of(trace(1, 1)))).isEqualTo(new ExportOutcome.Unknown(
                receiver.uri("/v1/traces") + " answered " + status + ": oops"));

        assertThat(receiver.requests()).hasSize(1);
    }

    @Test
    void quotesNoMoreThan200Characters() {
        receiver.answers(Answer.of(400, "y".repeat(500_000)));

        assertThat(exporter.export(List.of(trace(1, 1)))).isEqualTo(new ExportOutcome.Refused(
                receiver.uri("/v1/traces") + " answered 400: " + "y".repeat(200)));
    }

    @Test
    void quotesTheMessageOfAStatusInProtobuf() {
        // google.rpc.Status{code: 3, message: "bad span"}
        byte[] status = {8, 3, 18, 8, 'b', 'a', 'd', ' ', 's', 'p', 'a', 'n'};
        receiver.answers(new Answer(400, Map.of("Content-Type", "application/x-protobuf"), status, Ending.COMPLETE));

        assertThat(exporter.export(List.of(trace(1, 1)))).isEqualTo(new ExportOutcome.Refused(
                receiver.uri("/v1/traces") + " answered 400: bad span"));
    }

    @Test
    void reportsPartialSuccess() {
        receiver.answers(Answer.partialSuccess(2, "too old"));

        assertThat(exporter.export(List.of(trace(1, 5)))).isEqualTo(new ExportOutcome.Exported(2, "too old"));
    }

    @Test
    void reportsWarnings() {
        receiver.answers(Answer.partialSuccess(0, "slow down"));

        assertThat(exporter.export(List.of(trace(1, 5)))).isEqualTo(new ExportOutcome.Exported(0, "slow down"));
    }

    @Test
    void addsUpThePartialSuccessOfAllRequests() {
        receiver.answers(Answer.partialSuccess(1, "too old"), Answer.partialSuccess(2, "too old"),
                Answer.partialSuccess(3, "too new"));

        assertThat(exporterOfRequestsUpTo(1).export(List.of(trace(1, 5), trace(2, 5), trace(3, 5), trace(4, 5))))
                .isEqualTo(new ExportOutcome.Exported(6, "too old; too new"));
    }

    @Test
    void takesAStrangeBodyOfASuccessForNothing() {
        receiver.answers(Answer.of(200, "{}"), Answer.of(202, "\n\u0002\b\u0005"),
                new Answer(200, Map.of("Content-Type", "application/x-protobuf"), new byte[]{10, 99, 1},
                        Ending.COMPLETE),
                new Answer(204, Map.of(), new byte[0], Ending.COMPLETE));

        assertThat(exporterOfRequestsUpTo(1).export(List.of(trace(1, 1), trace(2, 1), trace(3, 1), trace(4, 1))))
                .isEqualTo(DONE);
        assertThat(receiver.requests()).hasSize(4);
    }

    @Test
    void halvesWhatIsTooLarge() {
        List<SampledTrace> batch = IntStream.range(0, 9).mapToObj(i -> traceOfBytes(i, 1_000)).toList();
        receiver.refusesBodiesAbove(2_500);

        assertThat(exporter.export(batch)).isEqualTo(DONE);

        List<String> accepted = receiver.requests().stream().filter(request -> request.body().length <= 2_500)
                .flatMap(request -> request.spanIds().stream()).toList();
        assertThat(accepted).containsExactlyElementsOf(spanIds(batch));
    }

    @Test
    void singleTraceThatIsTooLargeIsRefused() {
        receiver.refusesBodiesAbove(2_500);

        assertThat(exporter.export(List.of(traceOfBytes(1, 3_000)))).isEqualTo(new ExportOutcome.Refused(
                receiver.uri("/v1/traces") + " answered 413: too large"));
        assertThat(receiver.requests()).hasSize(1);
    }

    @Test
    void refusedTraceDoesNotTakeTheOthersWithIt() {
        receiver.refusesBodiesAbove(2_500);

        assertThat(exporter.export(List.of(trace(1, 3), traceOfBytes(2, 3_000), trace(3, 3))))
                .isEqualTo(new ExportOutcome.Exported(1,
                        receiver.uri("/v1/traces") + " answered 413: too large"));
        assertThat(receiver.receivedSpanIds()).containsAll(spanIds(List.of(trace(1, 3), trace(3, 3))));
    }

    @Test
    void requestsThatAreAllRefusedAreARefusal() {
        receiver.answers(Answer.of(400, "first"), Answer.of(400, "second"));

        assertThat(exporterOfRequestsUpTo(1).export(List.of(trace(1, 1), trace(2, 1)))).isEqualTo(
                new ExportOutcome.Refused(receiver.uri("/v1/traces") + " answered 400: first"));
        assertThat(receiver.requests()).hasSize(2);
    }

    @Test
    void unknownEndOfOneRequestMakesTheBatchUnknown() {
        receiver.answers(Answer.of(200, ""), Answer.of(500, "oops"));

        assertThat(exporterOfRequestsUpTo(1).export(List.of(trace(1, 1), trace(2, 1), trace(3, 1))))
                .isInstanceOf(ExportOutcome.Unknown.class);
        // The third one would only wait for a destination in trouble.
        assertThat(receiver.requests()).hasSize(2);
    }

    @Test
    void connectionThatIsCutIsTriedAgain() {
        receiver.answers(Answer.of(200, "").ending(Ending.CUT));

        assertThat(exporter.export(List.of(trace(1, 1)))).isEqualTo(DONE);

        assertThat(clock.pauses()).hasSize(1);
        assertThat(receiver.requests()).hasSize(2);
    }

    @Test
    void refusedConnectionIsUnknown() throws IOException {
        URI nobody;
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            nobody = URI.create("http://127.0.0.1:" + socket.getLocalPort());
        }

        ExportOutcome outcome = exporter(settings(nobody)).export(List.of(trace(1, 1)));

        assertThat(outcome).isInstanceOfSatisfying(ExportOutcome.Unknown.class,
                unknown -> assertThat(unknown.reason()).startsWith(nobody + "/v1/traces cannot be reached: ")
                        .contains("ConnectException").endsWith(" (attempts: 4)"));
        assertThat(clock.pauses()).hasSize(3);
    }

    @ParameterizedTest
    @ValueSource(strings = {"SILENT", "STALLED"})
    void answerThatDoesNotComeIsUnknown(Ending ending) {
        Answer never = Answer.of(200, "x").ending(ending);
        receiver.answers(never, never, never, never);
        OtlpHttpSettings impatient =
                new OtlpHttpSettings(receiver.uri(""), Map.of(), Duration.ofMillis(150), 1_000, RETRY);

        assertThat(exporter(impatient).export(List.of(trace(1, 1)))).isEqualTo(new ExportOutcome.Unknown(
                receiver.uri("/v1/traces") + " did not answer within 150 ms (attempts: 4)"));
    }

    @Test
    void interruptionIsUnknownAndStaysSet() {
        Thread.currentThread().interrupt();

        assertThat(exporter.export(List.of(trace(1, 1)))).isEqualTo(
                new ExportOutcome.Unknown("interrupted while sending to " + receiver.uri("/v1/traces")));
        assertThat(Thread.interrupted()).isTrue();
    }

    @Test
    void noMessageShowsACredential() {
        OtlpHttpSettings secret = new OtlpHttpSettings(receiver.uri("/v1/traces?key=s3cr3t-query"),
                Map.of("Authorization", "Bearer s3cr3t-token", "DD-API-KEY", "s3cr3t-key"), Duration.ofSeconds(20),
                4 << 20, RETRY);
        Answer echo = Answer.of(401, "invalid \"Bearer s3cr3t-token\", s3cr3t-token or s3cr3t-key");
        Answer busy = Answer.of(503, "no more s3cr3t-key");
        receiver.answers(echo, Answer.partialSuccess(1, "s3cr3t-token is old"), busy, busy, busy, busy);

        TraceExporter exporting = exporter(secret);
        List<Object> said = List.of(secret, exporting.export(List.of(trace(1, 1))),
                exporting.export(List.of(trace(1, 1))), exporting.export(List.of(trace(1, 1))));

        assertThat(said).allSatisfy(text -> assertThat(text.toString()).doesNotContain("s3cr3t"));
        assertThat(said.get(1).toString()).contains("invalid \"***\", *** or ***");
        assertThat(receiver.requests()).hasSize(6);
    }
}
