package dev.tailsampling.store;

import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How to reach a Redis server or cluster.
 *
 * @param url {@code redis://host:port} or {@code rediss://host:port}, with user, password and database if need be
 * @param password goes before that of the URL; null for none
 * @param database number of the database, goes before that of the URL unless 0; a cluster has only 0
 * @param connectTimeout how long a connection may take
 * @param commandTimeout how long an answer may take
 * @param cluster whether the server belongs to a cluster
 * @param nodes further nodes of the cluster to begin with, "host:port"
 */
public record RedisSettings(String url, @Nullable String password, int database, Duration connectTimeout,
        Duration commandTimeout, boolean cluster, List<String> nodes) {

    /** How long an answer may take, unless something else is asked for. */
    public static final Duration COMMAND_TIMEOUT = Duration.ofSeconds(5);

    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(5);

    public RedisSettings {
        nodes = List.copyOf(nodes);
    }

    /** A single server with the usual timeouts. */
    public static RedisSettings of(String url) {
        return new RedisSettings(url, null, 0, CONNECT_TIMEOUT, COMMAND_TIMEOUT, false, List.of());
    }

    /** Without the URL, which may have a password in it. */
    @Override
    public String toString() {
        return "RedisSettings[database=" + database + ", cluster=" + cluster + ", nodes=" + nodes + "]";
    }
}
