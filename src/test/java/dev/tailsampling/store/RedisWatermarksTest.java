package dev.tailsampling.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.tailsampling.store.RedisWatermarks.Watermark;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What a leader says of its progress reaches the others, and is of no weight when it does not. */
class RedisWatermarksTest {

    private static final Instant NOON = Instant.parse("2026-11-26T12:00:00Z");
    private static final Watermark FIRST = new Watermark(7, NOON, NOON.plusMillis(1), "instance of a pod");

    private final LocalRedis server = LocalRedis.start();
    private final RedisState state = RedisState.open(PatientRedis.settings(server));
    private final RedisWatermarks watermarks = state.watermarks(Duration.ofHours(1));

    @AfterEach
    void close() {
        state.close();
        server.close();
    }

    private void awaitFound(Optional<Watermark> expected) {
        await().until(() -> watermarks.find("t").equals(expected));
    }

    @Test
    void theLastWordCounts() {
        assertThat(watermarks.find("t")).isEmpty();
        watermarks.publish("t", FIRST);
        awaitFound(Optional.of(FIRST));
        Watermark unknown = new Watermark(8, null, NOON.plusSeconds(1), "b");
        watermarks.publish("t", unknown);
        awaitFound(Optional.of(unknown));
        assertThat(watermarks.find("other")).isEmpty();
    }

    @Test
    void whatNobodyRenewsEnds() {
        state.watermarks(Duration.ofMillis(50)).publish("t", FIRST);
        awaitFound(Optional.empty());
    }

    @Test
    void withoutTheServerTheLeaderGoesOnAndWhoAsksIsTold() {
        watermarks.publish("t", FIRST);
        awaitFound(Optional.of(FIRST));
        server.stop();
        watermarks.publish("t", FIRST);
        assertThatThrownBy(() -> watermarks.find("t")).isInstanceOf(UncheckedIOException.class);
    }
}
