package dev.tailsampling.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import org.apache.iceberg.catalog.TableIdentifier;
import org.apache.iceberg.rest.RESTCatalog;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Somebody else's catalog and store, and a table that our writer did not write: an OAuth2 client's id and secret are all that
 * the selector is given, so that it has to live on what the catalog vends.
 */
@Timeout(value = 5, unit = TimeUnit.MINUTES)
class SeaweedFsCatalogIT {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String TABLE = "default.otel-traces-raw";
    private static final String CLIENT = LocalSeaweedFs.ACCESS_KEY_ID + ":" + LocalSeaweedFs.SECRET_ACCESS_KEY;

    @TempDir
    private static Path shared;

    private static LocalSeaweedFs seaweed;
    private static RealSet set;
    private static Path policies;

    @TempDir
    private Path home;

    @BeforeAll
    static void startAndWrite() throws IOException {
        seaweed = LocalSeaweedFs.start(shared);
        set = RealSet.open("opensearch-otel", shared);
        policies = Files.writeString(shared.resolve("policies.yaml"), """
                policies:
                  - {name: errors, type: status_code, status_code: {status_codes: [ERROR]}}
                """);
        try (RESTCatalog catalog = new RESTCatalog()) {
            catalog.initialize("writer", Map.of("uri", seaweed.catalog().toString(), "warehouse",
                    LocalSeaweedFs.WAREHOUSE, "credential", CLIENT, "rest.auth.type", "oauth2", "oauth2-server-uri",
                    seaweed.catalog() + "/v1/oauth/tokens", "header.X-Iceberg-Access-Delegation",
                    "vended-credentials", "io-impl", "org.apache.iceberg.aws.s3.S3FileIO", "http-client.type",
                    "urlconnection", "s3.client-factory-impl", "dev.tailsampling.lake.S3ClientFactory"));
            List<byte[]> values = Files.readAllLines(set.lines()).stream()
                    .map(line -> line.getBytes(StandardCharsets.UTF_8)).toList();
            PlainIcebergTopic.create(catalog, TableIdentifier.of("default", "otel-traces-raw"),
                    Instant.now().minus(Duration.ofHours(1))).write(values, 1 + values.size() / 7);
        }
    }

    @AfterAll
    static void stop() {
        if (seaweed != null) {
            seaweed.close();
        }
    }

    private Tss tss() {
        return new Tss(home).with("TSS_STORAGE_ICEBERG_CATALOG_URI", seaweed.catalog().toString())
                .with("TSS_STORAGE_ICEBERG_WAREHOUSE", LocalSeaweedFs.WAREHOUSE)
                .with("TSS_STORAGE_ICEBERG_CREDENTIAL", CLIENT);
    }

    private static Tss.Result scan(Tss tss) {
        return tss.run("scan", "--once", "--table", TABLE, "--policies", policies.toString(), "--output", "json");
    }

    @Test
    void aForeignTableIsSampledWithVendedCredentials() throws IOException {
        JsonNode first = JSON.readTree(scan(tss()).ok().out());
        assertThat(first.get("spans_read")).isEqualTo(set.facts().get("spans"));
        assertThat(first.get("traces_completed")).isEqualTo(set.facts().get("traces"));
        assertThat(sampled(tss())).isEqualTo(errors());

        JsonNode second = JSON.readTree(scan(tss()).ok().out());
        assertThat(second.get("spans_read").asInt()).isZero();
        assertThat(second.get("traces_completed").asInt()).isZero();
        String kept = errors().iterator().next();
        assertThat(tss().run("explain", "--table", TABLE, kept).ok().out()).contains(kept).contains("errors");
    }

    private static Set<String> errors() {
        Set<String> ids = new TreeSet<>();
        set.facts().get("policySets").get(0).get("byErrors").forEach(id -> ids.add(id.asText()));
        return ids;
    }

    private static Set<String> sampled(Tss tss) throws IOException {
        Set<String> ids = new TreeSet<>();
        for (String line : tss.run("decisions", "--table", TABLE, "--outcome", "SAMPLED", "--output", "json").ok()
                .lines()) {
            ids.add(JSON.readTree(line).get("trace_id").asText());
        }
        return ids;
    }

    @Test
    void ourOwnWriterGetsAlongWithVendedCredentialsToo() throws IOException {
        JsonNode loaded = JSON.readTree(tss().run("load", "--table", "default.loaded", "--commits", "3", "--output",
                "json", set.lines().toString()).ok().out());
        assertThat(loaded.get("spans")).isEqualTo(set.facts().get("spans"));
        assertThat(loaded.get("commits").asInt()).isEqualTo(3);
    }

    @Test
    void staticKeysAreUsedWhereTheyAreGiven() throws IOException {
        Tss own = tss().with("TSS_STORAGE_ICEBERG_S3_ENDPOINT", seaweed.s3().toString())
                .with("TSS_STORAGE_ICEBERG_S3_ACCESS_KEY_ID", LocalSeaweedFs.ACCESS_KEY_ID)
                .with("TSS_STORAGE_ICEBERG_S3_SECRET_ACCESS_KEY", LocalSeaweedFs.SECRET_ACCESS_KEY)
                .with("TSS_STORAGE_ICEBERG_NAMESPACE", "own_keys");
        assertThat(JSON.readTree(scan(own).ok().out()).get("spans_read")).isEqualTo(set.facts().get("spans"));

        Tss.Result wrong = scan(own.with("TSS_STORAGE_ICEBERG_S3_SECRET_ACCESS_KEY", "wrong-secret"));
        assertRefused(wrong);
    }

    @Test
    void aWrongClientIsRefused() {
        assertRefused(scan(tss().with("TSS_STORAGE_ICEBERG_CREDENTIAL", "weed-admin:wrong-secret")));
    }

    private static void assertRefused(Tss.Result result) {
        assertThat(result.exitCode()).as("%s", result).isEqualTo(ExitCode.FAILED);
        assertThat(result.err().strip()).startsWith("error: ").contains(seaweed.catalog().toString()).hasLineCount(1)
                .doesNotContain("Exception", "wrong-secret", LocalSeaweedFs.SECRET_ACCESS_KEY);
    }
}
