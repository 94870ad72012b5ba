package dev.tailsampling.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.tailsampling.trace.Randomness;
import dev.tailsampling.trace.TestSpan;
import dev.tailsampling.trace.Threshold;
import dev.tailsampling.trace.TraceId;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class SummaryBytesTest {

    private static final int SEEDS = 300;

    /** All that can be seen of a summary, and the order of its locations. */
    private record Seen(TraceId id, List<Integer> counts, long bytes, List<Long> times, long explicitRandomness,
            @Nullable Threshold incoming, @Nullable String service, @Nullable String name, List<Long> conditions,
            List<List<String>> values, List<Integer> locations) {

        static Seen of(TraceSummary summary) {
            return new Seen(summary.traceId(),
                    List.of(summary.spanCount(), summary.eventAndLinkCount(), summary.statusBits()),
                    summary.byteCount(),
                    List.of(summary.startUnixNano(), summary.endUnixNano(), summary.durationNanos(),
                            summary.firstArrivalMillis(), summary.lastArrivalMillis(), summary.firstActiveMillis(),
                            summary.lastActiveMillis()),
                    summary.explicitRandomness(), summary.incomingThreshold(), summary.rootService(),
                    summary.rootName(), IntStream.range(0, 12).mapToObj(summary::conditionWord).toList(),
                    IntStream.range(0, 6).mapToObj(slot -> List.copyOf(summary.values(slot))).toList(),
                    Arrays.stream(summary.locations()).boxed().toList());
        }
    }

    private static TraceSummary random(long seed, TraceId id) {
        SplittableRandom random = new SplittableRandom(seed);
        RandomTraces traces = new RandomTraces(seed);
        CompiledPolicies policies = CompiledPolicies.of(traces.fullPolicySet(seed % 3 == 0 ? 300 : 8));
        TraceSummary summary = new TraceSummary(id.high(), id.low());
        boolean mayBeWrong = random.nextInt(4) == 0;
        for (TestSpan span : traces.trace(1 + random.nextInt(40))) {
            policies.folder().fold(summary, span);
            long active = 1_790_000_000_000L + random.nextInt(10_000);
            long arrival = mayBeWrong && random.nextBoolean() ? random.nextLong(-5, 3_000_000_000_000L) : active;
            summary.arrived(arrival, active, random.nextInt(1 << 20));
        }
        addRare(summary, random);
        return summary;
    }

    private static void addRare(TraceSummary summary, SplittableRandom random) {
        if (random.nextInt(3) == 0) {
            summary.addRandomness(random.nextLong(1L << 56));
        }
        if (random.nextInt(3) == 0) {
            summary.addIncomingThreshold(new Threshold(random.nextLong((1L << 56) + 1)));
        }
        for (int i = random.nextInt(4) == 0 ? random.nextInt(300) : 0; i > 0; i--) {
            summary.addValue(random.nextInt(6), "värde " + random.nextInt(1_000) + (char) random.nextInt(1 << 16));
        }
        if (random.nextInt(10) == 0) {
            IntStream.range(0, 1_500).forEach(i -> summary.arrived(5, random.nextInt() >>> 1));
        }
    }

    private static TraceSummary decoded(TraceSummary summary) {
        return SummaryBytes.decode(SummaryBytes.encode(summary));
    }

    @Test
    void comesBackAsItWentAndMergesAlike() {
        int manyLocations = 0;
        int manyConditions = 0;
        for (long seed = 0; seed < SEEDS; seed++) {
            TraceId id = new TraceId(seed * 31, seed - 7);
            TraceSummary summary = random(seed, id);
            TraceSummary other = random(seed + SEEDS, id);
            Seen seen = Seen.of(summary);
            manyLocations += seen.locations().size() > 1_000 ? 1 : 0;
            manyConditions += seen.conditions().stream().skip(1).anyMatch(word -> word != 0) ? 1 : 0;

            TraceSummary decoded = decoded(summary);
            assertThat(Seen.of(decoded)).as("seed %d", seed).isEqualTo(seen);
            assertThat(SummaryBytes.encode(decoded)).as("seed %d", seed).isEqualTo(SummaryBytes.encode(summary));

            decoded.merge(decoded(other));
            summary.merge(other);
            assertThat(Seen.of(decoded)).as("merged, seed %d", seed).isEqualTo(Seen.of(summary));
        }
        assertThat(List.of(manyLocations, manyConditions)).allSatisfy(count -> assertThat(count).isGreaterThan(10));
    }

    @Test
    void aSummaryOfNoSpanComesBackAndTakesSpansIn() {
        TraceSummary empty = decoded(new TraceSummary(-1, 2));

        assertThat(Seen.of(empty)).isEqualTo(Seen.of(new TraceSummary(-1, 2)));
        assertThat(empty.explicitRandomness()).isEqualTo(Randomness.NONE);
        empty.arrived(7, 3);
        assertThat(empty.firstArrivalMillis()).isEqualTo(7);
        assertThat(empty.lastArrivalMillis()).isEqualTo(7);
    }

    /** An explicit randomness that is that of the trace id is explicit all the same: a lower one of another part wins. */
    @Test
    void explicitRandomnessStaysExplicit() {
        TraceSummary summary = new TraceSummary(1, 99);
        summary.addRandomness(99);

        assertThat(decoded(summary).hasSamplingState()).isTrue();
    }

    @Test
    void largeTracesTakeTwoBytesForALocationAndLittleTime() {
        TraceSummary summary = new TraceSummary(1, 2);
        IntStream.range(0, 20_000).forEach(i -> summary.arrived(i, 1_000_000 + 37 * i));
        byte[] bytes = SummaryBytes.encode(summary);

        assertThat(bytes.length).isLessThan(2 * 20_000 + 100);
        assertThat(SummaryBytes.decode(bytes).locations()).isEqualTo(summary.locations());
    }

    @Test
    void aTypicalTraceTakesLessThanAHundredBytes() {
        TraceSummary summary = new TraceSummary(0x0af7651916cd43ddL, 0x8448eb211c80319cL);
        summary.restore(40, 17_000, 1_790_000_000_123_456_789L, 1_790_000_001_923_456_789L, 3, Randomness.NONE);
        summary.restore(3, null, "frontend-proxy", "GET /api/checkout");
        IntStream.range(0, 4).forEach(i -> summary.arrived(1_790_000_002_000L + i, 4_000_000 + i));
        summary.restoreConditionWord(0, 0b101);

        assertThat(SummaryBytes.encode(summary)).hasSizeBetween(70, 100);
    }

    @Test
    void bytesThatWereCutOffAreRefused() {
        byte[] bytes = SummaryBytes.encode(random(3, new TraceId(1, 2)));
        for (int length = 0; length < bytes.length; length++) {
            byte[] cut = Arrays.copyOf(bytes, length);
            assertThatIllegalArgumentException().as("%d bytes", length).isThrownBy(() -> SummaryBytes.decode(cut))
                    .withMessageStartingWith("these " + length + " bytes are no summary of a trace: ");
        }
        assertThatIllegalArgumentException()
                .isThrownBy(() -> SummaryBytes.decode(Arrays.copyOf(bytes, bytes.length + 1)))
                .withMessageContaining("more follows than there should be");
    }

    @Test
    void anotherVersionIsRefused() {
        byte[] bytes = SummaryBytes.encode(new TraceSummary(1, 2));
        bytes[0] = 2;

        assertThatIllegalArgumentException().isThrownBy(() -> SummaryBytes.decode(bytes))
                .withMessageContaining("version 2 is not 1, the one this program knows");
    }

    @Test
    void bytesThatWereChangedGiveASummaryOrASentence() {
        SplittableRandom random = new SplittableRandom(5);
        List<byte[]> intact = IntStream.range(0, 50)
                .mapToObj(seed -> SummaryBytes.encode(random(seed, new TraceId(seed, 1)))).toList();
        int refused = 0;
        for (int i = 0; i < 20_000; i++) {
            byte[] bytes = intact.get(i % intact.size()).clone();
            bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
            try {
                assertThat(SummaryBytes.decode(bytes)).isNotNull();
            } catch (IllegalArgumentException e) {
                assertThat(e).as("change %d", i).hasMessageContaining("are no summary of a trace");
                refused++;
            }
        }
        assertThat(refused).isGreaterThan(1_000);
    }
}
