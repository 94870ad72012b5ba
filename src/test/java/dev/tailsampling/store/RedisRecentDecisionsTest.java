package dev.tailsampling.store;

import static dev.tailsampling.store.DecisionRecords.NOON;
import static dev.tailsampling.store.DecisionRecords.SOURCE;
import static dev.tailsampling.store.DecisionRecords.lateSpans;
import static dev.tailsampling.store.DecisionRecords.notSampled;
import static dev.tailsampling.store.DecisionRecords.sampled;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tailsampling.selector.DecisionRecord;
import dev.tailsampling.selector.RecentDecisions;
import dev.tailsampling.trace.TraceId;
import io.lettuce.core.RedisClient;
import io.lettuce.core.api.sync.RedisCommands;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class RedisRecentDecisionsTest extends RecentDecisionsContract {

    private static final Duration DAY = Duration.ofDays(1);
    private static LocalRedis server;
    private static RedisClient client;
    private static RedisCommands<String, String> cli;

    private Instant now = NOON;
    private RedisState state;
    private RedisRecentDecisions recent;

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
        recent = state.recentDecisions(DAY, () -> now);
    }

    @AfterEach
    void close() {
        state.close();
    }

    @Override
    RecentDecisions recent() {
        return recent;
    }

    @Test
    void findsDecisionsOfEverySegmentWhileTheyGrow() {
        SplittableRandom random = new SplittableRandom(1);
        List<TraceId> all = new ArrayList<>();
        for (int cycle = 1; cycle <= 12; cycle++) {
            List<TraceId> ids = randomIds(random, 1_000);
            remember(cycle, ids);
            all.addAll(ids);
            now = now.plus(Duration.ofMinutes(20));
        }

        assertThat(recent.find(SOURCE, all)).hasSize(all.size()).containsOnlyKeys(all);
        assertThat(recent.find(SOURCE, randomIds(random, 10_000))).isEmpty();
        assertThat(index().segments().size()).isBetween(3, 6);
        assertThat(index().segments()).extracting(RedisSegment::bucketBits).isSorted();
    }

    private void remember(long cycle, List<TraceId> ids) {
        recent.remember(SOURCE, cycle, ids.stream().map(id -> notSampled(id, cycle)).toList());
    }

    private static List<TraceId> randomIds(SplittableRandom random, int count) {
        return IntStream.range(0, count).mapToObj(i -> new TraceId(random.nextLong(), random.nextLong())).toList();
    }

    private static RedisIndex index() {
        return RedisIndex.parse(String.valueOf(cli.get("tss:{" + SOURCE + "}:d:index")));
    }

    @Test
    void lateSpansDoNotHideADecisionInAnOlderSegment() {
        TraceId id = new TraceId(1, 2);
        recent.remember(SOURCE, 1, List.of(sampled(id, 1)));
        now = now.plus(Duration.ofHours(4));
        recent.remember(SOURCE, 2, List.of(lateSpans(id, 2), lateSpans(new TraceId(3, 4), 2)));

        assertThat(index().segments()).hasSize(2);
        assertThat(recent.find(SOURCE, List.of(id)).get(id).cycle()).isEqualTo(1);
        assertThat(recent.find(SOURCE, List.of(new TraceId(3, 4)))).hasSize(1);
    }

    @Test
    void forgetsThroughSegmentsWithoutBringingBackWhatWasHidden() {
        TraceId id = new TraceId(1, 2);
        recent.remember(SOURCE, 1, List.of(DecisionRecords.decidedAt(NOON.plusSeconds(9), id)));
        now = now.plus(Duration.ofHours(4));
        recent.remember(SOURCE, 2, List.of(DecisionRecords.decidedAt(NOON.plusSeconds(1), id)));

        assertThat(recent.forgetOlderThan(NOON.plusSeconds(5))).isEqualTo(1);
        assertThat(recent.find(SOURCE, List.of(id))).isEmpty();
    }

    @Test
    void leavesToRedisWhatItDropsByItself() {
        recent.remember(SOURCE, 1,
                List.of(DecisionRecords.decidedAt(NOON.minus(DAY).minusSeconds(1), new TraceId(1, 2))));

        assertThat(recent.forgetOlderThan(NOON.minus(DAY))).isZero();
        assertThat(recent.forgetOlderThan(NOON)).isEqualTo(1);
    }

    @Test
    void everyKeyHasAnEnd() {
        recent.remember(SOURCE, 1, List.of(sampled(new TraceId(1, 1), 1), lateSpans(new TraceId(2, 2), 1)));

        assertThat(cli.keys("*")).hasSizeGreaterThanOrEqualTo(3).allSatisfy(key -> {
            assertThat(key).startsWith("tss:{" + SOURCE + "}:");
            assertThat(cli.pttl(key)).as(key).isBetween(DAY.toMillis(), DAY.plusHours(6).toMillis());
        });
    }

    @Test
    void aWeekDoesNotMakeKeysGrow() {
        // Seven times the time to live, as a week is of a day.
        Duration ttl = Duration.ofMillis(400);
        RedisRecentDecisions shortLived = state.recentDecisions(ttl, Instant::now);
        SplittableRandom random = new SplittableRandom(2);
        Instant begin = Instant.now();
        List<Long> keys = new ArrayList<>();
        for (long cycle = 1; Duration.between(begin, Instant.now()).compareTo(ttl.multipliedBy(7)) < 0; cycle++) {
            List<TraceId> ids = randomIds(random, 20);
            long number = cycle;
            shortLived.remember(SOURCE, cycle, ids.stream().map(id -> notSampled(id, number)).toList());
            assertThat(shortLived.find(SOURCE, ids)).hasSize(ids.size());
            keys.add(cli.dbsize());
            assertThat(index().segments()).hasSizeLessThan(20);
        }
        long firstDays = keys.subList(0, keys.size() * 2 / 7).stream().mapToLong(Long::longValue).max().orElseThrow();
        long lastDays =
                keys.subList(keys.size() * 5 / 7, keys.size()).stream().mapToLong(Long::longValue).max().orElseThrow();
        assertThat(lastDays).as("keys at the end, %d cycles", keys.size()).isLessThanOrEqualTo(2 * firstDays);
    }

    @Test
    void failsWhenRedisWasEmptiedWhileACycleWasBeingRemembered() {
        recent.remember(SOURCE, 1, List.of(sampled(new TraceId(1, 1), 1)));
        // Its decisions are read after the index was: whoever empties Redis now is noticed only at the end.
        recent.remember(SOURCE, 2, List.of());
        RedisRecentDecisions other = state.recentDecisions(DAY, () -> {
            cli.flushall();
            return NOON;
        });

        assertThatThrownBy(() -> other.remember(SOURCE, 3, List.of(sampled(new TraceId(2, 2), 3))))
                .isInstanceOf(DecisionsChangedException.class)
                .hasMessageContaining("were changed or lost while cycle 3 was being remembered");
        assertThat(recent.newestCycle(SOURCE)).isZero();
    }

    @Test
    void spreadsIdsOfEveryShapeOverBuckets() {
        List<DecisionRecord> rows = IntStream.range(0, 5_000)
                .mapToObj(i -> notSampled(i % 2 == 0 ? new TraceId(0, i) : new TraceId((long) i << 32, 7), 1)).toList();
        recent.remember(SOURCE, 1, rows.subList(0, 2_000));
        recent.remember(SOURCE, 2, rows);

        RedisSegment segment = index().segments().getLast();
        assertThat(IntStream.range(0, segment.bucketCount())
                .mapToLong(bucket -> cli.hlen(new String(segment.bucketKey("tss:{" + SOURCE + "}:d:", bucket)))))
                .allMatch(size -> size > 100 && size < 350);
    }
}
