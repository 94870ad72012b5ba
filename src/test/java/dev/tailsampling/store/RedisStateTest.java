package dev.tailsampling.store;

import static dev.tailsampling.store.DecisionRecords.NOON;
import static dev.tailsampling.store.DecisionRecords.SOURCE;
import static dev.tailsampling.store.DecisionRecords.lateSpans;
import static dev.tailsampling.store.DecisionRecords.sampled;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tailsampling.config.ForceRuleJson;
import dev.tailsampling.policy.TraceSummary;
import dev.tailsampling.selector.TableLease;
import dev.tailsampling.trace.TraceId;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class RedisStateTest {

    private static final TraceId A = new TraceId(1, 1);

    @Test
    void passwordsOfUrlAndSettingsWork() {
        try (LocalRedis server = LocalRedis.start("--requirepass", "s3cret")) {
            String url = server.url().replace("//", "//:s3cret@");
            assertThat(problem(RedisSettings.of(url))).isEmpty();
            assertThat(problem(with(server.url(), "s3cret"))).isEmpty();
            assertThat(problem(with(url, "wr0ng"))).hasValueSatisfying(problem -> assertThat(problem)
                    .startsWith("Redis " + server.url() + ": cannot be reached: WRONGPASS")
                    .contains("; check redis.url")
                    .doesNotContain("wr0ng").doesNotContain("s3cret"));
            assertThat(with(url, "wr0ng").toString()).doesNotContain("wr0ng").doesNotContain("s3cret");
        }
    }

    private static Optional<String> problem(RedisSettings settings) {
        try (RedisState state = RedisState.open(settings)) {
            return state.problem();
        }
    }

    private static RedisSettings with(String url, String password) {
        return new RedisSettings(url, password, 0, Duration.ofSeconds(10), Duration.ofSeconds(10), false, List.of());
    }

    @Test
    void aWrongUrlIsRefusedWithoutRepeatingIt() {
        assertThatIllegalArgumentException().isThrownBy(() -> RedisState.open(RedisSettings.of("http://u:s3cret@h")))
                .withMessage("a Redis URL is redis://host:port or rediss://host:port; the one configured is none")
                .withNoCause();
    }

    @Test
    void databasesAreApart() {
        try (LocalRedis server = LocalRedis.start();
                RedisState first = RedisState.open(RedisSettings.of(server.url()));
                RedisState second = RedisState.open(RedisSettings.of(server.url() + "/1"))) {
            first.recentDecisions(Duration.ofDays(1), () -> NOON).remember(SOURCE, 7, List.of());
            assertThat(second.recentDecisions(Duration.ofDays(1), () -> NOON).newestCycle(SOURCE)).isZero();
        }
    }

    @Test
    void aServerThatThrowsKeysAwayIsAProblem() {
        try (LocalRedis server = LocalRedis.start("--maxmemory-policy", "allkeys-lru");
                RedisState state = RedisState.open(RedisSettings.of(server.url()))) {
            assertThat(state.problem())
                    .contains("Redis " + server.url() + " may throw away keys when its memory is full "
                            + "(maxmemory-policy allkeys-lru): set maxmemory-policy noeviction");
        }
    }

    @Test
    void fullMemoryIsAFailureWithOneSentence() {
        try (LocalRedis server = LocalRedis.start("--maxmemory", "100kb");
                RedisState state = RedisState.open(PatientRedis.settings(server))) {
            RedisRecentDecisions recent = state.recentDecisions(Duration.ofDays(1), () -> NOON);
            assertThatThrownBy(() -> recent.remember(SOURCE, 1, List.of(sampled(A, 1))))
                    .isInstanceOf(UncheckedIOException.class).hasMessageContaining("Redis " + server.url() + ": ")
                    .hasMessageContaining("OOM");
        }
    }

    @Test
    @Timeout(60)
    void aServerThatHangsFailsAfterTheTimeoutAndIsUsedAgain() {
        try (LocalRedis server = LocalRedis.start();
                RedisState state = RedisState.open(PatientRedis.settings(server, Duration.ofSeconds(2)))) {
            RedisRecentDecisions recent = state.recentDecisions(Duration.ofDays(1), () -> NOON);
            PatientRedis.await(() -> state.problem().isEmpty());
            server.pause();
            assertThatThrownBy(() -> recent.newestCycle(SOURCE)).isInstanceOf(UncheckedIOException.class)
                    .hasMessageStartingWith("Redis " + server.url() + ": ");
            assertThat(state.problem()).isPresent();
            server.resume();
            PatientRedis.await(() -> state.problem().isEmpty());
        }
    }

    @Test
    void theDocumentedRightsSuffice() throws IOException {
        String acl =
                Files.readAllLines(Path.of("docs/REDIS.md")).stream().filter(line -> line.startsWith("ACL SETUSER"))
                        .findFirst().orElseThrow();
        try (LocalRedis server = LocalRedis.start()) {
            server.allow(acl.replace("PASSWORD", "s3cret"));
            try (RedisState state = RedisState.open(with(server.url().replace("//", "//tss@"), "s3cret"))) {
                useEverything(state);
            }
        }
    }

    @Test
    void aClusterOfOneNodeHasEverything() {
        try (LocalRedis server = LocalRedis.start("--cluster-enabled", "yes")) {
            server.takeAllSlots();
            RedisSettings settings = new RedisSettings(server.url(), null, 0, Duration.ofSeconds(10),
                    Duration.ofSeconds(20), true, List.of("127.0.0.1:" + server.port()));
            try (RedisState state = RedisState.open(settings)) {
                useEverything(state);
            }
        }
    }

    private static void useEverything(RedisState state) {
        RedisRecentDecisions recent = state.recentDecisions(Duration.ofDays(1), () -> NOON);
        recent.remember(SOURCE, 1, List.of(sampled(A, 1), lateSpans(new TraceId(2, 2), 1)));
        recent.remember("otel.other", 1, List.of(sampled(A, 1)));
        assertThat(recent.find(SOURCE, List.of(A))).containsOnlyKeys(A);
        assertThat(recent.forgetOlderThan(NOON.plusSeconds(1))).isEqualTo(3);
        RedisHandOvers handOvers = state.handOvers(Duration.ofDays(30));
        handOvers.append(SOURCE, 1, "0123456789ab", List.of(new TraceSummary(1, 1), new TraceSummary(2, 2)));
        assertThat(handOvers.load(SOURCE, 1)).hasSize(2);
        handOvers.remove(SOURCE, List.of(A));
        assertThat(handOvers.size(SOURCE)).isEqualTo(1);
        try (RedisLeases leases = state.leases("one", Duration.ofMinutes(1))) {
            TableLease lease = leases.tryAcquire(SOURCE, 1).orElseThrow();
            assertThat(lease.state()).isEqualTo(TableLease.State.HELD);
            lease.close();
        }
        AtomicInteger heard = new AtomicInteger();
        try (RedisRuleFeed feed = state.ruleFeed(SharedForceRulesTest.CHANNEL, heard::incrementAndGet)) {
            PatientRedis.await(() -> heard.get() == 1);
            SharedForceRules rules = state.forceRules(new MemoryForceRules(Instant::now), new ForceRuleJson(),
                    SharedForceRulesTest.CHANNEL, Instant::now);
            assertThat(rules.add(ForceRuleStoreContract.rule("a", 1), "ann")).isTrue();
            PatientRedis.await(() -> heard.get() > 1);
            assertThat(rules.delete("a", "ann")).isTrue();
        }
        assertThat(state.problem()).isEmpty();
    }
}
