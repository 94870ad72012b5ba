package dev.tailsampling.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tailsampling.config.ForceRuleJson;
import dev.tailsampling.policy.ForceRule;
import dev.tailsampling.selector.ForceRuleStore;
import dev.tailsampling.selector.ForceRules;
import dev.tailsampling.selector.RuleChange;
import io.lettuce.core.RedisClient;
import io.lettuce.core.api.sync.RedisCommands;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SharedForceRulesTest extends ForceRuleStoreContract {

    static final String CHANNEL = "tss:force_rules:updates";
    private static LocalRedis server;
    private static RedisClient client;
    private static RedisCommands<String, String> cli;

    private final MemoryForceRules copyOfOne = new MemoryForceRules(() -> NOW);
    private final MemoryForceRules copyOfOther = new MemoryForceRules(() -> NOW);
    private RedisState state;
    private SharedForceRules one;
    private SharedForceRules other;

    @BeforeAll
    static void startServer() {
        server = LocalRedis.start();
        client = RedisClient.create(server.url());
        cli = client.connect().sync();
    }

    @AfterAll
    static void stopServer() {
        client.shutdown(Duration.ZERO, Duration.ofSeconds(1));
        server.close();
    }

    @BeforeEach
    void open() {
        cli.flushall();
        state = RedisState.open(PatientRedis.settings(server));
        one = shared(copyOfOne);
        other = shared(copyOfOther);
    }

    @AfterEach
    void close() {
        state.close();
    }

    private SharedForceRules shared(ForceRuleCopy copy) {
        return state.forceRules(copy, new ForceRuleJson(), CHANNEL, () -> NOW);
    }

    @Override
    ForceRuleStore rules() {
        return one;
    }

    @Test
    void otherInstancesSeeChangesAndCopyThemUnderTheNameOfTheirAuthor() {
        one.add(rule("a", 1), "ann");
        one.add(rule("b", 1), "ann");
        assertThat(other.list()).containsExactly(rule("a", 1), rule("b", 1));
        one.change("a", RuleChange.Kind.DISABLED, rule -> rule.withEnabled(false), "bob");
        one.delete("b", "eve");
        long revision = other.revision();

        assertThat(revision).isEqualTo(one.revision());
        assertThat(copyOfOther.list()).containsExactly(rule("a", 1).withEnabled(false));
        assertThat(copyOfOther.changes("a")).extracting(RuleChange::author).containsExactly("ann", "bob");
        assertThat(copyOfOther.changes("a")).extracting(RuleChange::kind).containsExactly(RuleChange.Kind.ADDED,
                RuleChange.Kind.DISABLED);
        assertThat(copyOfOther.changes("b")).extracting(RuleChange::author).containsExactly("ann", "eve");
    }

    @Test
    void rulesThatRedisLostArePutBackOnce() {
        one.add(rule("a", 1), "ann");
        other.list();
        long before = other.revision();
        cli.flushall();

        assertThat(other.revision()).isGreaterThan(before);
        assertThat(one.revision()).isEqualTo(other.revision());
        assertThat(one.list()).containsExactly(rule("a", 1));
        assertThat(copyOfOne.changes("a")).hasSize(1);
    }

    @Test
    void anAddedRuleDoesNotStandAloneWhenRedisHadLostTheOthers() {
        one.add(rule("a", 1), "ann");
        cli.flushall();
        one.add(rule("b", 1), "ann");

        assertThat(other.list()).containsExactly(rule("a", 1), rule("b", 1));
    }

    @Test
    void anOlderStateOfRedisIsReplacedByTheCopy() {
        one.add(rule("a", 1), "ann");
        var backup = cli.hgetall(RedisRules.KEY);
        one.add(rule("b", 1), "ann");
        long newest = one.revision();
        setBack(backup);

        assertThat(one.revision()).isGreaterThan(newest);
        assertThat(other.list()).containsExactly(rule("a", 1), rule("b", 1));
    }

    /** One copy for each instance, or one for all: either has to know after a restart what Redis was. */
    @Test
    void anOlderStateOfRedisIsReplacedByTheCopyWhenAllInstancesWereStartedAnew(@TempDir Path folder) {
        Path file = folder.resolve("state.db");
        Map<String, String> backup;
        try (JdbcState sql = JdbcState.openSqlite(file, () -> NOW)) {
            SharedForceRules before = shared(sql.forceRules(new ForceRuleJson()));
            before.add(rule("deleted", 1), "ann");
            backup = cli.hgetall(RedisRules.KEY);
            before.delete("deleted", "ann");
            before.add(rule("newer", 1), "ann");
        }
        setBack(backup);
        try (JdbcState sql = JdbcState.openSqlite(file, () -> NOW)) {
            ForceRuleCopy copy = sql.forceRules(new ForceRuleJson());
            SharedForceRules after = shared(copy);

            assertThat(after.list()).containsExactly(rule("newer", 1));
            assertThat(after.revision()).isGreaterThan(copy.revision());
            assertThat(copy.list()).containsExactly(rule("newer", 1));
            assertThat(copy.changes("newer")).hasSize(1);
            assertThat(other.list()).containsExactly(rule("newer", 1));
        }
    }

    @Test
    void anOlderStateOfRedisIsKnownByWhatOthersWithTheSameCopyHaveSeen() {
        SharedForceRules sleeper = shared(copyOfOne);
        one.add(rule("a", 1), "ann");
        sleeper.list();
        one.add(rule("b", 1), "ann");
        Map<String, String> backup = cli.hgetall(RedisRules.KEY);
        one.add(rule("c", 1), "ann");
        setBack(backup);

        sleeper.add(rule("d", 1), "bob");
        assertThat(sleeper.list()).extracting(ForceRule::id).containsExactly("a", "b", "c", "d");
        assertThat(one.list()).isEqualTo(sleeper.list());
        assertThat(copyOfOne.list()).isEqualTo(sleeper.list());
    }

    private static void setBack(Map<String, String> backup) {
        cli.del(RedisRules.KEY);
        cli.hset(RedisRules.KEY, backup);
    }

    @Test
    void manyThreadsRestoreAndChangeWithoutLosingAnything() throws Exception {
        one.add(rule("a", 0), "ann");
        cli.flushall();
        try (ExecutorService threads = Executors.newFixedThreadPool(4)) {
            List<? extends Future<?>> writers = IntStream.range(0, 4).mapToObj(t -> threads.submit(() -> {
                SharedForceRules store = t % 2 == 0 ? one : other;
                for (int i = 0; i < 10; i++) {
                    store.add(rule("t" + t + "-" + i, t), "t" + t);
                    store.change("t" + t + "-" + i, RuleChange.Kind.EXTENDED, rule -> rule.withExpiresAt(NOW), "t" + t);
                }
            })).toList();
            for (Future<?> writer : writers) {
                writer.get();
            }
        }
        assertThat(one.list()).hasSizeBetween(40, 41).isEqualTo(other.list());
        one.revision();
        other.revision();
        assertThat(copyOfOne.list()).isEqualTo(one.list());
        assertThat(copyOfOther.list()).isEqualTo(one.list());
    }

    @Test
    void expiredRulesMakeRoom() {
        for (int i = 0; i < SharedForceRules.CROWDED; i++) {
            one.add(rule("r" + i, 1), "ann");
        }
        one.add(rule("last", 1), "ann");

        assertThat(one.list()).hasSizeLessThan(SharedForceRules.CROWDED);
        assertThat(one.list()).contains(rule("last", 1));
        assertThat(one.list().size()).isLessThan(ForceRules.MAX_RULES);
        assertThat(one.changes("r0")).extracting(RuleChange::author).containsExactly("ann", "expired");
    }

    @Test
    void aCopyThatFailsCatchesUp() {
        AtomicBoolean fails = new AtomicBoolean();
        SharedForceRules withFailing = shared(failing(copyOfOther, fails));
        withFailing.add(rule("first", 1), "ann");
        fails.set(true);

        assertThat(withFailing.add(rule("a", 1), "ann")).isTrue();
        assertThat(withFailing.list()).containsExactly(rule("a", 1), rule("first", 1));
        assertThat(withFailing.problem()).contains("the control plane is away");
        fails.set(false);
        withFailing.revision();

        assertThat(withFailing.problem()).isEmpty();
        assertThat(copyOfOther.changes("a")).extracting(RuleChange::author).containsExactly("ann");
    }

    private static ForceRuleCopy failing(ForceRuleCopy store, AtomicBoolean fails) {
        return (ForceRuleCopy) Proxy.newProxyInstance(ForceRuleCopy.class.getClassLoader(),
                new Class<?>[]{ForceRuleCopy.class}, (proxy, method, arguments) -> {
                    if (fails.get()) {
                        throw new UncheckedIOException("the control plane is away", new IOException());
                    }
                    try {
                        return method.invoke(store, arguments);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                });
    }

    @Test
    void whileRedisIsAwayRulesAreReadFromTheCopyAndNotChanged() {
        try (LocalRedis away = LocalRedis.start();
                RedisState there = RedisState.open(PatientRedis.settings(away))) {
            SharedForceRules rules = there.forceRules(copyOfOne, new ForceRuleJson(), CHANNEL, () -> NOW);
            rules.add(rule("a", 1), "ann");
            away.stop();

            assertThat(rules.list()).containsExactly(rule("a", 1));
            assertThat(rules.get("a")).contains(rule("a", 1));
            assertThat(rules.revision()).isEqualTo(copyOfOne.revision());
            assertThatThrownBy(() -> rules.add(rule("b", 1), "ann")).isInstanceOf(UncheckedIOException.class)
                    .hasMessageContaining("force rules cannot be changed meanwhile")
                    .hasMessageContaining("redis://127.0.0.1:" + away.port());
            assertThatThrownBy(() -> rules.delete("a", "ann")).isInstanceOf(UncheckedIOException.class);
            assertThat(copyOfOne.list()).containsExactly(rule("a", 1));

            away.startAgainEmpty();
            PatientRedis.await(() -> there.problem().isEmpty());
            assertThat(rules.list()).containsExactly(rule("a", 1));
            assertThat(rules.add(rule("b", 1), "ann")).isTrue();
        }
    }
}
