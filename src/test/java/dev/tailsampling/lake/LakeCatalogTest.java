package dev.tailsampling.lake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpServer;
import dev.tailsampling.lake.CatalogSettings.Type;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.iceberg.Table;
import org.apache.iceberg.aws.s3.S3FileIO;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LakeCatalogTest {

    private static Table create(LakeCatalog catalog, String name) {
        return catalog.findOrCreate(TableName.of(name), TableTopicSchema.SCHEMA, TableTopicSchema.spec(0), Map.of());
    }

    @Test
    void theEmbeddedCatalogOutlivesItsProcess(@TempDir Path directory) {
        Path home = directory.resolve("new home/state");
        try (LakeCatalog catalog = LakeCatalog.open(CatalogSettings.embedded(home))) {
            assertThat(catalog.find(TableName.of("otel.spans"))).isEmpty();
            create(catalog, "otel.spans");
        }
        try (LakeCatalog catalog = LakeCatalog.open(CatalogSettings.embedded(home))) {
            assertThat(catalog.find(TableName.of("otel.spans"))).get().extracting(Table::location)
                    .isEqualTo(home.resolve("warehouse/otel/spans").toString());
        }
    }

    @Test
    void theFirstDotSeparatesTheNamespace() {
        try (TestLake lake = TestLake.inMemory()) {
            create(lake.catalog, "default.otel.traces-raw");
            assertThat(TableName.of("default.otel.traces-raw").identifier().namespace().levels())
                    .containsExactly("default");
            assertThat(lake.catalog.find(TableName.of("default.otel.traces-raw"))).isPresent();
        }
    }

    @Test
    void namespacesOfSeveralLevelsAreFoundToo() {
        try (TestLake lake = TestLake.inMemory()) {
            lake.catalog.findOrCreate(TableName.in("lake.otel", "spans"), TableTopicSchema.SCHEMA,
                    TableTopicSchema.spec(0), Map.of());
            assertThat(lake.catalog.find(TableName.of("lake.otel.spans"))).isPresent();
        }
    }

    @Test
    void namesThatAreNoneAreRefused() {
        for (String name : List.of("", " ", ".spans", "otel.", "otel..spans")) {
            assertThatThrownBy(() -> TableName.of(name)).isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("namespace.table");
        }
    }

    @Test
    void filesAreNamedByPathsAndByUris(@TempDir Path directory) throws IOException {
        LocalFileIO io = new LocalFileIO();
        Path file = directory.resolve("a b/c%20d");
        for (String name : List.of(file.toString(), "file:" + file, "file://" + file)) {
            try (var out = io.newOutputFile(name).create()) {
                out.write(7);
            }
            assertThat(file).hasSize(1);
            assertThat(io.newInputFile(name).getLength()).isEqualTo(1);
            assertThat(io.newInputFile(name).exists()).isTrue();
            io.deleteFile(name);
            assertThat(file).doesNotExist();
            io.deleteFile(name);
        }
        java.nio.file.Files.createDirectories(file.resolve("child"));
        assertThatThrownBy(() -> io.deleteFile(file.toString())).isInstanceOf(UncheckedIOException.class)
                .hasMessageContaining("Failed to delete file: " + file);
    }

    @Test
    void anUnreachableServiceIsNamedWithoutSecrets() {
        CatalogSettings settings = new CatalogSettings(Type.REST, "http://me:hidden-1@127.0.0.1:1/catalog", "demo",
                Map.of("token", "hidden-2", "s3.secret-access-key", "hidden-3"));

        assertOpeningFails(settings, "opening the catalog at http://me:***@127.0.0.1:1/catalog failed");
        assertThat(settings.toString()).contains("token=***").doesNotContain("hidden");
    }

    @Test
    void anUnknownDatabaseIsNamedWithoutSecrets() {
        CatalogSettings settings =
                new CatalogSettings(Type.JDBC, "jdbc:nosuch://db:1/x?user=me&password=hidden-1", "/tmp",
                        Map.of("jdbc.password", "hidden-2"));

        assertOpeningFails(settings, "opening the catalog at jdbc:nosuch://db:1/x?user=me&password=*** failed");
    }

    private static void assertOpeningFails(CatalogSettings settings, String message) {
        ThrowingCallable open = () -> LakeCatalog.open(settings).close();
        assertThatThrownBy(open).isInstanceOf(UncheckedIOException.class).hasMessageContaining(message)
                .hasMessageContaining("check that the address and the credentials are right")
                .satisfies(thrown -> {
                    StringWriter trace = new StringWriter();
                    thrown.printStackTrace(new PrintWriter(trace));
                    assertThat(trace.toString()).doesNotContain("hidden");
                });
    }

    @Test
    void aRestCatalogIsOpenedByConfigurationAlone() throws IOException {
        List<String> requests = new ArrayList<>();
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> {
            requests.add(exchange.getRequestURI() + " " + exchange.getRequestHeaders().getFirst("Authorization"));
            boolean config = exchange.getRequestURI().getPath().endsWith("/v1/config");
            byte[] body = (config
                    ? "{\"defaults\":{},\"overrides\":{}}"
                    : "{\"error\":{\"message\":\"gone\",\"type\":\"NoSuchTableException\",\"code\":404}}")
                    .getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().add("Content-Type", "application/json");
            exchange.sendResponseHeaders(config ? 200 : 404, body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        });
        server.start();
        String uri = "http://127.0.0.1:" + server.getAddress().getPort() + "/catalog";
        try (LakeCatalog catalog = LakeCatalog.open(new CatalogSettings(Type.REST, uri, "demo",
                Map.of("token", "t0k", "s3.endpoint", "http://127.0.0.1:1")))) {
            assertThat(catalog.find(TableName.of("otel.spans"))).isEmpty();
        } finally {
            server.stop(0);
        }

        assertThat(requests).first().asString().isEqualTo("/catalog/v1/config?warehouse=demo Bearer t0k");
        assertThat(requests).last().asString().startsWith("/catalog/v1/namespaces/otel/tables/spans");
    }

    @Test
    void objectStoresGetTheirClient() {
        Map<String, String> minio = new CatalogSettings(Type.JDBC, "jdbc:sqlite:x.db", "s3://bucket/wh",
                Map.of("s3.endpoint", "http://minio:9000", "client.region", "eu-1")).icebergProperties();
        assertThat(minio).containsEntry("io-impl", "org.apache.iceberg.aws.s3.S3FileIO")
                .containsEntry("http-client.type", "urlconnection").containsEntry("s3.path-style-access", "true")
                .containsEntry("client.region", "eu-1");
        Map<String, String> own = new CatalogSettings(Type.REST, "http://x", "demo", Map.of("client.factory", "Mine"))
                .icebergProperties();
        assertThat(own).containsEntry("client.factory", "Mine").doesNotContainKey("s3.client-factory-impl");
    }

    /** Some stores refuse the checksum that the AWS SDK sends behind the content of every upload. */
    @Test
    void uploadsToOtherStoresThanAwsHaveNoTrailingChecksum() throws IOException {
        List<String> uploads = new ArrayList<>();
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> {
            Headers headers = exchange.getRequestHeaders();
            String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
            uploads.add(exchange.getRequestMethod() + " " + exchange.getRequestURI() + " with trailer "
                    + headers.getFirst("x-amz-trailer") + (body.contains("checksum") ? " and checksum" : ""));
            exchange.getResponseHeaders().add("ETag", "\"1\"");
            exchange.sendResponseHeaders(200, -1);
            exchange.close();
        });
        server.start();
        CatalogSettings settings = new CatalogSettings(Type.JDBC, "jdbc:sqlite:x.db", "s3://bucket/wh",
                Map.of("s3.endpoint", "http://127.0.0.1:" + server.getAddress().getPort(), "s3.access-key-id", "a",
                        "s3.secret-access-key", "b"));
        try (S3FileIO io = new S3FileIO()) {
            io.initialize(settings.icebergProperties());
            try (OutputStream out = io.newOutputFile("s3://bucket/wh/file").createOrOverwrite()) {
                out.write("content".getBytes(StandardCharsets.UTF_8));
            }
        } finally {
            server.stop(0);
        }

        assertThat(uploads).containsExactly("PUT /bucket/wh/file with trailer null");
    }
}
