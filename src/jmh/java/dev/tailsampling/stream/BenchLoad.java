package dev.tailsampling.stream;

import static java.nio.charset.StandardCharsets.US_ASCII;

import com.google.protobuf.ByteString;
import dev.tailsampling.generate.Delivery;
import dev.tailsampling.generate.Profile;
import dev.tailsampling.generate.TraceGenerator;
import dev.tailsampling.generate.TraceLoad;
import dev.tailsampling.stream.RealTraces.Recorded;
import dev.tailsampling.trace.TraceId;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.common.v1.InstrumentationScope;
import io.opentelemetry.proto.resource.v1.Resource;
import io.opentelemetry.proto.trace.v1.ResourceSpans;
import io.opentelemetry.proto.trace.v1.ScopeSpans;
import io.opentelemetry.proto.trace.v1.Span;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.SplittableRandom;

/**
 * Writes the records of a load to a file (see {@link RecordFile}); equal arguments give equal files.
 *
 * <p>Arguments: FILE LOAD SPANS FOLDER. Loads, all over {@value #PARTITIONS} partitions:
 * <ul>
 * <li>{@code real-mixed}: the real traces of the folder again and again, each time with new ids, 100 of them starting each
 * second; {@value #BATCH} spans a record in the order in which they end, without key;
 * <li>{@code real-keyed}: the same spans, a record for each trace and second of their ends, with the trace id as key;
 * <li>{@code synth}: spans of the generator's profile {@code attributes}, {@value #SMALL_BATCH} a record, so that about every one
 * comes with a resource of its own; without key; the folder is not read.
 * </ul>
 */
final class BenchLoad {

    private static final int PARTITIONS = 4;
    private static final int BATCH = 512;
    private static final int SMALL_BATCH = 32;
    private static final double ERROR_SHARE = 0.02;
    private static final long SEED = 20261126;
    private static final int SPANS_PER_GENERATED_TRACE = 70;
    private static final long NANOS_PER_MILLI = 1_000_000;
    private static final long NANOS_PER_SECOND = 1_000_000_000;
    private static final long TRACE_EVERY_NANOS = 10 * NANOS_PER_MILLI;
    private static final byte[] NO_KEY = {};

    private final RecordFile.Writer out;
    private long spans;
    private int nextPartition;

    private BenchLoad(RecordFile.Writer out) {
        this.out = out;
    }

    /** See the class. */
    public static void main(String[] arguments) throws IOException {
        Path file = Path.of(arguments[0]);
        long spans = Long.parseLong(arguments[2]);
        Path partial = file.resolveSibling(file.getFileName() + ".partial");
        try (RecordFile.Writer out = new RecordFile.Writer(partial)) {
            BenchLoad load = new BenchLoad(out);
            switch (arguments[1]) {
                case "real-mixed" -> load.real(Path.of(arguments[3]), spans, load.new Mixed());
                case "real-keyed" -> load.real(Path.of(arguments[3]), spans, load.new Keyed());
                case "synth" -> load.synth(spans);
                default -> throw new IllegalArgumentException("there is no load " + arguments[1]);
            }
            System.out.printf("%d spans in %d records%n", load.spans, out.records());
        }
        Files.move(partial, file, StandardCopyOption.REPLACE_EXISTING);
    }

    private void synth(long atLeast) throws IOException {
        Profile attributes = Profile.named("attributes");
        Profile profile = attributes.with(attributes.content().withErrors(ERROR_SHARE))
                .with(Delivery.EXACT.withBatchSpans(SMALL_BATCH));
        TraceGenerator generator =
                new TraceGenerator(new TraceLoad(SEED, profile, atLeast / SPANS_PER_GENERATED_TRACE + 1));
        while (spans < atLeast && generator.hasNext()) {
            var message = generator.next();
            writeUnkeyed(message.timestampMillis(), message.otlp());
            spans += message.spans();
        }
    }

    private void writeUnkeyed(long timestampMillis, byte[] value) throws IOException {
        out.write(nextPartition, timestampMillis, NO_KEY, value);
        nextPartition = (nextPartition + 1) % PARTITIONS;
    }

    /** A copy of a trace, and its span that ends next. */
    private static final class Copy {
        private final RealTraces.Trace trace;
        private final TraceId id;
        private final long laterNanos;
        private int next;

        Copy(RealTraces.Trace trace, TraceId id, long startNanos) {
            this.trace = trace;
            this.id = id;
            this.laterNanos = startNanos - trace.startNanos();
        }

        long nextEndNanos() {
            return trace.spans().get(next).span().getEndTimeUnixNano() + laterNanos;
        }

        Recorded take() {
            Recorded original = trace.spans().get(next++);
            Span span = original.span();
            return new Recorded(original.resource(), original.scope(), span.toBuilder()
                    .setTraceId(ByteString.copyFrom(bytes(id)))
                    .setStartTimeUnixNano(span.getStartTimeUnixNano() + laterNanos)
                    .setEndTimeUnixNano(span.getEndTimeUnixNano() + laterNanos).build());
        }

        boolean hasMore() {
            return next < trace.spans().size();
        }
    }

    private static byte[] bytes(TraceId id) {
        return ByteBuffer.allocate(2 * Long.BYTES).putLong(id.high()).putLong(id.low()).array();
    }

    /** How spans, in the order in which they end, become records. */
    private interface Batches {
        void add(Recorded span) throws IOException;

        void finish() throws IOException;
    }

    private void real(Path folder, long atLeast, Batches batches) throws IOException {
        List<RealTraces.Trace> traces = RealTraces.read(folder);
        SplittableRandom random = new SplittableRandom(SEED);
        PriorityQueue<Copy> open = new PriorityQueue<>((a, b) -> Long.compare(a.nextEndNanos(), b.nextEndNanos()));
        long startNanos = Instant.parse("2026-01-01T00:00:00Z").getEpochSecond() * NANOS_PER_SECOND;
        long planned = 0;
        for (int copies = 0; planned < atLeast; copies++) {
            RealTraces.Trace trace = traces.get(copies % traces.size());
            emit(open, startNanos, batches);
            open.add(new Copy(trace, new TraceId(random.nextLong(), random.nextLong()), startNanos));
            planned += trace.spans().size();
            startNanos += TRACE_EVERY_NANOS;
        }
        emit(open, Long.MAX_VALUE, batches);
        batches.finish();
    }

    /** All spans that end before a time. */
    private void emit(PriorityQueue<Copy> open, long beforeNanos, Batches batches) throws IOException {
        for (Copy copy = open.peek(); copy != null && copy.nextEndNanos() < beforeNanos; copy = open.peek()) {
            open.remove();
            batches.add(copy.take());
            spans++;
            if (copy.hasMore()) {
                open.add(copy);
            }
        }
    }

    private final class Mixed implements Batches {
        private final List<Recorded> batch = new ArrayList<>();

        @Override
        public void add(Recorded span) throws IOException {
            batch.add(span);
            if (batch.size() == BATCH) {
                finish();
            }
        }

        @Override
        public void finish() throws IOException {
            if (!batch.isEmpty()) {
                writeUnkeyed(endMillis(batch), request(batch));
                batch.clear();
            }
        }
    }

    private final class Keyed implements Batches {
        private final Map<ByteString, List<Recorded>> batches = new LinkedHashMap<>();
        private long second;

        @Override
        public void add(Recorded span) throws IOException {
            long endsIn = span.span().getEndTimeUnixNano() / NANOS_PER_SECOND;
            if (endsIn != second) {
                finish();
                second = endsIn;
            }
            batches.computeIfAbsent(span.span().getTraceId(), unseen -> new ArrayList<>()).add(span);
        }

        @Override
        public void finish() throws IOException {
            for (Map.Entry<ByteString, List<Recorded>> batch : batches.entrySet()) {
                ByteBuffer id = batch.getKey().asReadOnlyByteBuffer();
                out.write(-1, (second + 1) * (NANOS_PER_SECOND / NANOS_PER_MILLI),
                        new TraceId(id.getLong(), id.getLong()).hex().getBytes(US_ASCII), request(batch.getValue()));
            }
            batches.clear();
        }
    }

    private static long endMillis(List<Recorded> batch) {
        return Math.ceilDiv(batch.getLast().span().getEndTimeUnixNano(), NANOS_PER_MILLI);
    }

    private static byte[] request(List<Recorded> spans) {
        Map<Resource, Map<InstrumentationScope, ScopeSpans.Builder>> resources = new LinkedHashMap<>();
        for (Recorded one : spans) {
            resources.computeIfAbsent(one.resource(), unseen -> new LinkedHashMap<>())
                    .computeIfAbsent(one.scope(), scope -> ScopeSpans.newBuilder().setScope(scope))
                    .addSpans(one.span());
        }
        ExportTraceServiceRequest.Builder request = ExportTraceServiceRequest.newBuilder();
        resources.forEach((resource, scopes) -> {
            ResourceSpans.Builder of = ResourceSpans.newBuilder().setResource(resource);
            scopes.values().forEach(of::addScopeSpans);
            request.addResourceSpans(of);
        });
        return request.build().toByteArray();
    }
}
