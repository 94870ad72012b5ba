package dev.tailsampling.cli;

import dev.tailsampling.generate.Delivery;
import dev.tailsampling.generate.GeneratedMessage;
import dev.tailsampling.generate.Profile;
import dev.tailsampling.generate.TraceGenerator;
import dev.tailsampling.generate.TraceLoad;
import dev.tailsampling.otlp.OtlpJsonWriter;
import java.io.BufferedWriter;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.function.ToIntFunction;
import java.util.zip.GZIPOutputStream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;

/** {@code tss generate}: seeded load. */
@Command(name = "generate",
        description = {"Makes traces from a seed: to a table as AutoMQ Table Topic would write them,",
                "or to a file of OTLP JSON lines. The same arguments give the same spans."})
final class GenerateCommand implements Callable<Integer> {

    private static final String DEFAULT_START = "2025-01-01T00:00:00Z";

    @ParentCommand
    private Main main;

    @Mixin
    private OutputOption output;

    @Option(names = "--traces", paramLabel = "N", required = true, description = "How many traces.")
    private long traces;

    @Option(names = "--seed", paramLabel = "S", defaultValue = "1", description = "Default: ${DEFAULT-VALUE}.")
    private long seed;

    @Option(names = "--profile", paramLabel = "P", defaultValue = "mixed", description = {
            "mixed, small, sql, long, attributes or wide (default: ${DEFAULT-VALUE})."})
    private String profileName = "mixed";

    @Option(names = "--rate", paramLabel = "TRACES_PER_SECOND", defaultValue = "100",
            description = "How fast traces begin, in their own time (default: ${DEFAULT-VALUE}).")
    private double tracesPerSecond;

    @Option(names = "--start", paramLabel = "INSTANT", defaultValue = DEFAULT_START,
            description = "When the first trace begins (default: ${DEFAULT-VALUE}).")
    private String start = DEFAULT_START;

    @Option(names = "--late-share", paramLabel = "SHARE", description = "Share of traces with spans that come late.")
    private @Nullable Double lateShare;

    @Option(names = "--duplicate-share", paramLabel = "SHARE", description = "Share of messages that are sent twice.")
    private @Nullable Double duplicateShare;

    @Option(names = "--error-share", paramLabel = "SHARE", description = "Share of traces with an error.")
    private @Nullable Double errorShare;

    @Option(names = "--giant", paramLabel = "SPANS", description = "Adds one trace of exactly so many spans.")
    private @Nullable Integer giantSpans;

    @Option(names = "--marathon", paramLabel = "HOURS",
            description = "Adds one trace that lasts so many hours, with silences of 50 minutes.")
    private @Nullable Integer marathonHours;

    @Option(names = "--commit-interval", paramLabel = "SECONDS", defaultValue = "60",
            description = "Time between the table's commits, in the traces' own time (default: ${DEFAULT-VALUE}).")
    private int commitSeconds;

    @Mixin
    private TopicOptions topic;

    @ArgGroup(exclusive = true, multiplicity = "1")
    private Target target;

    /** One of the two. */
    static final class Target {
        @Option(names = "--table", paramLabel = "NS.NAME", required = true, description = "Writes to this table.")
        private @Nullable String table;

        @Option(names = "--out", paramLabel = "FILE", required = true, description = {
                "Writes OTLP JSON lines to this file; gzip if it ends in .gz, \"-\" is standard output."})
        private @Nullable String file;
    }

    @Override
    public Integer call() {
        TraceGenerator generator = new TraceGenerator(load());
        if (target.table != null) {
            toTable(generator, TableOption.checked(target.table));
        } else if (target.file != null) {
            toFile(generator, target.file);
        }
        return ExitCode.OK;
    }

    private TraceLoad load() {
        try {
            return new TraceLoad(seed, profile(), traces,
                    new TraceLoad.Arrivals(Instant.parse(start), tracesPerSecond));
        } catch (DateTimeParseException e) {
            throw new UsageException("--start looks like " + DEFAULT_START + ", not like " + start);
        } catch (IllegalArgumentException e) {
            throw new UsageException(String.valueOf(e.getMessage()));
        }
    }

    private Profile profile() {
        Profile profile = Profile.named(profileName);
        Delivery delivery = profile.delivery();
        if (lateShare != null) {
            delivery = delivery.withLate(lateShare, delivery.lateDelay());
        }
        if (duplicateShare != null) {
            delivery = delivery.withDuplicates(duplicateShare);
        }
        profile = profile.with(delivery);
        if (errorShare != null) {
            profile = profile.with(profile.content().withErrors(errorShare));
        }
        if (giantSpans != null) {
            profile = profile.withGiant(giantSpans);
        }
        return marathonHours == null
                ? profile
                : profile.withMarathon(Duration.ofHours(marathonHours), Duration.ofMinutes(50));
    }

    private void toTable(TraceGenerator generator, String table) {
        if (commitSeconds < 1) {
            throw new UsageException("--commit-interval must be at least 1 second: " + commitSeconds);
        }
        try (Workspace workspace = main.openWorkspace();
                TopicLoader loader = new TopicLoader(workspace.messageWriter(table, topic), topic, main.clock())) {
            long[] nextCommit = {Long.MIN_VALUE};
            forEach(generator, message -> {
                if (message.timestampMillis() >= nextCommit[0]) {
                    loader.commitMore();
                    nextCommit[0] = message.timestampMillis() + commitSeconds * 1000L;
                }
                return loader.add(message.otlp(), message.timestampMillis());
            });
            loader.finish();
            LoadCommand.report(main.console(), output.format(), table, loader.loaded(), 0);
        }
    }

    private void toFile(TraceGenerator generator, String file) {
        long[] spans = {0};
        try (Writer writer = open(file)) {
            forEach(generator, message -> {
                write(writer, OtlpJsonWriter.toJson(message.otlp()));
                spans[0] += message.spans();
                return message.spans();
            });
        } catch (IOException e) {
            throw Unwritable.of(Path.of(file), e);
        }
        main.console().say(String.format(Locale.ROOT, "Wrote %,d spans to %s.", spans[0],
                file.equals("-") ? "standard output" : file));
    }

    private void forEach(TraceGenerator generator, ToIntFunction<GeneratedMessage> action) {
        try (Progress progress = new Progress(main.console(), main.clock(), "generating", "spans", 0)) {
            generator.forEachRemaining(message -> progress.add(action.applyAsInt(message)));
        }
    }

    private Writer open(String file) throws IOException {
        if (file.equals("-")) {
            return main.console().out();
        }
        OutputStream stream = new FileOutputStream(file);
        return new BufferedWriter(new OutputStreamWriter(file.endsWith(".gz") ? new GZIPOutputStream(stream) : stream,
                StandardCharsets.UTF_8));
    }

    private static void write(Writer writer, String line) {
        try {
            writer.write(line);
            writer.write('\n');
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
