package dev.tailsampling.cli;

import dev.tailsampling.otlp.OtlpSpans;

/**
 * How the lines of a load are spread over its commits. Every commit gets the same number of lines; when there are fewer
 * lines than commits, lines are cut into records of few spans, so that there is something to commit each time.
 */
final class LoadPlan {

    private final int commits;
    private final long lines;
    private final long spans;

    private LoadPlan(int commits, long lines, long spans) {
        this.commits = commits;
        this.lines = lines;
        this.spans = spans;
    }

    /** Counts lines, and spans too when lines have to be cut. One commit needs no counting. */
    static LoadPlan of(SpooledInputs inputs, int commits, OtlpLines reader) {
        if (commits == 1) {
            return new LoadPlan(1, 0, 0);
        }
        long lines = inputs.names().stream().mapToLong(OtlpLines::countLines).sum();
        if (lines >= commits) {
            return new LoadPlan(commits, lines, 0);
        }
        OtlpSpans spans = new OtlpSpans();
        long[] count = {0};
        OtlpLines silent = reader.silent();
        inputs.names().forEach(input -> silent.read(input,
                otlp -> count[0] += spans.forEach(otlp, 0, otlp.length, span -> {})));
        return new LoadPlan(commits, lines, count[0]);
    }

    /** Number of spans, 0 if they were not counted. */
    long spans() {
        return spans;
    }

    /**
     * Hands all requests to the loader, with a commit between shares.
     *
     * @param commit called after each share but the last
     */
    void run(SpooledInputs inputs, OtlpLines reader, OtlpLines.Receiver loader, Runnable commit) {
        Shares shares = new Shares(spans > 0 ? spans : lines, loader, commit);
        int spansPerRecord = spans > 0 ? (int) Math.max(1, spans / commits) : Integer.MAX_VALUE;
        RequestCutter cutter = new RequestCutter(spansPerRecord);
        for (String input : inputs.names()) {
            reader.read(input, otlp -> {
                if (spans == 0) {
                    shares.add(otlp, 1);
                } else {
                    cutter.cut(otlp, shares::add);
                }
            });
        }
    }

    /** Commits whenever the next of {@code commits} equal shares of the whole is complete. */
    private final class Shares {
        private final long total;
        private final OtlpLines.Receiver loader;
        private final Runnable commit;
        private long done;
        private long committed = 1;

        Shares(long total, OtlpLines.Receiver loader, Runnable commit) {
            this.total = total;
            this.loader = loader;
            this.commit = commit;
        }

        void add(byte[] request, long weight) {
            if (committed < commits && done * commits >= committed * total && done > 0) {
                commit.run();
                committed++;
            }
            loader.request(request);
            done += weight;
        }
    }
}
