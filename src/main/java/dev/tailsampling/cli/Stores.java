package dev.tailsampling.cli;

import dev.tailsampling.config.ConfigException;
import dev.tailsampling.config.ControlPlaneConfig;
import dev.tailsampling.config.ForceRuleJson;
import dev.tailsampling.config.Secret;
import dev.tailsampling.config.SelectorConfig;
import dev.tailsampling.selector.ForceRuleStore;
import dev.tailsampling.selector.RecentDecisions;
import dev.tailsampling.selector.TableLeases;
import dev.tailsampling.store.JdbcState;
import dev.tailsampling.store.PostgresSettings;
import java.nio.file.Path;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;

/** Where state is kept: in the servers that the configuration names, else under the home folder. Thread-safe. */
final class Stores implements AutoCloseable {

    private final JdbcState sql;
    private final ForceRuleStore rules;
    private final TableLeases leases = new SingleInstance();

    private Stores(JdbcState sql) {
        this.sql = sql;
        this.rules = sql.forceRules(new ForceRuleJson());
    }

    /**
     * Opens the database; other servers are connected to when they are needed.
     *
     * @throws java.io.UncheckedIOException if the database cannot be reached
     * @throws ConfigException if a setting cannot be meant
     */
    static Stores open(Path home, SelectorConfig config, InstantSource clock) {
        return new Stores(openSql(home, config.controlPlane(), clock));
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

    private static @Nullable String value(@Nullable Secret secret) {
        return secret == null ? null : secret.value();
    }

    /** The control plane. */
    JdbcState sql() {
        return sql;
    }

    /** Decisions of the recent past, shared with other instances if there are such. */
    RecentDecisions recentDecisions() {
        return sql;
    }

    /** The force rules, shared likewise. */
    ForceRuleStore forceRules() {
        return rules;
    }

    /** The leases of tables. */
    TableLeases leases() {
        return leases;
    }

    @Override
    public void close() {
        sql.close();
    }
}
