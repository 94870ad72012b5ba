package dev.tailsampling.generate;

/**
 * Prints how fast a profile is generated, every run of it. Not a test:
 * {@code java -Xmx256m -cp … dev.tailsampling.generate.TraceGeneratorBenchmark PROFILE TRACES RUNS}.
 */
final class TraceGeneratorBenchmark {

    private TraceGeneratorBenchmark() {}

    public static void main(String[] args) {
        Profile profile = Profile.named(args[0]);
        for (int run = 0; run < Integer.parseInt(args[2]); run++) {
            TraceLoad load = new TraceLoad(run, profile, Long.parseLong(args[1]));
            long begin = System.nanoTime();
            long spans = 0;
            long bytes = 0;
            TraceGenerator generator = new TraceGenerator(load);
            while (generator.hasNext()) {
                GeneratedMessage message = generator.next();
                spans += message.spans();
                bytes += message.otlp().length;
            }
            double seconds = (System.nanoTime() - begin) / 1e9;
            System.out.printf("%s, seed %d: %,d spans of %d bytes in %.2f s, %,.0f spans/s%n", profile.name(), run,
                    spans, bytes / Math.max(1, spans), seconds, spans / seconds);
        }
    }
}
