package dev.tailsampling.assembly;

import dev.tailsampling.generate.Profile;
import dev.tailsampling.generate.TraceGenerator;
import dev.tailsampling.generate.TraceLoad;
import dev.tailsampling.otlp.OtlpSpans;
import dev.tailsampling.policy.CompiledPolicies;
import dev.tailsampling.policy.NamedPolicy;
import dev.tailsampling.policy.PolicySet;
import dev.tailsampling.policy.SamplingPolicy;
import dev.tailsampling.trace.StatusCode;
import java.util.List;
import java.util.Set;

/**
 * Heap per open trace: live heap after full collections, with so many traces open, minus without.
 *
 * <p>Run: {@code scripts/bench/footprint}
 */
public final class OpenTraceFootprint {

    private static final int MANY_SPANS_PER_FILE = 200_000;

    private OpenTraceFootprint() {}

    /** Arguments: number of traces and, if traces are to have spans in many files, spans in each file. */
    public static void main(String[] arguments) throws InterruptedException {
        int traces = Integer.parseInt(arguments[0]);
        int spansPerFile = arguments.length > 1 ? Integer.parseInt(arguments[1]) : MANY_SPANS_PER_FILE;
        CompiledPolicies policies = CompiledPolicies.of(new PolicySet(List.of(
                NamedPolicy.of("errors", new SamplingPolicy.StatusCodes(Set.of(StatusCode.ERROR))))));
        long before = liveHeap();
        OpenTraces open = new OpenTraces(new QuietRule(60_000, 300_000), policies.folder());
        long spans = fold(open, traces, spansPerFile);
        long after = liveHeap();
        long[] locations = {0};
        open.forEach(summary -> locations[0] += summary.locations().length);
        System.out.printf("%,d open traces, %,d spans, %.2f locations a trace: %.1f bytes of heap per open trace%n",
                open.size(), spans, (double) locations[0] / open.size(), (double) (after - before) / open.size());
    }

    private static long fold(OpenTraces open, int traces, int spansPerFile) {
        OtlpSpans spans = new OtlpSpans();
        long[] count = {0};
        TraceGenerator generator = new TraceGenerator(new TraceLoad(1, Profile.small(), traces));
        generator.forEachRemaining(message -> spans.forEach(message.otlp(), 0, message.otlp().length,
                span -> open.fold(span, message.timestampMillis(), (int) (count[0]++ / spansPerFile))));
        return count[0];
    }

    static long liveHeap() throws InterruptedException {
        for (int i = 0; i < 4; i++) {
            System.gc();
            Thread.sleep(100);
        }
        return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
    }
}
