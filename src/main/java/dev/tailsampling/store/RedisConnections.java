package dev.tailsampling.store;

import io.lettuce.core.AbstractRedisClient;
import io.lettuce.core.ClientOptions;
import io.lettuce.core.ClientOptions.DisconnectedBehavior;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisConnectionException;
import io.lettuce.core.RedisException;
import io.lettuce.core.RedisFuture;
import io.lettuce.core.RedisURI;
import io.lettuce.core.SocketOptions;
import io.lettuce.core.TimeoutOptions;
import io.lettuce.core.api.StatefulConnection;
import io.lettuce.core.cluster.ClusterClientOptions;
import io.lettuce.core.cluster.RedisClusterClient;
import io.lettuce.core.cluster.api.async.RedisClusterAsyncCommands;
import io.lettuce.core.codec.ByteArrayCodec;
import io.lettuce.core.codec.StringCodec;
import io.lettuce.core.pubsub.RedisPubSubListener;
import io.lettuce.core.pubsub.StatefulRedisPubSubConnection;
import io.lettuce.core.resource.ClientResources;
import io.lettuce.core.resource.DefaultClientResources;
import io.lettuce.core.resource.Delay;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Connections to one Redis server or cluster: one for single commands, one for long series of them. While the server is
 * away commands are refused at once (those for a cluster after the command timeout) instead of queued without end, and
 * connections are made again with growing pauses. Thread-safe.
 */
final class RedisConnections implements AutoCloseable {

    /** A command as lettuce makes it. */
    interface Call<T> extends Function<RedisClusterAsyncCommands<byte[], byte[]>, RedisFuture<T>> {}

    /** Commands of a series sent at once. Their timeouts begin when they are made, so not too many. */
    private static final int BATCH = 8;
    /** Batches on their way at the same time. */
    private static final int BATCHES_IN_FLIGHT = 3;
    /** Commands that wait for their answer, of all threads. */
    private static final int MAX_QUEUED_COMMANDS = 65_536;
    private static final Duration SHORTEST_PAUSE = Duration.ofMillis(50);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(2);
    /** Before a first connection is tried again: callers should not wait for a timeout each. */
    private static final Duration FIRST_CONNECTION_PAUSE = Duration.ofSeconds(1);

    private record Link(StatefulConnection<byte[], byte[]> connection,
            RedisClusterAsyncCommands<byte[], byte[]> commands) {}

    private final RedisSettings settings;
    private final String name;
    private final RedisHandshakes handshakes = new RedisHandshakes();
    private final ClientResources resources;
    private final AbstractRedisClient client;
    private final Object seriesLock = new Object();
    private @Nullable Link single;
    private @Nullable Link series;
    private @Nullable UncheckedIOException lastFailure;
    private long lastAttemptNanos;

    RedisConnections(RedisSettings settings) {
        this.settings = settings;
        List<RedisURI> uris = uris(settings);
        this.name = "Redis " + place(uris.getFirst());
        this.resources = DefaultClientResources.builder().ioThreadPoolSize(2).computationThreadPoolSize(2)
                .nettyCustomizer(handshakes)
                .reconnectDelay(Delay.fullJitter(SHORTEST_PAUSE, LONGEST_PAUSE, SHORTEST_PAUSE.toMillis(),
                        TimeUnit.MILLISECONDS))
                .build();
        this.client = settings.cluster() ? clusterClient(uris) : singleClient(uris.getFirst());
    }

    private RedisClient singleClient(RedisURI uri) {
        RedisClient single = RedisClient.create(resources, uri);
        single.setOptions(options(ClientOptions.builder()).build());
        return single;
    }

    private RedisClusterClient clusterClient(List<RedisURI> uris) {
        RedisClusterClient cluster = RedisClusterClient.create(resources, uris);
        ClusterClientOptions.Builder builder = ClusterClientOptions.builder();
        options(builder);
        cluster.setOptions(builder.build());
        return cluster;
    }

    private ClientOptions.Builder options(ClientOptions.Builder builder) {
        return builder.disconnectedBehavior(whileAway()).requestQueueSize(MAX_QUEUED_COMMANDS)
                .timeoutOptions(TimeoutOptions.enabled(settings.commandTimeout()))
                .socketOptions(
                        SocketOptions.builder().connectTimeout(settings.connectTimeout()).keepAlive(true).build());
    }

    /** The library connects to the nodes of a cluster when they are first used, and would refuse the commands that do so. */
    private DisconnectedBehavior whileAway() {
        return settings.cluster() ? DisconnectedBehavior.ACCEPT_COMMANDS : DisconnectedBehavior.REJECT_COMMANDS;
    }

    private static List<RedisURI> uris(RedisSettings settings) {
        List<RedisURI> uris = new ArrayList<>(List.of(uri(settings, settings.url())));
        for (String node : settings.nodes()) {
            uris.add(
                    uri(settings, node.contains("://") ? node : URI.create(settings.url()).getScheme() + "://" + node));
        }
        return uris;
    }

    /** The library's own complaints repeat the URL, password and all. */
    private static RedisURI uri(RedisSettings settings, String url) {
        try {
            RedisURI uri = RedisURI.create(new URI(url));
            if (settings.password() != null) {
                String userInfo = new URI(url).getUserInfo();
                String user = userInfo == null ? "" : userInfo.replaceFirst(":.*", "");
                uri = (user.isEmpty()
                        ? RedisURI.builder(uri).withPassword(settings.password().toCharArray())
                        : RedisURI.builder(uri).withAuthentication(user, settings.password().toCharArray())).build();
            }
            if (settings.database() != 0) {
                uri.setDatabase(settings.database());
            }
            uri.setTimeout(settings.connectTimeout());
            return uri;
        } catch (URISyntaxException | RuntimeException e) {
            throw new IllegalArgumentException(
                    "a Redis URL is redis://host:port or rediss://host:port; the one configured is none");
        }
    }

    private static String place(RedisURI uri) {
        return (uri.isSsl() ? "rediss://" : "redis://") + uri.getHost() + ":" + uri.getPort()
                + (uri.getDatabase() == 0 ? "" : "/" + uri.getDatabase());
    }

    /** "Redis redis://host:port", for messages. */
    String name() {
        return name;
    }

    /** A command for {@link #callAll}, of which the compiler finds out what it answers. */
    static <T> Call<T> command(Call<T> command) {
        return command;
    }

    /** Sends one command and waits for its answer. */
    <T> T call(Call<T> command) {
        return await(send(command));
    }

    /** Sends one command. Fails at once if the server is known to be away. */
    <T> RedisFuture<T> send(Call<T> command) {
        Link link = single();
        try {
            return command.apply(link.commands());
        } catch (RedisException e) {
            throw failure(e);
        }
    }

    /**
     * Sends one command on the connection of series. Who uses series uses only this: one connection may be back while the
     * other is not.
     */
    <T> T callInSeries(Call<T> command) {
        return callAll(List.of(command)).getFirst();
    }

    /**
     * Sends many commands, made one after another while they are sent, and waits for all answers.
     *
     * @return the answers, in the same order
     */
    <T> List<T> callAll(Iterable<? extends Call<T>> commands) {
        synchronized (seriesLock) {
            return sendAll(series(), commands);
        }
    }

    private <T> List<T> sendAll(Link link, Iterable<? extends Call<T>> commands) {
        List<RedisFuture<T>> pending = new ArrayList<>();
        List<T> answers = new ArrayList<>();
        try {
            for (Call<T> command : commands) {
                pending.add(command.apply(link.commands()));
                if (pending.size() % BATCH == 0) {
                    link.connection().flushCommands();
                    awaitUpTo(pending, pending.size() - BATCH * (BATCHES_IN_FLIGHT - 1), answers);
                }
            }
        } catch (RedisException e) {
            throw failure(e);
        } finally {
            // What was made is sent even if the next one could not be made: nothing may stay behind for others.
            link.connection().flushCommands();
        }
        awaitUpTo(pending, pending.size(), answers);
        return answers;
    }

    private <T> void awaitUpTo(List<RedisFuture<T>> pending, int endExclusive, List<T> answers) {
        for (int next = answers.size(); next < endExclusive; next++) {
            answers.add(await(pending.get(next)));
        }
    }

    /** Waits for the answer to a command that was sent. */
    <T> T await(Future<T> answer) {
        try {
            // The command has a timeout of its own; this one is for the case that it is never set off.
            return answer.get(settings.commandTimeout().toMillis() * 2, TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            throw failure(e.getCause() == null ? e : e.getCause());
        } catch (TimeoutException | CancellationException e) {
            throw failure(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw failure(e);
        }
    }

    private synchronized Link single() {
        Link link = single;
        if (link == null) {
            link = connect();
            single = link;
        }
        return link;
    }

    private synchronized Link series() {
        Link link = series;
        if (link == null) {
            link = connect();
            link.connection().setAutoFlushCommands(false);
            series = link;
        }
        return link;
    }

    private Link connect() {
        if (lastFailure != null && System.nanoTime() - lastAttemptNanos < FIRST_CONNECTION_PAUSE.toNanos()) {
            throw failure(lastFailure);
        }
        try {
            Link link = connected();
            lastFailure = null;
            return link;
        } catch (RedisException e) {
            lastFailure = failure(e);
            throw failure(e);
        } finally {
            lastAttemptNanos = System.nanoTime();
        }
    }

    private Link connected() {
        if (client instanceof RedisClusterClient cluster) {
            var connection = cluster.connect(ByteArrayCodec.INSTANCE);
            return new Link(connection, connection.async());
        }
        var connection = ((RedisClient) client).connect(ByteArrayCodec.INSTANCE);
        return new Link(connection, connection.async());
    }

    /** Hears the messages on a channel through a connection of its own, until that is closed. */
    StatefulConnection<String, String> subscribe(String channel, RedisPubSubListener<String, String> listener) {
        try {
            StatefulRedisPubSubConnection<String, String> connection = client instanceof RedisClusterClient cluster
                    ? cluster.connectPubSub(StringCodec.UTF8)
                    : ((RedisClient) client).connectPubSub(StringCodec.UTF8);
            connection.addListener(listener);
            try {
                connection.sync().subscribe(channel);
            } catch (RedisException e) {
                connection.close();
                throw e;
            }
            return connection;
        } catch (RedisException e) {
            throw failure(e);
        }
    }

    private UncheckedIOException failure(Throwable cause) {
        if (cause instanceof UncheckedIOException known) {
            return RedisState.failure(String.valueOf(known.getMessage()), known);
        }
        return RedisState.failure(name + ": " + sentence(cause), cause);
    }

    private String sentence(Throwable cause) {
        return switch (cause) {
            case RedisConnectionException unreachable -> "cannot be reached: " + handshakes.reason(unreachable)
                    + "; check redis.url, password and that the server runs";
            case TimeoutException slow -> "did not answer within " + settings.commandTimeout().toMillis() + " ms";
            default -> handshakes.reason(cause);
        };
    }

    @Override
    public void close() {
        client.shutdown(Duration.ZERO, settings.connectTimeout());
        long patienceMillis = settings.connectTimeout().toMillis();
        resources.shutdown(0, patienceMillis, TimeUnit.MILLISECONDS).awaitUninterruptibly(patienceMillis);
    }
}
