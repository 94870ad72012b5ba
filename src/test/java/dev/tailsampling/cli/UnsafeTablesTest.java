package dev.tailsampling.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.trace.v1.ResourceSpans;
import io.opentelemetry.proto.trace.v1.ScopeSpans;
import io.opentelemetry.proto.trace.v1.Span;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.apache.iceberg.DeleteFile;
import org.apache.iceberg.FileFormat;
import org.apache.iceberg.FileMetadata;
import org.apache.iceberg.Table;
import org.apache.iceberg.catalog.TableIdentifier;
import org.apache.iceberg.jdbc.JdbcCatalog;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a command says of tables that cannot be read safely, or not yet. The tables are not written by our writer. */
class UnsafeTablesTest {

    private static final TableIdentifier TABLE = TableIdentifier.of("default", "otel-traces-raw");
    private static final Instant AN_HOUR_AGO = Instant.now().minus(Duration.ofHours(1));
    private static final byte[] MESSAGE = message();

    @TempDir
    private Path home;

    private JdbcCatalog catalog;

    @BeforeEach
    void open() throws IOException {
        Files.createDirectories(home.resolve("warehouse"));
        catalog = new JdbcCatalog();
        catalog.initialize("lake", Map.of("uri", "jdbc:sqlite:" + home.resolve("catalog.db"), "clients", "1",
                "jdbc.schema-version", "V1", "warehouse", home.resolve("warehouse").toString(), "io-impl",
                "dev.tailsampling.lake.LocalFileIO"));
    }

    @AfterEach
    void close() {
        catalog.close();
    }

    /** A span with bytes that are no UTF-8. */
    private static byte[] message() {
        byte[] id = {(byte) 0xc3, (byte) 0xff, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, (byte) 0x80};
        Span span = Span.newBuilder().setTraceId(ByteString.copyFrom(id)).setSpanId(ByteString.copyFrom(id, 0, 8))
                .setName("GET /").setStartTimeUnixNano(1).setEndTimeUnixNano(2).build();
        return ExportTraceServiceRequest.newBuilder().addResourceSpans(
                ResourceSpans.newBuilder().addScopeSpans(ScopeSpans.newBuilder().addSpans(span))).build().toByteArray();
    }

    private Tss.Result scan() {
        return new Tss(home).run("scan", "--once", "--table", TABLE.toString(), "--output", "json");
    }

    private static void assertRefused(Tss.Result result, String... said) {
        assertThat(result.exitCode()).as("%s", result).isEqualTo(ExitCode.FAILED);
        assertThat(result.err().strip()).startsWith("error: ").contains(TABLE.toString()).contains(said)
                .hasLineCount(1);
    }

    @Test
    void aTableThatDoesNotExistYetIsReadAsSoonAsItDoes() throws IOException {
        assertRefused(scan(), "does not exist (yet)", "automq.table.topic.enable=true");
        PlainIcebergTopic topic = PlainIcebergTopic.create(catalog, TABLE, AN_HOUR_AGO);
        assertThat(scan().ok().out()).as("without a snapshot").contains("\"spans_read\":0");
        topic.write(List.of(MESSAGE), 1);
        assertThat(scan().ok().out()).contains("\"spans_read\":1").contains("\"traces_completed\":1");
    }

    @Test
    void equalityDeletesAreRefusedWithTheRemedy() throws IOException {
        PlainIcebergTopic topic = PlainIcebergTopic.create(catalog, TABLE, AN_HOUR_AGO);
        topic.write(List.of(MESSAGE), 1);
        scan().ok();
        Table table = topic.table();
        int key = Objects.requireNonNull(table.schema().findField("_kafka_key")).fieldId();
        DeleteFile deletes = FileMetadata.deleteFileBuilder(table.spec()).ofEqualityDeletes(key)
                .withPath(table.location() + "/data/deletes.parquet").withFormat(FileFormat.PARQUET)
                .withFileSizeInBytes(10).withRecordCount(1).build();
        table.newRowDelta().addDeletes(deletes).commit();

        assertRefused(scan(), "has delete files", "automq.table.topic.upsert.enable");
    }

    @Test
    void protobufThatBecameTextIsRefusedWithTheRemedy() throws IOException {
        PlainIcebergTopic.createOfTexts(catalog, TABLE, AN_HOUR_AGO).write(List.of(MESSAGE), 1);

        assertRefused(scan(), "was protobuf before AutoMQ made it a text",
                "automq.table.topic.convert.value.type=raw", "automq.table.topic.schema.type=none");
    }

    @Test
    void poisonRowsAreDeadLettersAndTheOthersAreRead() throws IOException {
        PlainIcebergTopic.create(catalog, TABLE, AN_HOUR_AGO).write(List.of(new byte[]{0x7f, 1, 2}, MESSAGE,
                new byte[0], "{\"resourceSpans\":[{]}".getBytes(StandardCharsets.UTF_8), MESSAGE), 2);

        assertThat(scan().ok().out()).contains("\"spans_read\":2").contains("\"rows_undecodable\":2");
    }
}
