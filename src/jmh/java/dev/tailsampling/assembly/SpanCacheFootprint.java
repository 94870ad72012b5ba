package dev.tailsampling.assembly;

import dev.tailsampling.generate.Profile;
import dev.tailsampling.generate.TraceGenerator;
import dev.tailsampling.generate.TraceLoad;
import dev.tailsampling.otlp.OtlpJsonReader;
import dev.tailsampling.otlp.OtlpSpans;
import dev.tailsampling.otlp.TraceBytes;
import dev.tailsampling.otlp.WireSpan;
import dev.tailsampling.trace.TraceId;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;

/**
 * Memory per cached span against its bytes on the wire, which are those of the messages that brought it: live heap after
 * full collections, with a cache that has everything, minus without. Generated messages hold spans of one service; of
 * recorded traces each resource's spans are a message, and they are taken again and again under other trace ids.
 *
 * <p>Run: {@code scripts/bench/footprint}
 */
public final class SpanCacheFootprint {

    private static final long WIRE_BYTES = 100_000_000;
    private static final Pattern TRACE_ID = Pattern.compile("(\"traceId\" *: *\"[0-9a-f]{24})[0-9a-f]{8}");
    private static final long SEED = 1;

    private final OtlpSpans spans = new OtlpSpans();
    private final Map<TraceId, Integer> spansOfTrace = new HashMap<>();
    private long wireBytes;
    private long spanBytes;
    private long spanCount;

    private SpanCacheFootprint() {}

    /** Arguments: profiles of generated load, or files of OTLP JSON lines. */
    public static void main(String[] arguments) throws IOException, InterruptedException {
        for (String input : arguments) {
            measure(input);
        }
    }

    private static void measure(String input) throws IOException, InterruptedException {
        long before = OpenTraceFootprint.liveHeap();
        SpanCache cache = new SpanCache(4 * WIRE_BYTES);
        SpanCacheFootprint counts = new SpanCacheFootprint();
        counts.fill(cache, input.endsWith(".gz") ? recorded(Path.of(input)) : generated(input));
        counts.spansOfTrace.clear();
        long heap = OpenTraceFootprint.liveHeap() - before;
        if (cache.spanCount() != counts.spanCount) {
            throw new IllegalStateException(cache.spanCount() + " of " + counts.spanCount + " spans are cached");
        }
        System.out.printf(
                "%s: %,d cached spans of %.0f bytes on the wire each (%.0f without resource and scope): "
                        + "%.1f bytes of memory, %.2f x the wire; live heap %.2f x%n",
                input, counts.spanCount, (double) counts.wireBytes / counts.spanCount,
                (double) counts.spanBytes / counts.spanCount, (double) cache.heldBytes() / counts.spanCount,
                (double) cache.heldBytes() / counts.wireBytes, (double) heap / counts.wireBytes);
    }

    private void fill(SpanCache cache, Iterator<byte[]> messages) {
        while (wireBytes < WIRE_BYTES && messages.hasNext()) {
            byte[] message = messages.next();
            wireBytes += message.length;
            spans.forEach(message, 0, message.length, span -> offer(cache, span));
        }
    }

    private void offer(SpanCache cache, WireSpan span) {
        int spansBefore = spansOfTrace.merge(span.traceId(), 1, Integer::sum) - 1;
        cache.offer(span, spansBefore);
        spanBytes += span.encodedSize();
        spanCount++;
    }

    private static Iterator<byte[]> generated(String profile) {
        TraceGenerator generator = new TraceGenerator(new TraceLoad(SEED, Profile.named(profile), Integer.MAX_VALUE));
        return Stream.generate(() -> generator.next().otlp()).iterator();
    }

    private static Iterator<byte[]> recorded(Path file) throws IOException {
        List<String> lines;
        try (BufferedReader reader = new BufferedReader(new InputStreamReader(
                new GZIPInputStream(Files.newInputStream(file)), StandardCharsets.UTF_8))) {
            lines = reader.lines().toList();
        }
        return Stream.iterate(1, copy -> copy + 1).flatMap(copy -> lines.stream()
                .map(line -> TRACE_ID.matcher(line).replaceAll("$1" + String.format("%08x", copy))))
                .flatMap(line -> messages(line).stream()).iterator();
    }

    /** One for each resource. */
    private static List<byte[]> messages(String line) {
        byte[] json = line.getBytes(StandardCharsets.UTF_8);
        byte[] request = new OtlpJsonReader().toProtobuf(json, 0, json.length);
        List<byte[]> messages = new ArrayList<>();
        TraceBytes message = new TraceBytes();
        long[] resource = {-1};
        new OtlpSpans().forEach(request, 0, request.length, span -> {
            if (span.resource().generation() != resource[0] && message.spanCount() > 0) {
                messages.add(message.take());
            }
            resource[0] = span.resource().generation();
            message.add(span);
        });
        messages.add(message.take());
        return messages;
    }
}
