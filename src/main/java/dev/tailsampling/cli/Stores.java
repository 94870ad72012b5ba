package dev.tailsampling.cli;

import dev.tailsampling.config.ConfigException;
import dev.tailsampling.config.ControlPlaneConfig;
import dev.tailsampling.config.ForceRuleJson;
import dev.tailsampling.config.RedisConfig;
import dev.tailsampling.config.Secret;
import dev.tailsampling.config.SelectorConfig;
import dev.tailsampling.selector.ForceRuleStore;
import dev.tailsampling.selector.HandOvers;
import dev.tailsampling.selector.RecentDecisions;
import dev.tailsampling.selector.TableLeases;
import dev.tailsampling.store.DeferredControlLog;
import dev.tailsampling.store.ForceRuleCopy;
import dev.tailsampling.store.JdbcState;
import dev.tailsampling.store.PostgresSettings;
import dev.tailsampling.store.RedisSettings;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Where state is kept: in the servers that the configuration names, else under the home folder. Thread-safe. */
final class Stores implements AutoCloseable {

    private final JdbcState sql;
    private final boolean sqlIsShared;
    private final DeferredControlLog controlLog;
    private final ForceRuleStore ownRules;
    private final @Nullable SharedStores shared;

    private Stores(JdbcState sql, boolean sqlIsShared, ForceRuleStore ownRules, @Nullable SharedStores shared) {
        this.sql = sql;
        this.sqlIsShared = sqlIsShared;
        this.controlLog = new DeferredControlLog(sql);
        this.ownRules = ownRules;
        this.shared = shared;
    }

    /**
     * Opens the database; Redis is connected to when it is needed, and may be away.
     *
     * @throws java.io.UncheckedIOException if the database cannot be reached
     * @throws ConfigException if a setting cannot be meant
     */
    static Stores open(Path home, SelectorConfig config, InstantSource clock) {
        JdbcState sql = openSql(home, config.controlPlane(), clock);
        try {
            ForceRuleCopy rules = sql.forceRules(new ForceRuleJson());
            RedisSettings redis = redis(config.redis());
            return new Stores(sql, config.controlPlane().url() != null, rules,
                    redis == null ? null : SharedStores.open(redis, config, sql, rules, clock));
        } catch (IllegalArgumentException e) {
            sql.close();
            throw new ConfigException("redis: " + e.getMessage(), e);
        }
    }

    private static JdbcState openSql(Path home, ControlPlaneConfig config, InstantSource clock) {
        if (config.url() == null) {
            return JdbcState.openSqlite(home.resolve("state.db"), clock);
        }
        try {
            return JdbcState.openPostgres(new PostgresSettings(config.url(), config.username(),
                    value(config.password()), config.poolSize()), clock);
        } catch (IllegalArgumentException e) {
            throw new ConfigException("control_plane.url: " + e.getMessage(), e);
        }
    }

    private static @Nullable RedisSettings redis(RedisConfig config) {
        String url = config.url();
        if (url == null || url.isBlank()) {
            return null;
        }
        return new RedisSettings(url, value(config.password()), config.db(), config.connectionTimeout(),
                RedisSettings.COMMAND_TIMEOUT, config.clusterEnabled(), config.clusterNodes());
    }

    private static @Nullable String value(@Nullable Secret secret) {
        return secret == null ? null : secret.value();
    }

    /** The control plane. */
    JdbcState sql() {
        return sql;
    }

    /** The part of the control plane that the flow writes to, which may be away for a while. */
    DeferredControlLog controlLog() {
        return controlLog;
    }

    /** Decisions of the recent past, shared with other instances if there are such. */
    RecentDecisions recentDecisions() {
        return shared == null ? sql : shared.recentDecisions();
    }

    /**
     * Open traces that were handed over, which are nowhere else: in the database if all instances have the same one, as what
     * it has committed is not lost, else in Redis if it is there, else in the database under the home folder.
     */
    HandOvers handOvers() {
        return shared == null || sqlIsShared ? sql.handOvers() : shared.handOvers();
    }

    /** The force rules, shared likewise. */
    ForceRuleStore forceRules() {
        return shared == null ? ownRules : shared.forceRules();
    }

    /** The leases of tables. */
    TableLeases leases() {
        return shared == null ? new SingleInstance() : shared.leases();
    }

    /** What instances share; empty if there is but this one. */
    Optional<SharedStores> shared() {
        return Optional.ofNullable(shared);
    }

    /** Writes what waits first; if that fails, the others are closed all the same. */
    @Override
    public void close() {
        try (JdbcState last = sql; SharedStores second = shared) {
            controlLog.close();
        }
    }
}
