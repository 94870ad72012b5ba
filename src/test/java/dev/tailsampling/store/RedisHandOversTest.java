package dev.tailsampling.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tailsampling.selector.HandOvers;
import io.lettuce.core.RedisClient;
import io.lettuce.core.ScriptOutputType;
import io.lettuce.core.api.sync.RedisCommands;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class RedisHandOversTest extends HandOversContract {

    private static final Duration MONTH = Duration.ofDays(30);
    private static LocalRedis server;
    private static RedisClient client;
    private static RedisCommands<String, String> cli;

    private RedisState state;

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
    }

    @AfterEach
    void close() {
        state.close();
    }

    @Override
    HandOvers handOvers() {
        return state.handOvers(MONTH);
    }

    @Override
    void restart() {
        state.close();
        state = RedisState.open(PatientRedis.settings(server));
    }

    @Test
    void aSourceHasTwoKeysThatEndTogetherAndAreRenewed() {
        handOvers().append(TOPIC, 1, POLICIES, List.of(part(A, 1, 1), part(B, 1, 1)));
        List<String> keys = List.of("tss:{" + TOPIC + "}:h:counts", "tss:{" + TOPIC + "}:h:parts");
        assertThat(cli.keys("*")).containsExactlyInAnyOrderElementsOf(keys);

        keys.forEach(key -> cli.expire(key, 60));
        handOvers().append(TOPIC, 2, POLICIES, List.of(part(A, 1, 2)));
        assertThat(keys).allSatisfy(key -> assertThat(cli.pttl(key)).isGreaterThan(MONTH.toMillis() - 60_000));

        keys.forEach(key -> cli.expire(key, 60));
        handOvers().load(TOPIC, 2);
        assertThat(keys).allSatisfy(key -> assertThat(cli.pttl(key)).isGreaterThan(MONTH.toMillis() - 60_000));
    }

    @Test
    void nothingIsLeftOfWhatWasDecided() {
        handOvers().append(TOPIC, 1, POLICIES, List.of(part(A, 1, 1), part(B, 1, 1)));
        handOvers().append(TOPIC, 2, POLICIES, List.of(part(A, 1, 2)));
        handOvers().load(TOPIC, 1);
        handOvers().append(TOPIC, 2, POLICIES, List.of(part(A, 1, 2)));
        handOvers().remove(TOPIC, List.of(A, B));

        assertThat(cli.keys("*")).isEmpty();
    }

    @Test
    void aPartThatIsDamagedIsNamed() {
        handOvers().append(TOPIC, 1, POLICIES, List.of(part(A, 1, 1)));
        String key = "tss:{" + TOPIC + "}:h:parts";
        cli.eval("redis.call('HSET', KEYS[1], redis.call('HKEYS', KEYS[1])[1], 'short')", ScriptOutputType.STATUS, key);

        assertThatThrownBy(() -> handOvers().load(TOPIC, 1)).isInstanceOf(UncheckedIOException.class)
                .hasMessage("Redis " + server.url() + ": a part of a trace that was handed over cannot be read: "
                        + "these 5 bytes are too few for a part");
    }

    @Test
    void aServerThatIsAwayIsAFailure() {
        try (LocalRedis own = LocalRedis.start();
                RedisState away = RedisState.open(PatientRedis.settings(own, Duration.ofSeconds(2)))) {
            HandOvers handOvers = away.handOvers(MONTH);
            handOvers.append(TOPIC, 1, POLICIES, List.of(part(A, 1, 1)));
            own.stop();
            assertThatThrownBy(() -> handOvers.append(TOPIC, 2, POLICIES, List.of(part(A, 1, 1))))
                    .isInstanceOf(UncheckedIOException.class).hasMessageStartingWith("Redis " + own.url() + ": ");
            assertThatThrownBy(() -> handOvers.load(TOPIC, 2)).isInstanceOf(UncheckedIOException.class);
            assertThatThrownBy(() -> handOvers.remove(TOPIC, List.of(A))).isInstanceOf(UncheckedIOException.class);
            assertThatThrownBy(() -> handOvers.size(TOPIC)).isInstanceOf(UncheckedIOException.class);
            own.startAgain();
            PatientRedis.await(() -> away.problem().isEmpty() && canBeAsked(handOvers));
            assertThat(handOvers.load(TOPIC, 1)).hasSize(1);
        }
    }

    /** One connection may be back while the other is not. */
    private static boolean canBeAsked(HandOvers handOvers) {
        try {
            return handOvers.size(TOPIC) == 1;
        } catch (UncheckedIOException e) {
            return false;
        }
    }
}
