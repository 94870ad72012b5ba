package dev.tailsampling.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tailsampling.cli.DestinationPlan.Guard;
import dev.tailsampling.cli.DestinationPlan.Sharing;
import dev.tailsampling.config.ConfigLoader;
import dev.tailsampling.config.ExportConfig;
import dev.tailsampling.export.FileExporter;
import dev.tailsampling.selector.DestinationObserver;
import dev.tailsampling.selector.ExportOutcome;
import dev.tailsampling.selector.SampledTrace;
import dev.tailsampling.selector.TraceExporter;
import dev.tailsampling.trace.TraceId;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

@Timeout(60)
class ExportOptionsTest {

    private static final ExportOutcome DONE = new ExportOutcome.Exported(0, "");

    @TempDir
    private Path folder;

    private ExportOptions options(String... arguments) {
        return CommandLine.populateCommand(new ExportOptions(), arguments);
    }

    private static ExportConfig config(String yaml) {
        return new ConfigLoader(Map.of()).parse(yaml, "c.yaml").export();
    }

    private final List<ExportOptions.Destination> opened = new ArrayList<>();

    @AfterEach
    void close() {
        opened.forEach(destination -> destination.exporter().close());
    }

    private ExportOptions.Destination open(ExportOptions options, String yaml) {
        opened.add(options.open(config(yaml), folder.resolve("default.jsonl"), InstantSource.system()));
        return opened.getLast();
    }

    /** An exporter under another name. */
    private record Renamed(String name, TraceExporter exporter) implements TraceExporter {

        @Override
        public ExportOutcome export(List<SampledTrace> batch) {
            return exporter.export(batch);
        }

        @Override
        public ExportOutcome flush() {
            return exporter.flush();
        }

        @Override
        public void close() {
            exporter.close();
        }
    }

    private static SampledTrace keptBy(String policy) {
        return new SampledTrace(new TraceId(1, 2), new byte[0], 3, policy, null);
    }

    /** A port that nobody listens at. */
    private static int closedPort() throws Exception {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    @Test
    void theDefaultFileIsUsedWhenThereIsNothingElse() {
        assertThat(open(options(), "").exporter().name()).isEqualTo("file");
        assertThat(open(options(), "").description()).isEqualTo(folder.resolve("default.jsonl").toString());
        assertThat(open(options("--export-otlp-grpc", "http://c:4317"), "").exporter().name()).isEqualTo("otlp_grpc");
    }

    @Test
    void optionsGoBeforeTheConfiguration() {
        String yaml = "export: {otlp_http: {endpoint: 'http://a:1'}, otlp_grpc: {endpoint: 'http://b:2'}}";

        assertThat(open(options(), yaml).description()).isEqualTo("http://a:1 and http://b:2");
        ExportOptions.Destination all = open(options("--export-otlp", "http://c:3", "--export-otlp-grpc",
                "https://d:4", "--export-file", folder.resolve("x").toString()), yaml);
        assertThat(all.description()).isEqualTo("http://c:3 and https://d:4 and " + folder.resolve("x"));
        assertThat(all.exporter().name()).isEqualTo("otlp_http+otlp_grpc+file");
    }

    @Test
    void whatCannotBeUsedIsSaidBeforeAnythingIsOpened() {
        assertThatExceptionOfType(UsageException.class)
                .isThrownBy(() -> open(options("--export-otlp-grpc", "http://c:4317/v1/traces"), ""))
                .withMessage("the OTLP/gRPC endpoint cannot be used: an OTLP/gRPC endpoint looks like "
                        + "https://host:4317, without a path");
        assertThatExceptionOfType(UsageException.class)
                .isThrownBy(() -> open(options("--export-otlp", "http://c:4318"),
                        "export: {routes: [{policy: errors, to: kafka}]}"))
                .withMessage("export.routes sends traces to kafka, which is not set up (there is otlp_http): configure "
                        + "it, or take it out of the routes");
        assertThatExceptionOfType(UsageException.class)
                .isThrownBy(() -> open(options("--export-otlp", "http://c:4318"), "export: {default_to: file}"))
                .withMessageStartingWith("export.default_to sends traces to file, which is not set up");
    }

    @Test
    void usersOfOneFileShareItAndTheLastClosesIt() throws Exception {
        ExportOptions options = options("--export-file", folder.resolve("out.jsonl").toString());
        ExportOptions.Destination one = open(options, "");
        ExportOptions.Destination two = open(options, "");
        assertThat(one.exporter().export(List.of(keptBy("a")))).isEqualTo(DONE);
        one.exporter().close();
        assertThat(two.exporter().export(List.of(keptBy("b")))).isEqualTo(DONE);
        two.exporter().close();
        assertThat(open(options, "").exporter().export(List.of(keptBy("c")))).isEqualTo(DONE);

        assertThat(Files.readAllLines(folder.resolve("out.jsonl"))).hasSize(3);
    }

    @Test
    void routesAndOtherDestinationsAreUsed() throws Exception {
        Path other = folder.resolve("other.jsonl");
        DestinationPlan kafka = new DestinationPlan("kafka", "a topic", () -> new Renamed("kafka",
                new FileExporter(other)), Sharing.NOBODY, Guard.NONE);
        ExportOptions.Destination both = options("--export-file", folder.resolve("out.jsonl").toString()).open(
                config("export: {routes: [{policy: 'e*', to: kafka}], default_to: file}"),
                folder.resolve("default.jsonl"), InstantSource.system(), List.of(kafka));
        both.exporter().begin("g");
        both.exporter().export(List.of(keptBy("errors"), keptBy("slow"), keptBy("errors")));
        both.exporter().flush();

        assertThat(Files.readAllLines(other)).hasSize(2);
        assertThat(Files.readAllLines(folder.resolve("out.jsonl"))).hasSize(1);
    }

    @Test
    void aServerThatIsAwayIsAProblemThatIsToldByItsName() throws Exception {
        List<String> told = new ArrayList<>();
        ExportOptions options = options("--export-otlp-grpc", "http://127.0.0.1:" + closedPort(), "--export-file",
                folder.resolve("out.jsonl").toString());
        options.watchedBy(new DestinationObserver() {
            @Override
            public synchronized void ended(String destination, Batch batch) {
                told.add(destination + " " + batch.outcome().getClass().getSimpleName() + " " + batch.spans());
            }

            @Override
            public void queued(String destination, long bytes) {}

            @Override
            public synchronized void breaker(String destination, BreakerState state) {
                told.add(destination + " " + state);
            }
        });
        ExportOptions.Destination both = open(options, "export: {otlp_grpc: {max_attempts: 1}}");
        assertThat(options.problem()).isEmpty();
        for (int group = 0; group < 2; group++) {
            both.exporter().begin("group " + group);
            assertThat(both.exporter().export(List.of(keptBy("a")))).isInstanceOf(ExportOutcome.Unknown.class);
            both.exporter().flush();
        }

        assertThat(options.problem()).hasValueSatisfying(problem -> assertThat(problem).contains("UNAVAILABLE"));
        assertThat(told).containsExactlyInAnyOrder("otlp_grpc Unknown 3", "otlp_grpc Unknown 3", "otlp_grpc OPEN",
                "file Exported 3", "file Exported 3");
    }

    @Test
    void whatIsOpenIsClosedWhenALaterDestinationCannotBeOpened() {
        AtomicInteger closed = new AtomicInteger();
        DestinationPlan well = new DestinationPlan("datadog", "here", () -> new Closing(closed), Sharing.NOBODY,
                Guard.NONE);
        DestinationPlan spoiled = new DestinationPlan("kafka", "there", () -> {
            throw new IllegalStateException("no");
        }, Sharing.NOBODY, Guard.NONE);

        assertThatThrownBy(() -> options().open(config(""), folder.resolve("default.jsonl"), InstantSource.system(),
                List.of(well, spoiled))).isInstanceOf(IllegalStateException.class);
        assertThat(closed).hasValue(1);
    }

    /** Counts how often it is closed. */
    private record Closing(AtomicInteger closed) implements TraceExporter {

        @Override
        public String name() {
            return "datadog";
        }

        @Override
        public ExportOutcome export(List<SampledTrace> batch) {
            return new ExportOutcome.Exported(0, "");
        }

        @Override
        public ExportOutcome flush() {
            return new ExportOutcome.Exported(0, "");
        }

        @Override
        public void close() {
            closed.incrementAndGet();
        }
    }
}
