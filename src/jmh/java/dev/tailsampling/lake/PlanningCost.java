package dev.tailsampling.lake;

import dev.tailsampling.lake.CountingFileIO.Counts;
import dev.tailsampling.selector.SourceCursor;
import dev.tailsampling.selector.SourceRow;
import dev.tailsampling.selector.SpanSink;
import dev.tailsampling.trace.SpanView;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;

/**
 * What a cycle over one new minute costs after histories of different lengths: {@code PlanningCost FILES_PER_COMMIT
 * COMMITS…}. Prints a row of a table for each number of commits.
 */
public final class PlanningCost {

    /** So many cycles let the compiler settle. */
    private static final int WARM_UP = 200;
    private static final int CYCLES = 40;
    private static final double NANOS_PER_MILLI = 1e6;
    private static final SpanSink IGNORED = new SpanSink() {
        @Override
        public void span(SpanView span, SourceRow row) {}

        @Override
        public void undecodable(SourceRow row, String reason) {
            throw new IllegalStateException(reason);
        }

        @Override
        public void unreadable(String path, String reason) {
            throw new IllegalStateException(reason);
        }
    };

    private PlanningCost() {}

    /** Runs it in a temporary folder. */
    public static void main(String[] arguments) throws IOException {
        int filesPerCommit = Integer.parseInt(arguments[0]);
        System.out.println("| commits before | data files | manifests | metadata KB | manifest list KB | "
                + "manifests opened | of KB | ms: median (max) |");
        System.out.println("| --- | --- | --- | --- | --- | --- | --- | --- |");
        try (LongHistory history = new LongHistory(Files.createTempDirectory("planning"))) {
            for (int cycle = 0; cycle < WARM_UP; cycle++) {
                cycle(history);
            }
        }
        for (String commits : Arrays.copyOfRange(arguments, 1, arguments.length)) {
            Path home = Files.createTempDirectory("planning");
            try (LongHistory history = new LongHistory(home)) {
                history.append(Integer.parseInt(commits), filesPerCommit);
                measure(history, Integer.parseInt(commits), filesPerCommit);
            }
        }
    }

    /** Milliseconds of one cycle. */
    private static double cycle(LongHistory history) {
        SourceCursor cursor = history.cursorAtEnd();
        history.appendRealMinute();
        CountingFileIO.reset();
        long began = System.nanoTime();
        history.reader().readNew(cursor, IGNORED);
        return (System.nanoTime() - began) / NANOS_PER_MILLI;
    }

    private static void measure(LongHistory history, int commits, int filesPerCommit) {
        double[] millis = new double[CYCLES];
        Counts[] counts = new Counts[CYCLES];
        for (int i = 0; i < CYCLES; i++) {
            millis[i] = cycle(history);
            counts[i] = CountingFileIO.counts();
        }
        Arrays.sort(millis);
        Counts last = counts[CYCLES - 1];
        System.out.printf(Locale.ROOT,
                "| %,d | %,d | %,d | %,d | %,d | %d (at most %d) | %,d (at most %,d) | %.1f (%.1f) |%n",
                commits, (long) commits * filesPerCommit, history.manifests(), last.metadataBytes() >> 10,
                last.manifestListBytes() >> 10, last.manifests(),
                Arrays.stream(counts).mapToLong(Counts::manifests).max().orElseThrow(), last.manifestBytes() >> 10,
                Arrays.stream(counts).mapToLong(Counts::manifestBytes).max().orElseThrow() >> 10, millis[CYCLES / 2],
                millis[CYCLES - 1]);
    }
}
