package dev.tailsampling.cli;

import dev.tailsampling.config.ForceRuleJson;
import dev.tailsampling.config.IcebergConfig;
import dev.tailsampling.config.Secret;
import dev.tailsampling.config.SelectorConfig;
import dev.tailsampling.config.StoredPolicies;
import dev.tailsampling.lake.CatalogSettings;
import dev.tailsampling.lake.DecisionLedger;
import dev.tailsampling.lake.LakeCatalog;
import dev.tailsampling.lake.MessageWriter;
import dev.tailsampling.lake.SpanTableWriter;
import dev.tailsampling.lake.TableTopicOptions;
import dev.tailsampling.lake.TableTopicWriter;
import dev.tailsampling.policy.PolicySet;
import dev.tailsampling.selector.ForceRuleStore;
import dev.tailsampling.store.JdbcState;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * The catalog, the ledger and the state store that a command works with: embedded under one folder, or configured.
 * Thread-safe.
 */
final class Workspace implements AutoCloseable {

    private static final Duration TIDY_EVERY = Duration.ofMinutes(10);
    private static final Duration KEEP_REPORTS = Duration.ofDays(30);

    private final Path home;
    private final SelectorConfig config;
    private final InstantSource clock;
    private final LakeCatalog catalog;
    private final JdbcState state;
    private final DecisionLedger ledger;
    private final AtomicReference<Instant> tidied = new AtomicReference<>(Instant.EPOCH);

    private Workspace(Path home, SelectorConfig config, InstantSource clock, LakeCatalog catalog, JdbcState state) {
        this.home = home;
        this.config = config;
        this.clock = clock;
        this.catalog = catalog;
        this.state = state;
        this.ledger = new DecisionLedger(catalog, config.storage().iceberg().namespace());
    }

    static Workspace open(Path home, SelectorConfig config, InstantSource clock) {
        try {
            Files.createDirectories(home);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot create the home folder " + home + ": " + e.getMessage(), e);
        }
        LakeCatalog catalog = LakeCatalog.open(catalogSettings(home, config.storage().iceberg()));
        try {
            return new Workspace(home, config, clock, catalog, JdbcState.openSqlite(home.resolve("state.db"), clock));
        } catch (RuntimeException e) {
            catalog.close();
            throw e;
        }
    }

    private static CatalogSettings catalogSettings(Path home, IcebergConfig iceberg) {
        String uri = iceberg.catalogUri();
        if (uri == null) {
            return CatalogSettings.embedded(home);
        }
        Map<String, String> properties = new HashMap<>();
        properties.put(CatalogSettings.CATALOG_NAME, iceberg.catalogName());
        put(properties, "credential", value(iceberg.credential()));
        put(properties, "token", value(iceberg.token()));
        put(properties, "oauth2-server-uri", iceberg.oauth2ServerUri());
        put(properties, "scope", iceberg.scope());
        put(properties, "header.X-Iceberg-Access-Delegation", Objects.toString(iceberg.accessDelegation(), null));
        put(properties, "header.x-project-id", iceberg.projectId());
        put(properties, "s3.endpoint", iceberg.s3Endpoint());
        put(properties, "s3.access-key-id", value(iceberg.s3AccessKeyId()));
        put(properties, "s3.secret-access-key", value(iceberg.s3SecretAccessKey()));
        put(properties, "client.region", iceberg.s3Region());
        if (iceberg.s3Endpoint() != null) {
            properties.put("s3.path-style-access", Boolean.toString(iceberg.s3PathStyle()));
        }
        properties.putAll(iceberg.properties());
        CatalogSettings.Type type = uri.startsWith("jdbc:") ? CatalogSettings.Type.JDBC : CatalogSettings.Type.REST;
        return new CatalogSettings(type, uri, Objects.requireNonNullElse(iceberg.warehouse(), ""), properties);
    }

    private static @Nullable String value(@Nullable Secret secret) {
        return secret == null ? null : secret.value();
    }

    private static void put(Map<String, String> properties, String key, @Nullable String value) {
        if (value != null && !value.isBlank()) {
            properties.put(key, value);
        }
    }

    MessageWriter messageWriter(String table, TopicOptions options) {
        return switch (options.layout()) {
            case raw -> new TableTopicWriter(catalog, table, TableTopicOptions.of(options.partitions(), clock));
            case clickhouse -> new SpanTableWriter(catalog, table);
        };
    }

    DecisionLedger ledger() {
        return ledger;
    }

    /** The policy set of a version, if one of our runs noted it. */
    Optional<PolicySet> policySet(String version) {
        return state.policySet(version).map(text -> StoredPolicies.parse("policy set " + version, text));
    }

    ForceRuleStore forceRules() {
        return state.forceRules(new ForceRuleJson());
    }

    /**
     * A selector on a table.
     *
     * @param share what it may use of the limits on memory
     */
    Session openSession(String table, LoadedPolicies policies, ExportOptions export, Console console,
            MemoryShare share) {
        return Session.open(this, table, policies, export, console, share);
    }

    /** Forgets old decisions and reports in the state store, now and then. The ledger keeps every decision. */
    void tidyUp() {
        Instant now = clock.instant();
        Instant last = tidied.get();
        if (Duration.between(last, now).compareTo(TIDY_EVERY) >= 0 && tidied.compareAndSet(last, now)) {
            state.forgetOlderThan(now.minus(config.redis().traceTtl()));
            state.forgetReportsOlderThan(now.minus(KEEP_REPORTS));
        }
    }

    Path home() {
        return home;
    }

    /** Where kept traces of a table go unless an export is named. */
    Path exportFile(String table) {
        return home.resolve("export").resolve(table + ".otlp.jsonl");
    }

    SelectorConfig config() {
        return config;
    }

    InstantSource clock() {
        return clock;
    }

    LakeCatalog catalog() {
        return catalog;
    }

    JdbcState state() {
        return state;
    }

    @Override
    public void close() {
        try (LakeCatalog closing = catalog) {
            state.close();
        }
    }
}
