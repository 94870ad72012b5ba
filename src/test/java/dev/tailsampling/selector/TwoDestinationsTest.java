package dev.tailsampling.selector;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import dev.tailsampling.assembly.QuietRule;
import dev.tailsampling.export.MultiExporter;
import dev.tailsampling.policy.CompiledPolicies;
import dev.tailsampling.policy.NamedPolicy;
import dev.tailsampling.policy.PolicySet;
import dev.tailsampling.policy.SamplingPolicy;
import dev.tailsampling.store.MemoryState;
import dev.tailsampling.trace.TraceId;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.trace.v1.Span;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The whole flow with a destination that is well and one that is away now and then. */
class TwoDestinationsTest {

    private static final long T0 = 1_700_000_000_000L;
    private static final int COMMITS = 15;
    private static final CompiledPolicies ALL =
            CompiledPolicies.of(new PolicySet(List.of(NamedPolicy.of("all", new SamplingPolicy.AlwaysSample()))));

    /** A destination under a name of its own, whose flush fails as often as its batches. */
    private record Named(String name, RecordingExporter exporter, Random random, double silence)
            implements
                TraceExporter {

        Named {
            exporter.staySilent(silence);
        }

        @Override
        public ExportOutcome export(List<SampledTrace> batch) {
            return exporter.export(batch);
        }

        @Override
        public ExportOutcome flush() {
            return random.nextDouble() < silence ? new ExportOutcome.Unknown("no answer") : exporter.flush();
        }

        @Override
        public void close() {
            // Nothing is open.
        }
    }

    private final MemorySource source = new MemorySource(1);
    private final List<TraceId> traces = new ArrayList<>();

    /** Some traces of one span each, in batches of a few. */
    private void commit(int number, Random random) {
        long millis = T0 + 10_000L * number;
        long first = source.nextOffset(0);
        source.commit(millis + 5_000, LongStream.range(first, first + 1 + random.nextInt(60)).mapToObj(trace -> {
            traces.add(new TraceId(7, trace + 1));
            return new MemorySource.Row(0, trace, millis, request(trace + 1));
        }).toList());
    }

    private static byte[] request(long trace) {
        Span.Builder span = Span.newBuilder().setName("work")
                .setTraceId(ByteString.copyFrom(ByteBuffer.allocate(16).putLong(7).putLong(trace).array()))
                .setSpanId(ByteString.copyFrom(ByteBuffer.allocate(8).putLong(trace).array()));
        var request = ExportTraceServiceRequest.newBuilder();
        request.addResourceSpansBuilder().addScopeSpansBuilder().addSpans(span);
        return request.build().toByteArray();
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10})
    void healthyDestinationHasEachTraceOnceAndTheOtherAtLeastOnce(long seed) {
        Random random = new Random(seed);
        RecordingExporter well = new RecordingExporter(random);
        RecordingExporter flaky = new RecordingExporter(random);
        MemoryState state = new MemoryState();
        TraceSelector selector = new TraceSelector(new SelectorPorts(source, source, new MemoryLedger(), state, state,
                new MultiExporter(List.of(new Named("well", well, random, 0), new Named("flaky", flaky, random, 0.1))),
                InstantSource.fixed(Instant.EPOCH)), ALL,
                new SelectorSettings("run", new QuietRule(1_000, 5_000), 500));
        selector.recover();
        CycleReport total = CycleReport.NONE;
        for (int number = 0; number < COMMITS; number++) {
            commit(number, random);
            total = total.then(selector.cycle());
        }
        CycleReport last = selector.drain();
        total = total.then(last);
        for (int cycle = 0; last.get(CycleMetric.EXPORTS_UNCONFIRMED) > 0; cycle++) {
            assertThat(cycle).as("seed %d", seed).isLessThan(5_000);
            last = selector.cycle();
            total = total.then(last);
        }

        assertThat(traces).as("seed %d", seed).hasSizeGreaterThan(COMMITS)
                .allSatisfy(trace -> assertThat(well.deliveries(trace)).as("seed %d", seed).isEqualTo(1))
                .allSatisfy(trace -> assertThat(flaky.deliveries(trace)).as("seed %d", seed).isPositive());
        assertThat(total.get(CycleMetric.SPANS_UNCONFIRMED)).as("seed %d, it did fail", seed).isPositive();
    }
}
