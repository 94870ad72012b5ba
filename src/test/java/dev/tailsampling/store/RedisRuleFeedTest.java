package dev.tailsampling.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tailsampling.config.ForceRuleJson;
import dev.tailsampling.policy.ForceRule;
import dev.tailsampling.policy.Matcher;
import dev.tailsampling.policy.Matcher.Operator;
import dev.tailsampling.policy.SpanMatch;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class RedisRuleFeedTest {

    private static final int RULES = 21;
    private static final Duration BOUND = Duration.ofSeconds(2);

    private static SharedForceRules rules(RedisState state) {
        return state.forceRules(new MemoryForceRules(Instant::now), new ForceRuleJson(), SharedForceRulesTest.CHANNEL,
                Instant::now);
    }

    private static ForceRule lasting(String id) {
        return new ForceRule(id, "", 1,
                SpanMatch.of(List.of(new Matcher("service.name", Operator.EXISTS, List.of())), List.of()),
                new ForceRule.Action.ForceDrop(), Instant.EPOCH, Instant.now().plusSeconds(3_600), true);
    }

    /** Prints the figure of docs/REDIS.md. */
    @Test
    @Timeout(120)
    void aRuleIsInForceInAnotherProcessAtOnce() throws IOException {
        try (LocalRedis server = LocalRedis.start();
                RedisState state = RedisState.open(PatientRedis.settings(server))) {
            Process watcher =
                    new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-cp",
                            System.getProperty("java.class.path"), RuleWatcher.class.getName(), server.url())
                            .redirectError(ProcessBuilder.Redirect.INHERIT).start();
            try (BufferedReader output = watcher.inputReader()) {
                awaitLine(output, "[]");
                SharedForceRules rules = rules(state);
                List<Duration> delays = new ArrayList<>();
                for (int i = 0; i < RULES; i++) {
                    long begin = System.nanoTime();
                    rules.add(lasting("rule" + i), "ann");
                    awaitLine(output, "rule" + i);
                    delays.add(Duration.ofNanos(System.nanoTime() - begin));
                }
                Collections.sort(delays);
                System.out.printf(
                        "a rule is in force in another process after %.1f ms (median of %d; longest %.1f ms)%n",
                        delays.get(RULES / 2).toNanos() / 1e6, RULES, delays.getLast().toNanos() / 1e6);
                assertThat(delays.get(RULES / 2)).isLessThan(BOUND);
            } finally {
                watcher.destroyForcibly();
            }
        }
    }

    private static void awaitLine(BufferedReader output, String part) throws IOException {
        String line = output.readLine();
        while (line != null && !line.contains(part)) {
            line = output.readLine();
        }
        assertThat(line).as("the watcher ended before it printed " + part).isNotNull();
    }

    @Test
    void hearsChangesOfEveryKindAndOfTheReturnOfTheServer() {
        AtomicInteger heard = new AtomicInteger();
        try (LocalRedis server = LocalRedis.start();
                RedisState state = RedisState.open(PatientRedis.settings(server));
                RedisRuleFeed feed = state.ruleFeed(SharedForceRulesTest.CHANNEL, heard::incrementAndGet)) {
            PatientRedis.await(() -> heard.get() == 1);
            SharedForceRules rules = rules(state);
            rules.add(lasting("a"), "ann");
            PatientRedis.await(() -> heard.get() >= 2);
            int before = heard.get();
            rules.delete("a", "ann");
            PatientRedis.await(() -> heard.get() > before);

            int beforeRestart = heard.get();
            server.stop();
            server.startAgainEmpty();
            PatientRedis.await(() -> heard.get() > beforeRestart);
            int beforeMessage = heard.get();
            PatientRedis.await(() -> state.problem().isEmpty());
            rules.add(lasting("b"), "ann");
            PatientRedis.await(() -> heard.get() > beforeMessage);
        }
    }

    @Test
    void waitsForAServerThatIsNotThereYet() {
        AtomicInteger heard = new AtomicInteger();
        try (LocalRedis server = LocalRedis.start()) {
            server.stop();
            try (RedisState state = RedisState.open(PatientRedis.settings(server));
                    RedisRuleFeed feed = state.ruleFeed(SharedForceRulesTest.CHANNEL, heard::incrementAndGet)) {
                assertThat(state.problem()).isPresent();
                server.startAgain();
                PatientRedis.await(() -> heard.get() == 1);
            }
        }
    }
}
