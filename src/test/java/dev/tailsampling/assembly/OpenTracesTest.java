package dev.tailsampling.assembly;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.tailsampling.policy.CompiledPolicies;
import dev.tailsampling.policy.NamedPolicy;
import dev.tailsampling.policy.PolicySet;
import dev.tailsampling.policy.SamplingPolicy;
import dev.tailsampling.policy.TraceSummary;
import dev.tailsampling.trace.TestSpan;
import dev.tailsampling.trace.TraceId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A quiet trace after a minute, a forced one after five. */
class OpenTracesTest {

    static final CompiledPolicies POLICIES = CompiledPolicies.of(new PolicySet(
            List.of(NamedPolicy.of("all", new SamplingPolicy.AlwaysSample()))));

    private static final QuietRule RULE = QuietRule.of(Duration.ofMinutes(1), Duration.ofMinutes(5));

    private final OpenTraces traces = new OpenTraces(RULE, POLICIES.folder());

    private void arrive(long trace, long millis, int location) {
        traces.fold(TestSpan.of(new TraceId(0, trace)), millis, location);
    }

    private List<String> take(long millis) {
        return traces.takeCompleted(millis).stream().map(OpenTracesTest::text).toList();
    }

    private static String text(CompletedTrace trace) {
        return trace.summary().traceIdLow() + " " + trace.reason() + " " + trace.summary().spanCount();
    }

    @Test
    void quietTrace_isTakenOnce_notAMillisecondEarly() {
        arrive(1, 10_000, 0);

        assertThat(take(69_999)).isEmpty();
        assertThat(take(70_000)).containsExactly("1 QUIET 1");
        assertThat(take(80_000)).isEmpty();
        assertThat(traces.size()).isZero();
    }

    @Test
    void everySpan_putsTheQuietOff() {
        arrive(1, 10_000, 0);
        arrive(1, 60_000, 0);

        assertThat(take(70_000)).isEmpty();
        assertThat(take(119_999)).isEmpty();
        assertThat(take(120_000)).containsExactly("1 QUIET 2");
    }

    @Test
    void traceThatNeverRests_isForced() {
        for (int second = 0; second < 300; second += 10) {
            arrive(1, second * 1_000, 0);
            assertThat(take(second * 1_000)).isEmpty();
        }

        assertThat(take(299_999)).isEmpty();
        assertThat(take(300_000)).containsExactly("1 MAX_DURATION 30");
    }

    @Test
    void quietAndTooOld_isQuiet() {
        arrive(1, 0, 0);

        assertThat(take(1_000_000)).containsExactly("1 QUIET 1");
    }

    @Test
    void spanAfterTheEnd_opensTheTraceAnew() {
        arrive(1, 0, 0);
        take(60_000);
        arrive(1, 60_001, 1);

        assertThat(take(120_001)).containsExactly("1 QUIET 1");
    }

    /** The record of a producer whose clock is far ahead, or that has none, counts as of when it can have arrived. */
    @Test
    void recordsThatTellAWrongTime_countWhenTheyCanHaveArrived() {
        traces.fold(TestSpan.of(new TraceId(0, 1)), 9_999_999_999_999L, 10_000, 0);
        traces.fold(TestSpan.of(new TraceId(0, 2)), -1, 20_000, 0);
        arrive(2, 25_000, 1);

        assertThat(take(69_999)).isEmpty();
        assertThat(take(70_000)).containsExactly("1 QUIET 1");
        assertThat(take(84_999)).isEmpty();
        assertThat(take(85_000)).containsExactly("2 QUIET 2");
    }

    @Test
    void traceWithAClockAheadThatNeverRests_isForced() {
        for (int second = 0; second < 300; second += 10) {
            traces.fold(TestSpan.of(new TraceId(0, 1)), second * 1_000 + 9_999_999_999L, second * 1_000, 0);
            assertThat(take(second * 1_000)).isEmpty();
        }

        assertThat(take(300_000)).containsExactly("1 MAX_DURATION 30");
    }

    @Test
    void timesBeforeTheEpoch() {
        arrive(1, -70_500, 0);

        assertThat(take(-10_501)).isEmpty();
        assertThat(take(-10_500)).containsExactly("1 QUIET 1");
    }

    @Test
    void drain_takesAll() {
        arrive(1, 0, 3);
        arrive(2, 5, 4);

        assertThat(traces.drain()).extracting(OpenTracesTest::text)
                .containsExactlyInAnyOrder("1 DRAINED 1", "2 DRAINED 1");
        assertThat(traces.size()).isZero();
        assertThat(traces.heldLocations()).isEmpty();
        assertThat(take(1_000_000)).isEmpty();
    }

    @Test
    void location_isHeldByEachTraceThatHasASpanThere() {
        arrive(1, 0, 7);
        arrive(1, 0, 7);
        arrive(2, 30_000, 7);
        arrive(2, 30_000, 5);
        assertThat(traces.heldLocations()).containsExactly(5, 7);

        take(60_000);
        assertThat(traces.heldLocations()).containsExactly(5, 7);

        take(90_000);
        assertThat(traces.heldLocations()).isEmpty();
    }

    @Test
    void mergedSummary_opensATraceOrJoinsIt() {
        arrive(1, 10_000, 1);
        traces.merge(summaryOf(1, 40_000, 2));
        traces.merge(summaryOf(2, 20_000, 2));

        assertThat(traces.heldLocations()).containsExactly(1, 2);
        assertThat(take(80_000)).containsExactly("2 QUIET 1");
        assertThat(traces.heldLocations()).containsExactly(1, 2);
        assertThat(take(100_000)).containsExactly("1 QUIET 2");
        assertThat(traces.heldLocations()).isEmpty();
    }

    private static TraceSummary summaryOf(long trace, long millis, int location) {
        TraceSummary summary = new TraceSummary(0, trace);
        POLICIES.folder().fold(summary, TestSpan.of(new TraceId(0, trace)));
        summary.arrived(millis, location);
        return summary;
    }

    @Test
    void forEach_visitsEveryOpenTrace() {
        arrive(1, 0, 0);
        arrive(2, 50_000, 0);
        take(60_000);
        List<Long> seen = new ArrayList<>();

        traces.forEach(summary -> seen.add(summary.traceIdLow()));

        assertThat(seen).containsExactly(2L);
    }

    @Test
    void unusableRule_isRefused() {
        assertThatIllegalArgumentException().isThrownBy(() -> new QuietRule(0, 5))
                .withMessage("the inactivity timeout must be positive: 0");
        assertThatIllegalArgumentException().isThrownBy(() -> new QuietRule(5, 0))
                .withMessage("the maximal trace duration must be positive: 0");
    }
}
