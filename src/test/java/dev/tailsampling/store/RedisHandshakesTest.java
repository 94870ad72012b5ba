package dev.tailsampling.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisConnectionException;
import io.lettuce.core.resource.ClientResources;
import io.lettuce.core.resource.DefaultClientResources;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class RedisHandshakesTest {

    /** As the library reports it when it comes too late. */
    private static final RedisConnectionException REASON_LOST = new RedisConnectionException("Unable to connect",
            new IllegalStateException("RedisHandshakeHandler not registered"));

    private final RedisHandshakes handshakes = new RedisHandshakes();

    @Test
    void theReasonOfARefusalIsKept() {
        try (LocalRedis server = LocalRedis.start("--requirepass", "s3cret")) {
            assertThatThrownBy(() -> connect(server.url().replace("//", "//:wr0ng@")))
                    .isInstanceOf(RedisConnectionException.class);
            assertThat(handshakes.reason(REASON_LOST)).startsWith("WRONGPASS ");

            connect(server.url().replace("//", "//:s3cret@"));
            assertThat(handshakes.reason(REASON_LOST)).isEqualTo("the server closed the connection at once");
        }
    }

    private void connect(String url) {
        ClientResources resources = DefaultClientResources.builder().nettyCustomizer(handshakes).build();
        try (RedisClient client = RedisClient.create(resources, url)) {
            client.connect().close();
        } finally {
            resources.shutdown(0, 10, TimeUnit.SECONDS).awaitUninterruptibly();
        }
    }

    @Test
    void otherFailuresSpeakForThemselves() {
        assertThat(
                handshakes.reason(new RedisConnectionException("Unable to connect", new IllegalStateException("no"))))
                .isEqualTo("no");
        assertThat(handshakes.reason(new IllegalStateException())).isEqualTo("IllegalStateException");
    }
}
