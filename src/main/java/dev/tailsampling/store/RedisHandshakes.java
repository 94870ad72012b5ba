package dev.tailsampling.store;

import io.lettuce.core.protocol.RedisHandshakeHandler;
import io.lettuce.core.resource.NettyCustomizer;
import io.netty.channel.Channel;
import org.jspecify.annotations.Nullable;

/**
 * How the last handshake ended. The library asks a connection for its handshake after it was made; when the server has
 * refused it and it is closed by then, the library no longer finds the reason, and complains about itself. Thread-safe.
 */
final class RedisHandshakes implements NettyCustomizer {

    private static final String REASON_LOST = "RedisHandshakeHandler not registered";
    private static final String CLOSED = "the server closed the connection at once";

    private volatile @Nullable Throwable lastFailure;

    @Override
    public void afterChannelInitialized(Channel channel) {
        RedisHandshakeHandler handshake = channel.pipeline().get(RedisHandshakeHandler.class);
        if (handshake != null) {
            handshake.channelInitialized().whenComplete((done, failure) -> lastFailure = failure);
        }
    }

    /** What went wrong at the bottom of a failure. */
    String reason(Throwable failure) {
        String message = rootMessage(failure);
        if (!message.equals(REASON_LOST)) {
            return message;
        }
        Throwable refused = lastFailure;
        return refused == null ? CLOSED : rootMessage(refused);
    }

    private static String rootMessage(Throwable failure) {
        Throwable root = failure;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        return root.getMessage() == null ? root.getClass().getSimpleName() : root.getMessage();
    }
}
