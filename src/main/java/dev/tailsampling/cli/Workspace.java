package dev.tailsampling.cli;

import dev.tailsampling.config.IcebergConfig;
import dev.tailsampling.config.Secret;
import dev.tailsampling.config.SelectorConfig;
import dev.tailsampling.config.StoredPolicies;
import dev.tailsampling.lake.CatalogSettings;
import dev.tailsampling.lake.DecisionLedger;
import dev.tailsampling.lake.LakeCatalog;
import dev.tailsampling.lake.LakeProbe;
import dev.tailsampling.lake.MessageWriter;
import dev.tailsampling.lake.SpanTableWriter;
import dev.tailsampling.lake.TableTopicOptions;
import dev.tailsampling.lake.TableTopicWriter;
import dev.tailsampling.policy.PolicySet;
import dev.tailsampling.selector.ForceRuleStore;
import dev.tailsampling.selector.HandOvers;
import dev.tailsampling.selector.LedgerKey;
import dev.tailsampling.selector.RecentDecisions;
import dev.tailsampling.selector.TableLease;
import dev.tailsampling.store.DeferredControlLog;
import dev.tailsampling.store.JdbcState;
import dev.tailsampling.store.RedisWatermarks.Watermark;
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
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The catalog, the ledger and the state store that a command works with: embedded under one folder, or configured.
 * Thread-safe.
 */
final class Workspace implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Workspace.class);
    private static final Duration TIDY_EVERY = Duration.ofMinutes(10);

    private final Path home;
    private final SelectorConfig config;
    private final InstantSource clock;
    private final LakeCatalog catalog;
    private final Stores stores;
    private final LakeProbe probe;
    private final DecisionLedger ledger;
    private final AtomicReference<@Nullable String> identity = new AtomicReference<>();
    private final AtomicReference<Instant> tidied = new AtomicReference<>(Instant.EPOCH);

    private Workspace(Path home, SelectorConfig config, InstantSource clock, LakeCatalog catalog, Stores stores) {
        this.home = home;
        this.config = config;
        this.clock = clock;
        this.catalog = catalog;
        this.stores = stores;
        this.ledger = new DecisionLedger(catalog, config.storage().iceberg().namespace());
        this.probe = new LakeProbe(catalog, config.storage().iceberg().namespace());
    }

    static Workspace open(Path home, SelectorConfig config, InstantSource clock) {
        try {
            Files.createDirectories(home);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot create the home folder " + home + ": " + e.getMessage(), e);
        }
        LakeCatalog catalog = LakeCatalog.onDemand(catalogSettings(home, config.storage().iceberg()));
        try {
            return new Workspace(home, config, clock, catalog, Stores.open(home, config, clock));
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
        return state().policySet(version).map(text -> StoredPolicies.parse("policy set " + version, text));
    }

    ForceRuleStore forceRules() {
        return stores.forceRules();
    }

    /** Decisions of the recent past, shared with other instances if there are such. */
    RecentDecisions recentDecisions() {
        return stores.recentDecisions();
    }

    /** Whether other instances see what this one hands over. */
    boolean sharesHandOvers() {
        return stores.shared().isPresent() || config.controlPlane().url() != null;
    }

    /** Open traces that were handed over. */
    HandOvers handOvers() {
        return stores.handOvers();
    }

    /** Of a table in what instances share: deployments with ledgers of their own may share a Redis. */
    private String sharedName(String table) {
        String known = identity.get();
        if (known == null) {
            known = ledger.identity();
            identity.set(known);
        }
        return LedgerKey.live(table).inLedger(known);
    }

    /** Tells instances that stand by how far this one has come with a table. */
    void publish(String table, Watermark watermark) {
        stores.shared().ifPresent(shared -> shared.watermarks().publish(sharedName(table), watermark));
    }

    /** What the leader of a table said last; empty if there is none, or nobody can be asked. */
    Optional<Watermark> watermark(String table) {
        try {
            return stores.shared().flatMap(shared -> shared.watermarks().find(sharedName(table)));
        } catch (UncheckedIOException e) {
            return Optional.empty();
        }
    }

    /** The lease of a table, if no other instance has it. */
    Optional<TableLease> lease(String table) {
        return stores.leases().tryAcquire(sharedName(table), ledger.fencingToken(table) + 1);
    }

    /** What instances share; empty if there is but this one. */
    Optional<SharedStores> shared() {
        return stores.shared();
    }

    /** Forgets old decisions and reports in the state store, now and then. The ledger keeps every decision. */
    void tidyUp() {
        Instant now = clock.instant();
        Instant last = tidied.get();
        if (Duration.between(last, now).compareTo(TIDY_EVERY) >= 0 && tidied.compareAndSet(last, now)) {
            try {
                tidyUp(now);
            } catch (UncheckedIOException e) {
                LOG.warn("old state is forgotten later: {}", e.getMessage());
            }
        }
    }

    private void tidyUp(Instant now) {
        stores.recentDecisions().forgetOlderThan(now.minus(config.redis().traceTtl()));
        Instant keepFrom = now.minus(config.controlPlane().keepReports());
        state().forgetReportsOlderThan(keepFrom);
        state().operations().forgetRunsOlderThan(keepFrom);
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

    /** The part of the control plane that the flow writes to, which may be away for a while. */
    DeferredControlLog controlLog() {
        return stores.controlLog();
    }

    /** The control plane. */
    JdbcState state() {
        return stores.sql();
    }

    /** Why the catalog cannot be used, in one sentence; empty if it answers. */
    Optional<String> catalogProblem() {
        return probe.catalogProblem();
    }

    /** Why the object store cannot be used, in one sentence; empty if it answers. */
    Optional<String> objectStoreProblem() {
        return probe.objectStoreProblem();
    }

    @Override
    public void close() {
        try (LakeCatalog closing = catalog) {
            stores.close();
        }
    }
}
