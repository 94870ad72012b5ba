package dev.tailsampling.selector;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import dev.tailsampling.assembly.QuietRule;
import dev.tailsampling.policy.CompiledPolicies;
import dev.tailsampling.policy.NamedPolicy;
import dev.tailsampling.policy.PolicySet;
import dev.tailsampling.policy.SamplingPolicy;
import dev.tailsampling.store.MemoryState;
import dev.tailsampling.trace.StatusCode;
import dev.tailsampling.trace.Threshold;
import dev.tailsampling.trace.TraceId;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.trace.v1.Span;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What leaves is the same with spans in memory and without. */
class CachedExportTest {

    private static final long T0 = 1_700_000_000_000L;
    private static final long ENOUGH = 1 << 20;
    private static final CompiledPolicies HALF = CompiledPolicies.of(new PolicySet(List.of(
            new NamedPolicy("half", new SamplingPolicy.AlwaysSample(), Threshold.ofProbability(0.5)))));
    private static final CompiledPolicies ALL =
            CompiledPolicies.of(new PolicySet(List.of(NamedPolicy.of("all", new SamplingPolicy.AlwaysSample()))));
    private static final CompiledPolicies ERRORS = CompiledPolicies.of(new PolicySet(
            List.of(NamedPolicy.of("errors", new SamplingPolicy.StatusCodes(Set.of(StatusCode.ERROR))))));

    private final MemorySource source = new MemorySource(1);
    private final MemoryLedger ledger = new MemoryLedger();
    private final MemoryState state = new MemoryState();
    private final RecordingExporter exporter = new RecordingExporter(new Random(1));
    private long spanIds;

    private TraceSelector selector(CompiledPolicies policies, long spanCacheBytes) {
        SelectorPorts ports = new SelectorPorts(source, source, ledger, state, state, exporter,
                InstantSource.fixed(Instant.EPOCH));
        TraceSelector selector = new TraceSelector(ports, policies,
                new SelectorSettings("run", new QuietRule(1_000, 5_000), 1_000, spanCacheBytes));
        selector.recover();
        return selector;
    }

    private static Span span(long trace, long id) {
        return Span.newBuilder().setName("name of " + id)
                .setTraceId(ByteString.copyFrom(ByteBuffer.allocate(16).putLong(7).putLong(trace).array()))
                .setSpanId(ByteString.copyFrom(ByteBuffer.allocate(8).putLong(id).array())).build();
    }

    /** One row of one span. */
    private void commit(long millis, long trace) {
        var request = ExportTraceServiceRequest.newBuilder();
        request.addResourceSpansBuilder().addScopeSpansBuilder().addSpans(span(trace, ++spanIds));
        source.commit(T0 + millis, List.of(new MemorySource.Row(0, source.nextOffset(0), T0 + millis,
                request.build().toByteArray())));
    }

    private static TraceId trace(long low) {
        return new TraceId(7, low);
    }

    /** A whole life without crashes: traces that mix, late spans, rows out of order, and a table that repeats itself. */
    private static final class Life {

        private final CachedExportTest world = new CachedExportTest();
        private final Random random;
        private long now = T0;
        private CycleReport total = CycleReport.NONE;

        Life(long seed, long spanCacheBytes) {
            random = new Random(seed);
            TraceSelector selector = world.selector(HALF, spanCacheBytes);
            for (int step = 0; step < 60; step++) {
                commit();
                total = total.then(selector.cycle());
                if (random.nextInt(20) == 0) {
                    selector.usePolicies(random.nextBoolean() ? HALF : ALL);
                }
                if (random.nextInt(20) == 0) {
                    selector = world.selector(HALF, spanCacheBytes);
                }
            }
            total = total.then(selector.drain());
        }

        private void commit() {
            Map<Integer, Long> next = new HashMap<>();
            List<MemorySource.Row> rows = new ArrayList<>();
            for (int i = 0; i < 1 + random.nextInt(5); i++) {
                now += random.nextInt(300);
                int partition = random.nextInt(3);
                long offset = next.computeIfAbsent(partition, world.source::nextOffset);
                next.put(partition, offset + 1);
                rows.add(new MemorySource.Row(partition, offset, now - random.nextInt(400), request()));
            }
            world.source.commit(now - 200, rows);
            if (random.nextInt(6) == 0) {
                world.source.commit(now - 200, rows.subList(0, 1 + random.nextInt(rows.size())));
            }
        }

        private byte[] request() {
            var request = ExportTraceServiceRequest.newBuilder();
            for (int resource = 0; resource <= random.nextInt(3); resource++) {
                var resourceSpans = request.addResourceSpansBuilder();
                resourceSpans.getResourceBuilder().setDroppedAttributesCount(random.nextInt(3));
                var scopeSpans = resourceSpans.addScopeSpansBuilder().setSchemaUrl("url " + random.nextInt(2));
                for (int i = 0; i <= random.nextInt(4); i++) {
                    long newest = world.spanIds / 8;
                    long trace = Math.max(0, newest - random.nextInt(6));
                    // Spread over all randomness.
                    scopeSpans.addSpans(span(trace * 0x9E3779B97F4A7C15L + 1, ++world.spanIds));
                }
            }
            return request.build().toByteArray();
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {1_000, 4_000, 16_000, 64_000, ENOUGH})
    void theSameSpansLeaveWithAndWithoutCache(long spanCacheBytes) {
        long fromMemory = 0;
        for (long seed = 0; seed < 60; seed++) {
            Life without = new Life(seed, 0);
            Life with = new Life(seed, spanCacheBytes);

            assertThat(with.world.exporter.spans()).as("seed %d", seed).isEqualTo(without.world.exporter.spans());
            assertThat(with.world.exporter.spans()).as("seed %d", seed).isNotEmpty();
            assertThat(with.total.get(CycleMetric.SPANS_EXPORTED)).as("seed %d", seed)
                    .isEqualTo(without.total.get(CycleMetric.SPANS_EXPORTED));
            assertThat(without.total.get(CycleMetric.SPANS_FROM_MEMORY)).isZero();
            assertThat(without.total.get(CycleMetric.CACHE_BYTES)).isZero();
            fromMemory += with.total.get(CycleMetric.SPANS_FROM_MEMORY);
            if (spanCacheBytes == ENOUGH) {
                assertThat(with.total.get(CycleMetric.SPANS_FETCHED)).as("seed %d", seed).isZero();
                assertThat(with.total.get(CycleMetric.SPANS_EVICTED)).as("seed %d", seed).isZero();
            }
        }
        assertThat(fromMemory > 0).isEqualTo(spanCacheBytes > 1_000);
    }

    @Test
    void lateSpansAloneLeaveFromMemory() {
        TraceSelector selector = selector(ALL, ENOUGH);
        commit(0, 1);
        commit(5_000, 2);
        selector.cycle();
        selector.cycle();
        commit(5_001, 1);
        commit(9_000, 2);
        selector.cycle();
        CycleReport report = selector.cycle();

        assertThat(report.get(CycleMetric.SPANS_LATE)).isEqualTo(1);
        assertThat(report.get(CycleMetric.SPANS_FROM_MEMORY)).isEqualTo(report.get(CycleMetric.SPANS_EXPORTED));
        assertThat(report.get(CycleMetric.SPANS_FETCHED)).isZero();
        assertThat(exporter.spanIds().get(trace(1))).containsExactly(1L, 3L);
        assertThat(exporter.deliveries(trace(1))).as("no span of the first decision again").isEqualTo(2);
    }

    @Test
    void anUnknownOutcomeIsDrivenAgainFromTheTable() {
        TraceSelector selector = selector(ALL, ENOUGH);
        commit(0, 1);
        commit(100, 1);
        selector.cycle();
        selector.cycle();
        exporter.staySilent(1);
        CycleReport silent = selector.drain();
        // A late span is cached while the export of the earlier ones is still open.
        commit(200, 1);
        selector.cycle();
        exporter.staySilent(0);
        CycleReport again = selector.cycle();

        assertThat(silent.get(CycleMetric.SPANS_FROM_MEMORY)).isEqualTo(2);
        assertThat(silent.get(CycleMetric.SPANS_UNCONFIRMED)).isEqualTo(2);
        assertThat(silent.get(CycleMetric.SPANS_EXPORTED)).isZero();
        assertThat(again.get(CycleMetric.SPANS_FETCHED)).isEqualTo(2);
        assertThat(again.get(CycleMetric.SPANS_EXPORTED)).isEqualTo(2);
        assertThat(exporter.spanIds().get(trace(1))).containsExactly(1L, 2L);
        assertThat(selector.drain().get(CycleMetric.SPANS_FROM_MEMORY)).as("the late one").isEqualTo(1);
        assertThat(exporter.spanIds().get(trace(1))).containsExactly(1L, 2L, 3L);
    }

    /** Each attempt reads the ledger and the table again. */
    @Test
    void whileTheDestinationIsAwayThereArePausesBetweenAttempts() {
        TraceSelector selector = selector(ALL, 0);
        commit(0, 1);
        selector.cycle();
        exporter.staySilent(1);
        selector.drain();
        List<Long> fetched = new ArrayList<>();
        for (int cycle = 0; cycle < 12; cycle++) {
            fetched.add(selector.cycle().get(CycleMetric.SPANS_FETCHED));
        }
        assertThat(fetched).containsExactly(1L, 1L, 0L, 1L, 0L, 0L, 1L, 0L, 0L, 0L, 0L, 1L);

        exporter.staySilent(0);
        commit(100, 2);
        selector.drain();
        assertThat(selector.cycle().get(CycleMetric.EXPORTS_UNCONFIRMED)).as("pending still").isEqualTo(1);
        selector.cycle();
        selector.drain();
        assertThat(selector.cycle().get(CycleMetric.EXPORTS_UNCONFIRMED)).as("another export told so").isZero();
        assertThat(exporter.spanIds().keySet()).containsExactlyInAnyOrder(trace(1), trace(2));
    }

    @Test
    void openTracesAreInMemoryAgainAfterARestartAndAChangeOfPolicies() {
        commit(0, 1);
        commit(100, 2);
        TraceSelector before = selector(ERRORS, ENOUGH);
        before.cycle();
        commit(5_000, 3);
        before.cycle();
        before.cycle();
        assertThat(before.openTraces()).isEqualTo(1);

        TraceSelector selector = selector(ERRORS, ENOUGH);
        selector.usePolicies(ALL);
        CycleReport report = selector.drain();

        assertThat(report.get(CycleMetric.SPANS_FROM_MEMORY)).isEqualTo(1);
        assertThat(report.get(CycleMetric.SPANS_FETCHED)).isZero();
        assertThat(exporter.spanIds().keySet()).containsExactly(trace(3));
    }

    @Test
    void nothingOfDecidedTracesStaysInMemory() {
        TraceSelector selector = selector(ERRORS, ENOUGH);
        commit(0, 1);
        commit(100, 2);
        selector.cycle();
        assertThat(selector.cycle().get(CycleMetric.SPANS_CACHED)).isEqualTo(2);

        assertThat(selector.drain().get(CycleMetric.SPANS_CACHED)).isZero();
        assertThat(exporter.spanIds()).isEmpty();
    }
}
