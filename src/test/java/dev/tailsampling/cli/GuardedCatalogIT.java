package dev.tailsampling.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.tailsampling.lake.CatalogSettings;
import dev.tailsampling.lake.LakeCatalog;
import dev.tailsampling.lake.TablePattern;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.iceberg.Table;
import org.apache.iceberg.catalog.TableIdentifier;
import org.apache.iceberg.io.SeekableInputStream;
import org.apache.iceberg.rest.RESTCatalog;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A REST catalog that wants a token, hands out keys that do not last, and grants nothing but reading of the source. */
class GuardedCatalogIT {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String TABLE = "default.otel-traces-raw";
    private static final String TABLE_PATH = "default/tables/otel-traces-raw";
    private static final int CYCLES = 8;
    private static final Duration LONG = Duration.ofHours(1);

    @TempDir
    private Path home;

    @TempDir
    private Path shared;

    private LocalS3 s3;
    private GuardedRestCatalog catalog;
    private RealSet set;
    private Path policies;

    @BeforeEach
    void start() throws Exception {
        s3 = LocalS3.start("lakehouse");
        set = RealSet.open("opensearch-otel", shared);
        policies = Files.writeString(shared.resolve("policies.yaml"), """
                policies:
                  - {name: errors, type: status_code, status_code: {status_codes: [ERROR]}}
                """);
        serve(LONG);
    }

    private void serve(Duration tokenLife) throws Exception {
        if (catalog != null) {
            catalog.close();
        }
        catalog = GuardedRestCatalog.start(shared.resolve("pointers.db"), s3, tokenLife);
    }

    @AfterEach
    void stop() {
        catalog.close();
        s3.close();
    }

    private Tss tss() {
        return new Tss(home).with("TSS_STORAGE_ICEBERG_CATALOG_URI", catalog.uri().toString())
                .with("TSS_STORAGE_ICEBERG_WAREHOUSE", GuardedRestCatalog.WAREHOUSE)
                .with("TSS_STORAGE_ICEBERG_CREDENTIAL", GuardedRestCatalog.CLIENT)
                .with("TSS_STORAGE_ICEBERG_OAUTH2_SERVER_URI", catalog.tokenUri().toString())
                .with("TSS_STORAGE_ICEBERG_SCOPE", GuardedRestCatalog.SCOPE);
    }

    private void load(Tss tss, int commits) {
        tss.run("load", "--table", TABLE, "--commits", Integer.toString(commits), set.lines().toString()).ok();
    }

    private Tss.Result scan(Tss tss) {
        return tss.run("scan", "--once", "--table", TABLE, "--policies", policies.toString(), "--output", "json");
    }

    /** Iceberg's own client with what the selector tells Iceberg. */
    private RESTCatalog client() {
        Map<String, String> properties = new HashMap<>(Map.of("uri", catalog.uri().toString(), "warehouse",
                GuardedRestCatalog.WAREHOUSE, "credential", GuardedRestCatalog.CLIENT, "oauth2-server-uri",
                catalog.tokenUri().toString(), "scope", GuardedRestCatalog.SCOPE, "rest.auth.type", "oauth2",
                "token-exchange-enabled", "false", "header.X-Iceberg-Access-Delegation", "vended-credentials"));
        properties.putAll(Map.of("io-impl", "org.apache.iceberg.aws.s3.S3FileIO", "http-client.type", "urlconnection",
                "s3.client-factory-impl", "dev.tailsampling.lake.S3ClientFactory"));
        RESTCatalog client = new RESTCatalog();
        client.initialize("client", properties);
        return client;
    }

    @Test
    void aScanNeedsNoMoreThanReadingOfTheSourceTable() throws IOException {
        load(tss(), 6);
        List<String> before = objectsOfSource();
        catalog.makeReadOnly(TABLE_PATH);

        JsonNode scanned = JSON.readTree(scan(tss()).ok().out());
        assertThat(scanned.get("spans_read")).isEqualTo(set.facts().get("spans"));
        assertThat(scanned.get("traces_completed")).isEqualTo(set.facts().get("traces"));
        tss().run("explain", "--table", TABLE, anyDecided()).ok();
        tss().run("backfill", "--table", TABLE, "--from", "1970-01-01", "--to", "2100-01-01", "--policies",
                policies.toString());

        assertThat(catalog.refusedWrites()).isEmpty();
        assertThat(objectsOfSource()).isEqualTo(before);
        assertThat(tss().run("load", "--table", TABLE, "--commits", "1", set.lines().toString()).exitCode())
                .as("the right to write is really missing").isEqualTo(ExitCode.FAILED);
        assertThat(catalog.refusedWrites()).isNotEmpty();
    }

    private String anyDecided() throws IOException {
        return JSON.readTree(tss().run("decisions", "--table", TABLE, "--output", "json").ok().lines().getFirst())
                .get("trace_id").asText();
    }

    private List<String> objectsOfSource() {
        return s3.keys().stream().filter(key -> key.startsWith("wh/default/otel-traces-raw/")).sorted().toList();
    }

    /** One cycle per commit, so that many more keys are handed out than are good at the same time. */
    @Test
    void scanningGoesOnWhileKeysExpire() throws IOException {
        load(tss(), CYCLES);
        int loaded = catalog.keysVended();
        long spans = 0;
        Tss scanning = tss().with("TSS_STORAGE_ICEBERG_MAX_BYTES_PER_CYCLE", "1");
        for (int cycle = 0; cycle < CYCLES; cycle++) {
            spans += JSON.readTree(scan(scanning).ok().out()).get("spans_read").asLong();
            catalog.expireKeys();
        }

        assertThat(spans).isEqualTo(set.facts().get("spans").asLong());
        assertThat(catalog.keysVended() - loaded).isGreaterThan(2 * GuardedRestCatalog.GOOD_KEYS);
        assertThat(catalog.refreshes()).anyMatch(path -> path.endsWith(TABLE_PATH));
        assertThat(s3.refused()).as("no key was shown after its end").isEmpty();
    }

    @Test
    void aTableThatIsLoadedOnceOutlivesItsKeys() throws IOException {
        load(tss(), 3);
        try (RESTCatalog client = client()) {
            Table table = client.loadTable(TableIdentifier.of("default", "otel-traces-raw"));
            String file = table.currentSnapshot().manifestListLocation();
            assertThat(firstByte(table, file)).isPositive();
            catalog.expireKeys();
            assertThat(firstByte(table, file)).isPositive();
        }

        assertThat(catalog.refreshes()).containsExactly("/v1/namespaces/" + TABLE_PATH);
        assertThat(s3.refused()).isEmpty();
    }

    private static int firstByte(Table table, String file) throws IOException {
        try (SeekableInputStream in = table.io().newInputFile(file).newStream()) {
            return in.read();
        }
    }

    @Test
    void keysOfTheUserWinOverVendedOnes() throws IOException {
        load(tss(), 3);
        int before = catalog.keysVended();
        Tss own = tss().with("TSS_STORAGE_ICEBERG_S3_ENDPOINT", s3.endpoint().toString())
                .with("TSS_STORAGE_ICEBERG_S3_ACCESS_KEY_ID", LocalS3.ACCESS_KEY_ID)
                .with("TSS_STORAGE_ICEBERG_S3_SECRET_ACCESS_KEY", LocalS3.SECRET_ACCESS_KEY);
        assertThat(JSON.readTree(scan(own).ok().out()).get("spans_read")).isEqualTo(set.facts().get("spans"));
        assertThat(catalog.keysVended()).as("nobody asked for any").isEqualTo(before);

        own.with("TSS_STORAGE_ICEBERG_ACCESS_DELEGATION", "vended-credentials")
                .with("TSS_STORAGE_ICEBERG_S3_SECRET_ACCESS_KEY", "wrong-secret");
        assertRefused(scan(own), catalog.uri().toString());
        assertThat(catalog.keysVended()).as("they came, and were not used").isGreaterThan(before);
    }

    @Test
    void tokensAreRenewedBeforeTheyEnd() throws Exception {
        load(tss(), 3);
        serve(Duration.ofSeconds(1));
        try (RESTCatalog client = client()) {
            assertThat(client.listNamespaces()).isNotEmpty();
            assertThat(catalog.awaitSecondToken()).isTrue();
        }
    }

    /** As after an hour in which the token server was away: Iceberg gave up the token, and asks for no other. */
    @Test
    void aLostTokenIsReplacedAsSoonAsThereIsAnother() {
        load(tss(), 1);
        TablePattern all = TablePattern.of("default.*");
        try (LakeCatalog lake = LakeCatalog.open(settings())) {
            assertThat(lake.names(all)).containsExactly(TABLE);
            catalog.forgetTokens();
            assertThat(lake.names(all)).containsExactly(TABLE);
            catalog.forgetTokens();
            catalog.setOutage(true);
            assertThatThrownBy(() -> lake.names(all)).isInstanceOf(UncheckedIOException.class)
                    .hasMessageContaining("listing tables").hasMessageNotContaining("client-secret-1");
            catalog.setOutage(false);
            assertThat(lake.names(all)).containsExactly(TABLE);
        }
    }

    private CatalogSettings settings() {
        return new CatalogSettings(CatalogSettings.Type.REST, catalog.uri().toString(), GuardedRestCatalog.WAREHOUSE,
                Map.of("credential", GuardedRestCatalog.CLIENT, "oauth2-server-uri", catalog.tokenUri().toString(),
                        "scope", GuardedRestCatalog.SCOPE));
    }

    @Test
    void aUriForAWarehousesNameIsRefusedWithTheRemedy() {
        Tss.Result result = scan(tss().with("TSS_STORAGE_ICEBERG_WAREHOUSE", "s3://lakehouse/wh/"));
        assertRefused(result, "storage.iceberg.warehouse, \"s3://lakehouse/wh/\"");
        assertThat(result.err()).contains("a warehouse's name");
    }

    @Test
    void aWrongClientIsRefusedInOneSentenceWithoutSecrets() {
        assertRefused(scan(tss().with("TSS_STORAGE_ICEBERG_CREDENTIAL", "selector:wrong-secret")),
                "opening the catalog");
        assertRefused(scan(tss().with("TSS_STORAGE_ICEBERG_CREDENTIAL", "").with("TSS_STORAGE_ICEBERG_TOKEN",
                "wrong-token")), "opening the catalog");
        catalog.setOutage(true);
        assertRefused(scan(tss()), "opening the catalog");
    }

    @Test
    void nothingSecretIsShown() {
        load(tss(), 2);
        Tss shown = tss().with("TSS_STORAGE_ICEBERG_TOKEN", "wrong-token");
        Tss.Result config = shown.run("config").ok();
        Tss.Result traced = shown.with("TSS_STORAGE_ICEBERG_CREDENTIAL", "selector:wrong-secret")
                .run("scan", "--once", "--stacktrace", "--table", TABLE, "--policies", policies.toString());
        assertThat(traced.exitCode()).isEqualTo(ExitCode.FAILED);
        assertThat(traced.err()).contains("\tat ").doesNotContain("wrong-secret", "wrong-token");
        assertThat(config.out()).doesNotContain("client-secret-1", "wrong-token").contains("credential: '***'");
    }

    private void assertRefused(Tss.Result result, String place) {
        assertThat(result.exitCode()).as("%s", result).isEqualTo(ExitCode.FAILED);
        assertThat(result.err().strip()).startsWith("error: ").contains(place).hasLineCount(1)
                .doesNotContain("Exception", "client-secret-1", "wrong-secret", "wrong-token", "vended-secret",
                        "vended-session");
        catalog.tokensEver().forEach(token -> assertThat(result.err()).doesNotContain(token));
    }
}
