package dev.tailsampling.export;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.tailsampling.datadog.ApmBucket;
import dev.tailsampling.datadog.ApmKey;
import dev.tailsampling.datadog.ApmStats;
import dev.tailsampling.datadog.MsgpackReader;
import dev.tailsampling.export.OtlpReceiver.Answer;
import dev.tailsampling.export.OtlpReceiver.Ending;
import dev.tailsampling.otlp.OtlpSpans;
import dev.tailsampling.otlp.RequestBuilder;
import dev.tailsampling.selector.ExportOutcome;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class ApmStatsSenderTest {

    private static final RetryPolicy RETRY = new RetryPolicy(3, Duration.ofSeconds(1), Duration.ofSeconds(30),
            Duration.ofSeconds(60), Duration.ofMinutes(5));
    private static final String KEY = "0123456789abcdef0123456789abcdef";

    private final ManualClock clock = new ManualClock(Instant.parse("2026-01-01T12:00:00Z"));
    private OtlpReceiver receiver;
    private ApmStatsSender sender;

    @BeforeEach
    void open() throws IOException {
        receiver = new OtlpReceiver();
        ApmStatsSettings settings = new ApmStatsSettings(receiver.uri("/api/v0.2/stats"), KEY, "a-host", "prod",
                Duration.ofSeconds(20), RETRY);
        sender = new ApmStatsSender(settings, new SplittableRandom(1), clock, clock);
    }

    @AfterEach
    void close() {
        sender.close();
        receiver.close();
    }

    /** Stats of so many spans, each with a resource of its own. */
    private static List<ApmBucket> stats(int spans) {
        ApmStats stats =
                new ApmStats(span -> new ApmKey(new ApmKey.Source("", "prod", ""), "s", "n", span.name(), "web",
                        "server", 200, true), 100_000, 0);
        RequestBuilder request = new RequestBuilder().beginResource().beginScope("s", "");
        for (int i = 0; i < spans; i++) {
            request.beginSpan(1, 2, 3).name("r" + i).times(1_000, 2_000);
        }
        byte[] otlp = request.take();
        new OtlpSpans().forEach(otlp, 0, otlp.length, stats::observe);
        return stats.takeAll();
    }

    private List<Object> resources() {
        List<Object> resources = new ArrayList<>();
        receiver.requests().forEach(request -> list(MsgpackReader.read(request.body())).forEach(source -> list(source)
                .forEach(bucket -> list(bucket).forEach(group -> resources.add(((Map<?, ?>) group).get("Resource"))))));
        return resources;
    }

    private static List<?> list(Object parent) {
        return (List<?>) ((Map<?, ?>) parent).get("Stats");
    }

    @Test
    void statsArriveAsAnAgentSendsThem() {
        assertThat(sender.send(stats(2))).isEqualTo(new ExportOutcome.Exported(0, ""));

        assertThat(receiver.requests()).hasSize(1).first().satisfies(request -> {
            assertThat(request.method()).isEqualTo("POST");
            assertThat(request.path()).isEqualTo("/api/v0.2/stats");
            assertThat(request.headers().get("Content-Type")).containsExactly("application/msgpack");
            assertThat(request.headers().get("Content-Encoding")).containsExactly("gzip");
            assertThat(request.headers().get("DD-Api-Key")).containsExactly(KEY);
        });
        assertThat(resources()).containsExactly("r0", "r1");
    }

    @Test
    void nothing_isNotSent() {
        assertThat(sender.send(List.of())).isEqualTo(new ExportOutcome.Exported(0, ""));
        assertThat(receiver.requests()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(ints = {408, 429, 500, 503})
    void passingTroubles_areTriedAgain(int status) {
        receiver.answers(Answer.of(status, "later").withHeader("Retry-After", "7"));
        assertThat(sender.send(stats(1))).isEqualTo(new ExportOutcome.Exported(0, ""));
        assertThat(clock.pauses()).containsExactly(Duration.ofSeconds(7));
        assertThat(resources()).containsExactly("r0", "r0");
    }

    @Test
    void lostAnswers_areUnknownAfterAllAttempts() {
        Answer cut = Answer.of(200, "").ending(Ending.CUT);
        receiver.answers(cut, cut, cut);
        assertThat(sender.send(stats(1))).isInstanceOf(ExportOutcome.Unknown.class);
        assertThat(clock.pauses()).hasSize(2);
    }

    @Test
    void refusal_isForGood() {
        receiver.answers(Answer.of(400, "bad payload"));
        assertThat(sender.send(stats(1))).isInstanceOfSatisfying(ExportOutcome.Refused.class,
                refused -> assertThat(refused.reason()).contains("answered 400", "bad payload").doesNotContain(KEY));
    }

    @Test
    void tooLarge_isCutInHalf() {
        receiver.answers(Answer.of(413, "too large"), Answer.of(200, ""), Answer.of(413, "too large"));
        assertThat(sender.send(stats(4))).isEqualTo(new ExportOutcome.Exported(0, ""));
        assertThat(resources()).containsExactly("r0", "r1", "r2", "r3", "r0", "r1", "r2", "r3", "r2", "r3");
    }

    @Test
    void manyGroups_goInSeveralRequests() {
        assertThat(sender.send(stats(9_000))).isEqualTo(new ExportOutcome.Exported(0, ""));
        assertThat(receiver.requests()).hasSize(3);
        assertThat(resources()).doesNotHaveDuplicates().hasSize(9_000);
    }

    @Test
    void settings_areCheckedAndKeepTheKey() {
        URI intake = ApmStatsSettings.intakeOf(URI.create("https://api.datadoghq.eu"));
        assertThat(intake).isEqualTo(URI.create("https://trace.agent.datadoghq.eu/api/v0.2/stats"));
        assertThat(new ApmStatsSettings(intake, KEY, "", "", Duration.ofSeconds(1), RETRY).toString())
                .doesNotContain(KEY).contains("trace.agent.datadoghq.eu");
        assertThatIllegalArgumentException().isThrownBy(() -> new ApmStatsSettings(intake, "key\n", "", "",
                Duration.ofSeconds(1), RETRY)).withMessageContaining("line break");
        assertThatIllegalArgumentException().isThrownBy(() -> new ApmStatsSettings(URI.create("ftp://x/y"), KEY, "", "",
                Duration.ofSeconds(1), RETRY)).withMessageContaining("/api/v0.2/stats");
        assertThatIllegalArgumentException().isThrownBy(() -> new ApmStatsSettings(intake, KEY, "", "", Duration.ZERO,
                RETRY)).withMessageContaining("timeout");
    }
}
