package dev.tailsampling.generate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tailsampling.generate.SentTraces.SentSpan;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SpecialTraceTest {

    private static final long SEED = 3;
    private static final Profile EXACT = Profile.small();

    @ParameterizedTest
    @ValueSource(ints = {2, 3, 101, 102, 103, 1_000})
    void aGiantHasExactlyItsSpans(int spans) {
        assertThat(giant(new TraceLoad(SEED, EXACT.withGiant(spans), 100))).hasSize(spans)
                .extracting(sent -> sent.span().getSpanId()).doesNotHaveDuplicates();
    }

    @Test
    void aGiantIsSpreadEvenlyOverTheRun() {
        TraceLoad load = new TraceLoad(SEED, EXACT.withGiant(60_001), 6_000);
        long start = load.arrivals().startNanos();
        int[] spansPerSecond = new int[60];
        for (SentSpan sent : giant(load)) {
            int second = (int) ((sent.span().getEndTimeUnixNano() - start) / 1_000_000_000);
            spansPerSecond[Math.min(second, 59)]++;
        }

        assertThat(Arrays.stream(spansPerSecond)).allMatch(spans -> spans > 980 && spans < 1_020);
    }

    @Test
    void aGiantNeedsNoOtherTraces() {
        assertThat(SentTraces.of(new TraceLoad(SEED, EXACT.withGiant(5_000), 0)).spans()).hasSize(5_000);
    }

    @Test
    void aMarathonLastsItsTotalWithSilencesOfExactLength() {
        Profile profile = EXACT.withMarathon(Duration.ofHours(4), Duration.ofMinutes(50));

        List<SentSpan> trace = marathon(new TraceLoad(SEED, profile, 10));

        SentSpan root = trace.stream().filter(SentSpan::isRoot).findFirst().orElseThrow();
        assertThat(Duration.ofNanos(root.span().getEndTimeUnixNano() - root.span().getStartTimeUnixNano())).hasHours(4);
        List<Long> gaps = gaps(trace);
        assertThat(gaps.stream().filter(gap -> gap == Duration.ofMinutes(50).toNanos())).hasSize(4);
        assertThat(gaps.stream().filter(gap -> gap != Duration.ofMinutes(50).toNanos()))
                .allMatch(gap -> gap < Duration.ofMinutes(1).toNanos());
    }

    @Test
    void aSilenceThatDividesTheTotalLeavesTimeForTheBursts() {
        Profile profile = EXACT.withMarathon(Duration.ofHours(3), Duration.ofHours(1));

        assertThat(gaps(marathon(new TraceLoad(SEED, profile, 0))).stream()
                .filter(gap -> gap == Duration.ofHours(1).toNanos())).hasSize(2);
    }

    @Test
    void specialTracesComeBesidesThoseOfTheLoad() {
        Profile both = EXACT.withGiant(10).withMarathon(Duration.ofMinutes(10), Duration.ofMinutes(3));

        assertThat(SentTraces.of(new TraceLoad(SEED, both, 40)).byTrace()).hasSize(42);
    }

    @Test
    void theLastSpecialTraceOfAKindCounts() {
        assertThat(EXACT.withGiant(10).withGiant(20).specials()).containsExactly(new SpecialTrace.Giant(20));
        List<SpecialTrace> two = List.of(new SpecialTrace.Giant(10), new SpecialTrace.Giant(20));
        assertThatThrownBy(() -> new Profile("two", EXACT.shape(), EXACT.content(), EXACT.delivery(), two))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("at most one special trace of a kind");
    }

    @Test
    void impossibleShapesAreRefused() {
        assertThatThrownBy(() -> EXACT.withGiant(1)).isInstanceOf(IllegalArgumentException.class)
                .hasMessage("a giant trace has at least 2 spans, not 1");
        assertThatThrownBy(() -> EXACT.withMarathon(Duration.ofHours(1), Duration.ofHours(1)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("a silence must be longer than 0 and shorter than the whole trace: PT1H of PT1H");
    }

    private static List<SentSpan> giant(TraceLoad load) {
        return SentTraces.of(load).trace(TraceGenerator.GIANT_ID.hex());
    }

    private static List<SentSpan> marathon(TraceLoad load) {
        return SentTraces.of(load).trace(TraceGenerator.MARATHON_ID.hex());
    }

    /** Nanoseconds between the ends of spans that end one after the other. */
    private static List<Long> gaps(List<SentSpan> trace) {
        List<Long> ends = trace.stream().map(sent -> sent.span().getEndTimeUnixNano()).sorted().toList();
        return IntStream.range(1, ends.size()).mapToObj(i -> ends.get(i) - ends.get(i - 1)).toList();
    }
}
