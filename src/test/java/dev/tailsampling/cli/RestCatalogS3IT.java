package dev.tailsampling.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A REST catalog with its tables in S3 instead of the embedded ones: environment variables are all that it takes. */
class RestCatalogS3IT {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String TABLE = "default.otel-traces-raw";
    private static final String WRONG_SECRET = "wrong-secret-key";
    private static final int COMMITS = 5;

    @TempDir
    private static Path shared;

    private static LocalS3 s3;
    private static LocalRestCatalog catalog;
    private static RealSet set;
    private static Path policies;

    @TempDir
    private Path home;

    @BeforeAll
    static void startServersAndLoadTraces(@TempDir Path home) throws Exception {
        s3 = LocalS3.start("lakehouse");
        catalog = LocalRestCatalog.start(shared.resolve("pointers.db"), s3);
        set = RealSet.open("opensearch-otel", shared);
        policies = Files.writeString(shared.resolve("policies.yaml"), """
                policies:
                  - {name: errors, type: status_code, status_code: {status_codes: [ERROR]}}
                """);
        JsonNode loaded = JSON.readTree(load(tss(home), TABLE).ok().out());
        assertThat(loaded.get("spans")).isEqualTo(set.facts().get("spans"));
        assertThat(loaded.get("commits").asInt()).isEqualTo(COMMITS);
        assertNoTablesUnder(home);
    }

    @AfterAll
    static void stopServers() {
        catalog.close();
        s3.close();
    }

    private static Tss tss(Path home) {
        return new Tss(home).with("TSS_STORAGE_ICEBERG_CATALOG_URI", catalog.uri().toString())
                .with("TSS_STORAGE_ICEBERG_WAREHOUSE", "wh")
                .with("TSS_STORAGE_ICEBERG_S3_ENDPOINT", s3.endpoint().toString())
                .with("TSS_STORAGE_ICEBERG_S3_ACCESS_KEY_ID", LocalS3.ACCESS_KEY_ID)
                .with("TSS_STORAGE_ICEBERG_S3_SECRET_ACCESS_KEY", LocalS3.SECRET_ACCESS_KEY)
                .with("TSS_STORAGE_ICEBERG_S3_REGION", LocalS3.REGION)
                .with("TSS_STORAGE_ICEBERG_S3_PATH_STYLE", "true");
    }

    private static Tss.Result load(Tss tss, String table) {
        return tss.run("load", "--table", table, "--commits", Integer.toString(COMMITS), "--output", "json",
                set.lines().toString());
    }

    private static Tss.Result scan(Tss tss) {
        return tss.run("scan", "--once", "--table", TABLE, "--policies", policies.toString(), "--output", "json");
    }

    @Test
    void scanKeepsExactlyTheErrorsAndReadsEachSpanOnce() throws IOException {
        Tss tss = tss(home);

        JsonNode first = JSON.readTree(scan(tss).ok().out());
        assertThat(first.get("spans_read")).isEqualTo(set.facts().get("spans"));
        assertThat(first.get("traces_completed")).isEqualTo(set.facts().get("traces"));
        assertThat(sampled(tss)).isEqualTo(errors());

        JsonNode second = JSON.readTree(scan(tss).ok().out());
        assertThat(second.get("spans_read").asInt()).isZero();
        assertThat(second.get("files_read").asInt()).isZero();
        assertThat(second.get("traces_completed").asInt()).isZero();
        assertThat(sampled(tss)).isEqualTo(errors());

        assertNoTablesUnder(home);
        assertTablesInS3();
    }

    private static Set<String> errors() {
        Set<String> ids = new TreeSet<>();
        set.facts().get("policySets").get(0).get("byErrors").forEach(id -> ids.add(id.asText()));
        assertThat(ids).hasSize(set.facts().get("errorTraces").asInt());
        return ids;
    }

    private static Set<String> sampled(Tss tss) throws IOException {
        List<String> lines = tss.run("decisions", "--table", TABLE, "--output", "json").ok().lines();
        assertThat(lines).hasSize(set.facts().get("traces").asInt());
        Set<String> ids = new TreeSet<>();
        for (String line : lines) {
            JsonNode decision = JSON.readTree(line);
            if (decision.get("outcome").asText().equals("SAMPLED")) {
                ids.add(decision.get("trace_id").asText());
            }
        }
        return ids;
    }

    private static void assertNoTablesUnder(Path home) throws IOException {
        try (Stream<Path> files = Files.walk(home)) {
            assertThat(files.filter(Files::isRegularFile).map(file -> home.relativize(file).toString()))
                    .allMatch(
                            file -> file.startsWith("state.db") || file.startsWith("export") || file.endsWith(".lock"));
        }
    }

    private static void assertTablesInS3() {
        List<String> keys = s3.keys();
        assertThat(keys).allMatch(key -> key.startsWith("wh/"));
        assertThat(keys.stream().filter(key -> key.endsWith(".parquet")).map(key -> key.split("/data/", 2)[0])
                .distinct()).as("tables with data files").contains("wh/default/otel-traces-raw").hasSize(2);
    }

    @Test
    void wrongCredentialsOfS3FailWithOneSentence() {
        Tss tss = tss(home).with("TSS_STORAGE_ICEBERG_S3_SECRET_ACCESS_KEY", WRONG_SECRET);
        assertRefused(scan(tss), catalog.uri().toString());
        assertRefused(load(tss, "default.refused"), catalog.uri().toString());
    }

    @Test
    void unreachableCatalogFailsWithOneSentence() throws IOException {
        String nobody = "http://127.0.0.1:" + freePort();
        Tss tss = tss(home).with("TSS_STORAGE_ICEBERG_CATALOG_URI", nobody);
        assertRefused(scan(tss), nobody);
        assertRefused(load(tss, "default.refused"), nobody);
        assertRefused(tss.run("decisions", "--table", TABLE), nobody);
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    private static void assertRefused(Tss.Result result, String uri) {
        assertThat(result.exitCode()).as("%s", result).isEqualTo(ExitCode.FAILED);
        assertThat(result.out()).isEmpty();
        assertThat(result.err().strip()).startsWith("error: ").contains(uri).hasLineCount(1)
                .doesNotContain("Exception");
        assertNoSecrets(result);
    }

    private static void assertNoSecrets(Tss.Result result) {
        assertThat(result.err()).doesNotContain(WRONG_SECRET, LocalS3.SECRET_ACCESS_KEY, LocalS3.ACCESS_KEY_ID);
    }
}
