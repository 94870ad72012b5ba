package dev.tailsampling.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tailsampling.policy.TraceSummary;
import dev.tailsampling.selector.DecisionRecord;
import dev.tailsampling.selector.HandOvers;
import dev.tailsampling.selector.RecentDecisions;
import dev.tailsampling.trace.TraceId;
import io.lettuce.core.RedisClient;
import io.lettuce.core.api.sync.RedisCommands;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/**
 * What a decision costs Redis, by {@code used_memory} before and after. Prints the figures of docs/REDIS.md, for as many
 * decisions as {@code -Dredis.decisions} says.
 */
class RedisMemoryTest {

    private static final int DECISIONS = Integer.getInteger("redis.decisions", 400_000);
    private static final int HAND_OVERS = 100_000;
    private static final int PER_CYCLE = 10_000;
    private static final String LONG_SOURCE = "default.otel-traces-raw@2f6f1c64-8f0f-4f0e-9a52-0d6a54f7a1c3";

    @Test
    void anUnsampledDecisionTakesLittleMoreThanItsTraceId() {
        try (LocalRedis server = LocalRedis.start("--appendonly", "no");
                RedisState state = RedisState.open(PatientRedis.settings(server));
                RedisClient client = RedisClient.create(server.url())) {
            RedisCommands<String, String> cli = client.connect().sync();
            Clock clock = new Clock();
            RedisRecentDecisions recent = state.recentDecisions(Duration.ofDays(1), () -> clock.now);
            // Buffers of the connection and the cache of scripts are there once, and before anything is measured.
            remember(recent, "warm-up", 1);
            long before = usedMemory(cli);
            long begin = System.nanoTime();
            for (int cycle = 1; cycle <= DECISIONS / PER_CYCLE; cycle++) {
                remember(recent, LONG_SOURCE, cycle);
                clock.now = clock.now.plusSeconds(10);
            }
            double writeSeconds = (System.nanoTime() - begin) / 1e9;
            double bytes = (double) (usedMemory(cli) - before) / DECISIONS;
            System.out.printf("%d decisions: %.1f bytes each, %d keys; written at %.0f a second%n%s%n", DECISIONS,
                    bytes,
                    cli.dbsize(), DECISIONS / writeSeconds, lookups(recent));
            assertThat(bytes).isLessThan(24);
        }
    }

    /** Traces with a root that were handed over once, with spans in two places. */
    @Test
    void aHandOverTakesAFewHundredBytes() {
        try (LocalRedis server = LocalRedis.start("--appendonly", "no");
                RedisState state = RedisState.open(PatientRedis.settings(server));
                RedisClient client = RedisClient.create(server.url())) {
            RedisCommands<String, String> cli = client.connect().sync();
            HandOvers handOvers = state.handOvers(Duration.ofDays(30));
            handOvers.append("warm-up", 1, "0123456789ab", handedOver(0));
            long before = usedMemory(cli);
            long begin = System.nanoTime();
            for (int cycle = 1; cycle <= HAND_OVERS / PER_CYCLE; cycle++) {
                handOvers.append(LONG_SOURCE, cycle, "0123456789ab", handedOver(cycle));
            }
            double writeSeconds = (System.nanoTime() - begin) / 1e9;
            double bytes = (double) (usedMemory(cli) - before) / HAND_OVERS;
            begin = System.nanoTime();
            int loaded = handOvers.load(LONG_SOURCE, Long.MAX_VALUE).size();
            System.out.printf("%d hand-overs: %.1f bytes each; written at %.0f a second, loaded at %.0f%n", loaded,
                    bytes,
                    HAND_OVERS / writeSeconds, loaded / ((System.nanoTime() - begin) / 1e9));
            assertThat(loaded).isEqualTo(HAND_OVERS);
            assertThat(bytes).isLessThan(350);
        }
    }

    private static List<TraceSummary> handedOver(int cycle) {
        SplittableRandom random = new SplittableRandom(cycle);
        List<TraceSummary> parts = new ArrayList<>(PER_CYCLE);
        for (int i = 0; i < PER_CYCLE; i++) {
            TraceSummary part = HandOversContract.part(new TraceId(random.nextLong(), random.nextLong()), 40,
                    4_000_000 + cycle, 4_000_007 + cycle);
            part.restore(3, null, "frontend-proxy", "GET /api/checkout");
            parts.add(part);
        }
        return parts;
    }

    private static final class Clock {
        private Instant now = DecisionRecords.NOON;
    }

    private static void remember(RecentDecisions recent, String source, int cycle) {
        SplittableRandom random = new SplittableRandom(cycle);
        List<DecisionRecord> rows = new ArrayList<>(PER_CYCLE);
        for (int i = 0; i < PER_CYCLE; i++) {
            rows.add(DecisionRecords.notSampled(new TraceId(random.nextLong(), random.nextLong()), cycle));
        }
        recent.remember(source, cycle, rows);
    }

    private static String lookups(RecentDecisions recent) {
        StringBuilder text = new StringBuilder();
        for (int round = 1; round <= 5; round++) {
            SplittableRandom known = new SplittableRandom(round);
            List<TraceId> ids = new ArrayList<>();
            for (int i = 0; i < PER_CYCLE; i++) {
                ids.add(i % 20 == 0 ? new TraceId(known.nextLong(), known.nextLong()) : new TraceId(i, round));
            }
            long begin = System.nanoTime();
            int found = recent.find(LONG_SOURCE, ids).size();
            text.append(String.format("found %d of %d traces in %.0f ms; ", found, ids.size(),
                    (System.nanoTime() - begin) / 1e6));
            assertThat(found).isEqualTo(PER_CYCLE / 20);
        }
        return text.toString();
    }

    private static long usedMemory(RedisCommands<String, String> cli) {
        return cli.info("memory").lines().filter(line -> line.startsWith("used_memory:"))
                .mapToLong(line -> Long.parseLong(line.substring("used_memory:".length()).strip())).findFirst()
                .orElseThrow();
    }
}
