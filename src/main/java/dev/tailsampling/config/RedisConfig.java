package dev.tailsampling.config;

import dev.tailsampling.config.Setting.Use;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Keys under {@code redis}: state that several instances share. */
public record RedisConfig(
        @Setting(doc = "redis:// or rediss:// server; not set for state under --home. Passwords are never shown.",
                key = "url", mayHoldSecret = true) @Nullable String url,
        @Setting(doc = "Password, unless the URL has one.",
                key = "password") @Nullable Secret password,
        @Setting(doc = "Number of the database.",
                key = "db", standard = "0", min = 0) int db,
        @Setting(doc = "Connections at most.",
                key = "pool_size", standard = "10", min = 1) int poolSize,
        @Setting(doc = "How long a connection may take.",
                key = "connection_timeout_secs", standard = "5", min = 1) Duration connectionTimeout,
        @Setting(doc = "How long decisions are remembered so that late spans follow them; with Redis or without.",
                key = "trace_ttl_secs", standard = "86400", min = 1) Duration traceTtl,
        @Setting(doc = "How long an instance leads a table after it was last heard of.",
                key = "lease_ttl_secs", standard = "15", min = 1) Duration leaseTtl,
        @Setting(doc = "Whether the server is a cluster.",
                key = "cluster_enabled", standard = "false", use = Use.LATER) boolean clusterEnabled,
        @Setting(doc = "Cluster nodes, host:port.", key = "cluster_nodes", use = Use.LATER) List<String> clusterNodes) {

    public RedisConfig {
        clusterNodes = List.copyOf(clusterNodes);
    }

    @Override
    public String toString() {
        return EffectiveYaml.line(this);
    }
}
