package dev.tailsampling.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tailsampling.config.ConfigLoader;
import dev.tailsampling.config.SelectorConfig;
import dev.tailsampling.policy.TraceSummary;
import dev.tailsampling.store.LocalPostgres;
import dev.tailsampling.store.LocalRedis;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Where hand-overs go: they are the only copy, and the next owner of a partition has to find them. */
class StoresTest {

    private static final String SOURCE = "spans/3@1f2e";

    @TempDir
    Path one;

    @TempDir
    Path another;

    private static void handOver(Path home, Map<String, String> environment) {
        try (Stores stores = open(home, environment)) {
            stores.handOvers().append(SOURCE, 1, "0123456789ab", List.of(new TraceSummary(1, 2)));
        }
    }

    private static long handedOver(Path home, Map<String, String> environment) {
        try (Stores stores = open(home, environment)) {
            return stores.handOvers().size(SOURCE);
        }
    }

    private static Stores open(Path home, Map<String, String> environment) {
        SelectorConfig config = new ConfigLoader(environment).load();
        return Stores.open(home, config, () -> Instant.EPOCH);
    }

    @Test
    void byItselfAnInstanceFindsThemUnderItsHome() {
        handOver(one, Map.of());

        assertThat(handedOver(one, Map.of())).isEqualTo(1);
        assertThat(handedOver(another, Map.of())).isZero();
    }

    @Test
    void instancesThatHaveOnlyRedisInCommonFindThemThere() {
        try (LocalRedis redis = LocalRedis.start()) {
            Map<String, String> environment = Map.of("TSS_REDIS_URL", redis.url());
            handOver(one, environment);

            assertThat(handedOver(another, environment)).isEqualTo(1);
        }
    }

    @Test
    void theCommonDatabaseGoesBeforeRedis() {
        LocalPostgres postgres = LocalPostgres.create();
        try (LocalRedis redis = LocalRedis.start()) {
            Map<String, String> environment = Map.of("TSS_REDIS_URL", redis.url(), "TSS_CONTROL_PLANE_URL",
                    postgres.url(), "TSS_CONTROL_PLANE_USERNAME", LocalPostgres.USER);
            handOver(one, environment);
            redis.stop();
            redis.startAgainEmpty();

            assertThat(handedOver(another, environment)).isEqualTo(1);
        }
    }
}
