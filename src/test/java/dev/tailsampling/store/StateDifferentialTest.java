package dev.tailsampling.store;

import static dev.tailsampling.store.DecisionRecords.NOON;
import static dev.tailsampling.store.DecisionRecords.decision;
import static dev.tailsampling.store.DecisionRecords.row;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tailsampling.assembly.CompletionReason;
import dev.tailsampling.policy.Decision;
import dev.tailsampling.policy.Outcome;
import dev.tailsampling.selector.DecisionRecord;
import dev.tailsampling.selector.SourceRow;
import dev.tailsampling.trace.Threshold;
import dev.tailsampling.trace.TraceId;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The same random calls on memory, a database and Redis give the same answers; all are closed and opened now and then. */
class StateDifferentialTest {

    private static final int STEPS = 100;
    private static LocalRedis server;

    @TempDir
    Path folder;

    @BeforeAll
    static void startServer() {
        server = LocalRedis.start();
    }

    @AfterAll
    static void stopServer() {
        server.close();
    }

    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12})
    void sqliteAnswersAsMemoryDoes(long seed) {
        compare(seed, () -> JdbcState.openSqlite(folder.resolve("state.db"), () -> NOON));
    }

    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = {13, 14, 15, 16})
    void postgresAnswersAsMemoryDoes(long seed) {
        LocalPostgres server = LocalPostgres.create();
        compare(seed, () -> JdbcState.openPostgres(server.settings(), () -> NOON));
    }

    private static void compare(long seed, Supplier<JdbcState> opening) {
        try (Run run = new Run(seed, opening)) {
            for (int step = 0; step < STEPS; step++) {
                run.step("seed " + seed + ", step " + step);
            }
        }
    }

    private static final class Run implements AutoCloseable {

        private final SplittableRandom random;
        private final Supplier<JdbcState> opening;
        private final MemoryState memory = new MemoryState();
        private final RedisSettings redisSettings;
        private JdbcState database;
        private RedisState redis;
        private RedisRecentDecisions recent;
        private Instant now = NOON;

        Run(long seed, Supplier<JdbcState> opening) {
            this.random = new SplittableRandom(seed);
            this.opening = opening;
            // A database of its own: to forget goes over all sources.
            this.redisSettings = RedisSettings.of(server.url() + "/" + (seed - 1));
            this.database = opening.get();
            openRedis();
        }

        /** Its segments end now and then, as time goes on. */
        private void openRedis() {
            redis = RedisState.open(redisSettings);
            recent = redis.recentDecisions(Duration.ofDays(1), () -> now);
        }

        void step(String when) {
            String source = "source " + random.nextInt(3);
            now = now.plus(Duration.ofMinutes(random.nextInt(15)));
            long cycle = random.nextLong(20);
            switch (random.nextInt(8)) {
                case 0, 1, 2 -> remember(source, cycle);
                case 3 -> forget(when);
                case 4 -> {
                    memory.confirmExport(source, cycle);
                    database.confirmExport(source, cycle);
                    memory.forgetConfirmedExports(source, cycle - 5);
                    database.forgetConfirmedExports(source, cycle - 5);
                }
                case 5 -> addDeadLetter(source);
                case 6 -> addPolicySet();
                default -> reopen();
            }
            compare(source, when);
        }

        private void remember(String source, long cycle) {
            List<DecisionRecord> decisions =
                    IntStream.range(0, random.nextInt(30)).mapToObj(i -> decided(cycle)).toList();
            memory.remember(source, cycle, decisions);
            database.remember(source, cycle, decisions);
            recent.remember(source, cycle, decisions);
        }

        private DecisionRecord decided(long cycle) {
            CompletionReason[] reasons = CompletionReason.values();
            return row(traceId(random.nextInt(40)), cycle, reasons[random.nextInt(reasons.length)], time(), decided());
        }

        private Decision decided() {
            return switch (Outcome.values()[random.nextInt(3)]) {
                case SAMPLED -> decision(Outcome.SAMPLED, policy(), new Threshold(random.nextLong((1L << 56) + 1)));
                case NOT_SAMPLED -> decision(Outcome.NOT_SAMPLED, null, null);
                case DROPPED -> decision(Outcome.DROPPED, policy(), null);
            };
        }

        private String policy() {
            return "policy " + random.nextInt(5);
        }

        private Instant time() {
            return NOON.plusMillis(random.nextLong(100)).plusNanos(random.nextLong(1_000_000));
        }

        private static TraceId traceId(int number) {
            return new TraceId(number * 0x9E3779B97F4A7C15L, number * 0xC2B2AE3D27D4EB4FL);
        }

        private void forget(String when) {
            Instant before = time().minusMillis(60);
            long forgotten = memory.forgetOlderThan(before);
            same(when, () -> forgotten, () -> database.forgetOlderThan(before));
            same(when, () -> forgotten, () -> recent.forgetOlderThan(before));
        }

        private void addDeadLetter(String source) {
            SourceRow row = new SourceRow(random.nextInt(3), random.nextLong(5), 0, random.nextInt());
            memory.addDeadLetters(source, Map.of(row, "reason"));
            database.addDeadLetters(source, Map.of(row, "reason"));
        }

        private void addPolicySet() {
            String version = "version " + random.nextInt(4);
            String text = "text " + random.nextInt();
            memory.addPolicySet(version, text);
            database.addPolicySet(version, text);
        }

        private void reopen() {
            database.close();
            database = opening.get();
            redis.close();
            openRedis();
        }

        private void compare(String source, String when) {
            List<TraceId> ids = IntStream.range(0, 45).mapToObj(Run::traceId).toList();
            List<Long> cycles = LongStream.range(0, 20).boxed().toList();
            same(when, () -> memory.find(source, ids), () -> database.find(source, ids));
            same(when, () -> memory.newestCycle(source), () -> database.newestCycle(source));
            same(when, () -> memory.find(source, ids), () -> recent.find(source, ids));
            same(when, () -> memory.newestCycle(source), () -> recent.newestCycle(source));
            same(when, () -> memory.confirmedExports(source, cycles), () -> database.confirmedExports(source, cycles));
            same(when, () -> memory.deadLetterCount(source), () -> database.deadLetterCount(source));
            String version = "version " + random.nextInt(5);
            same(when, () -> memory.policySet(version), () -> database.policySet(version));
        }

        private static <T> void same(String when, Supplier<T> expected, Supplier<T> actual) {
            assertThat(actual.get()).as(when).isEqualTo(expected.get());
        }

        @Override
        public void close() {
            database.close();
            redis.close();
        }
    }
}
