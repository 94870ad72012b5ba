package dev.tailsampling.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.iceberg.catalog.TableIdentifier;
import org.apache.iceberg.jdbc.JdbcCatalog;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A PostgreSQL database as catalog, of which others made use before, with a user and a password through properties. */
@Timeout(value = 5, unit = TimeUnit.MINUTES)
class PostgresCatalogIT {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String TABLE = "default.otel-traces-raw";
    private static final String PASSWORD = "selectors-password";

    @TempDir
    private static Path shared;

    private static EmbeddedPostgres postgres;
    private static RealSet set;
    private static Path policies;

    @TempDir
    private Path home;

    @BeforeAll
    static void startAndWrite() throws IOException, SQLException {
        postgres = start();
        try (Connection connection = postgres.getPostgresDatabase().getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute("CREATE ROLE selector LOGIN PASSWORD '" + PASSWORD + "'");
            statement.execute("CREATE DATABASE lake OWNER selector");
        }
        set = RealSet.open("opensearch-otel", shared);
        policies = Files.writeString(shared.resolve("policies.yaml"), """
                policies:
                  - {name: errors, type: status_code, status_code: {status_codes: [ERROR]}}
                """);
        writeTopic();
    }

    private static EmbeddedPostgres start() {
        try {
            return EmbeddedPostgres.builder().start();
        } catch (IOException | IllegalStateException e) {
            return Assumptions.abort("no PostgreSQL server can be started here (as root it needs unshare): " + e);
        }
    }

    private static String url() {
        return "jdbc:postgresql://localhost:" + postgres.getPort() + "/lake";
    }

    private static void writeTopic() throws IOException {
        try (JdbcCatalog catalog = new JdbcCatalog()) {
            catalog.initialize("analytics", Map.of("uri", url(), "jdbc.user", "selector", "jdbc.password", PASSWORD,
                    "jdbc.schema-version", "V1", "warehouse", warehouse().toString(), "io-impl",
                    "dev.tailsampling.lake.LocalFileIO"));
            List<byte[]> values = Files.readAllLines(set.lines()).stream()
                    .map(line -> line.getBytes(StandardCharsets.UTF_8)).toList();
            PlainIcebergTopic.create(catalog, TableIdentifier.of("default", "otel-traces-raw"),
                    Instant.now().minus(Duration.ofHours(1))).write(values, 1 + values.size() / 3);
        }
    }

    private static Path warehouse() {
        return shared.resolve("warehouse");
    }

    @AfterAll
    static void stop() throws IOException {
        if (postgres != null) {
            postgres.close();
        }
    }

    private Tss tss() {
        return new Tss(home).with("TSS_STORAGE_ICEBERG_CATALOG_URI", url())
                .with("TSS_STORAGE_ICEBERG_CATALOG_NAME", "analytics")
                .with("TSS_STORAGE_ICEBERG_WAREHOUSE", warehouse().toString())
                .with("TSS_STORAGE_ICEBERG_PROPERTIES", "jdbc.user=selector,jdbc.password=" + PASSWORD);
    }

    private static Tss.Result scan(Tss tss, String table) {
        return tss.run("scan", "--once", "--table", table, "--policies", policies.toString(), "--output", "json");
    }

    @Test
    void tablesAreFoundReadAndCreated() throws IOException, SQLException {
        JsonNode first = JSON.readTree(scan(tss(), TABLE).ok().out());
        assertThat(first.get("spans_read")).isEqualTo(set.facts().get("spans"));
        assertThat(first.get("traces_completed")).isEqualTo(set.facts().get("traces"));
        assertThat(JSON.readTree(scan(tss(), TABLE).ok().out()).get("spans_read").asInt()).isZero();
        assertThat(tss().run("decisions", "--table", TABLE, "--outcome", "SAMPLED", "--output", "json").ok().lines())
                .hasSize(set.facts().get("errorTraces").asInt());

        assertThat(tableNames()).contains("otel-traces-raw", "trace_decisions");
        assertThat(home.resolve("catalog.db")).doesNotExist();
    }

    private static List<String> tableNames() throws SQLException {
        List<String> names = new ArrayList<>();
        try (Connection connection = postgres.getDatabase("selector", "lake").getConnection();
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("SELECT table_name FROM iceberg_tables")) {
            while (rows.next()) {
                names.add(rows.getString(1));
            }
        }
        return names;
    }

    @Test
    void aDatabaseThatIsNotThereIsNamedWithoutThePassword() {
        Tss.Result result =
                scan(tss().with("TSS_STORAGE_ICEBERG_CATALOG_URI", url() + "_of_others?password=" + PASSWORD),
                        TABLE);
        assertThat(result.exitCode()).as("%s", result).isEqualTo(ExitCode.FAILED);
        assertThat(result.err().strip()).startsWith("error: opening the catalog at jdbc:postgresql://localhost")
                .hasLineCount(1).contains("password=***").doesNotContain(PASSWORD, "Exception");
    }
}
