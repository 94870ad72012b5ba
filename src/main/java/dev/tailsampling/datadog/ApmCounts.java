package dev.tailsampling.datadog;

import com.datadoghq.sketch.ddsketch.DDSketch;
import com.datadoghq.sketch.ddsketch.DDSketches;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Counts and latencies of the spans of one group. Latencies are in nanoseconds, in sketches as an Agent has them
 * (datadog-agent, {@code pkg/trace/stats/statsraw.go}): quantiles are right within 1 %. Not thread-safe.
 */
final class ApmCounts {

    private static final double RELATIVE_ACCURACY = 0.01;
    private static final int MAX_BINS = 2048;
    /** Sign, exponent and the upper 9 bits of the mantissa: latencies that are nearly the same share a value. */
    private static final long PRECISION = 0xfffff80000000000L;

    private long hits;
    private long errors;
    private long topLevelHits;
    private long durationNanos;
    private @Nullable DDSketch okLatencies;
    private @Nullable DDSketch errorLatencies;

    void add(long latencyNanos, boolean error, boolean topLevel) {
        hits++;
        topLevelHits += topLevel ? 1 : 0;
        // Saturates, for clocks that are wrong by centuries.
        durationNanos = durationNanos + latencyNanos < 0 ? Long.MAX_VALUE : durationNanos + latencyNanos;
        double latency = Double.longBitsToDouble(Double.doubleToRawLongBits((double) latencyNanos) & PRECISION);
        if (error) {
            errors++;
            errorLatencies = errorLatencies == null ? sketch() : errorLatencies;
            errorLatencies.accept(latency);
        } else {
            okLatencies = okLatencies == null ? sketch() : okLatencies;
            okLatencies.accept(latency);
        }
    }

    private static DDSketch sketch() {
        return DDSketches.logarithmicCollapsingLowestDense(RELATIVE_ACCURACY, MAX_BINS);
    }

    long hits() {
        return hits;
    }

    long errors() {
        return errors;
    }

    long topLevelHits() {
        return topLevelHits;
    }

    long durationNanos() {
        return durationNanos;
    }

    /** Latencies of spans without an error, as protobuf. */
    byte[] okSummary() {
        return bytes(okLatencies);
    }

    /** Latencies of spans with an error, as protobuf. */
    byte[] errorSummary() {
        return bytes(errorLatencies);
    }

    private static byte[] bytes(@Nullable DDSketch latencies) {
        ByteBuffer serialized = (latencies == null ? sketch() : latencies).serialize();
        byte[] bytes = new byte[serialized.remaining()];
        serialized.get(bytes);
        return bytes;
    }
}
