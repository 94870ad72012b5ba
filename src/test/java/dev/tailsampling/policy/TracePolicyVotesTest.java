package dev.tailsampling.policy;

import static dev.tailsampling.policy.VoteKind.NOT_SAMPLED;
import static dev.tailsampling.policy.VoteKind.SAMPLED;
import static dev.tailsampling.trace.TestSpan.span;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.tailsampling.policy.SamplingPolicy.AlwaysSample;
import dev.tailsampling.policy.SamplingPolicy.Latency;
import dev.tailsampling.policy.SamplingPolicy.Probabilistic;
import dev.tailsampling.policy.SamplingPolicy.SpanCount;
import dev.tailsampling.policy.SamplingPolicy.StatusCodes;
import dev.tailsampling.trace.SpanView;
import dev.tailsampling.trace.StatusCode;
import dev.tailsampling.trace.TestSpan;
import dev.tailsampling.trace.Threshold;
import dev.tailsampling.trace.TraceId;
import java.util.Arrays;
import java.util.Set;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** When policies on the trace as a whole vote how, alone; where the Collector has a trap, what we do instead. */
class TracePolicyVotesTest {

    private static VoteKind vote(SamplingPolicy policy, SpanView... spans) {
        return Decisions.by(policy).vote(spans);
    }

    @Test
    void alwaysSample() {
        assertThat(vote(new AlwaysSample(), span())).isEqualTo(SAMPLED);
    }

    @Nested
    class LatencyVotes {

        private static final Latency OVER_5_S = new Latency(5000, Latency.NO_UPPER_BOUND);
        private static final Latency FROM_5_TO_10_S = new Latency(5000, 10_000);

        @ParameterizedTest
        @CsvSource({"4999, NOT_SAMPLED", "5000, NOT_SAMPLED", "5001, SAMPLED"})
        void lowerBound_isExclusive(long duration, VoteKind vote) {
            assertThat(vote(OVER_5_S, span().millis(1, 1 + duration))).isEqualTo(vote);
        }

        @ParameterizedTest
        @CsvSource({"5000, NOT_SAMPLED", "5001, SAMPLED", "10000, SAMPLED", "10001, NOT_SAMPLED"})
        void upperBound_isInclusive(long duration, VoteKind vote) {
            assertThat(vote(FROM_5_TO_10_S, span().millis(1, 1 + duration))).isEqualTo(vote);
        }

        /** The Collector cuts off what is less than a millisecond. */
        @Test
        void fractionOfAMillisecond_counts() {
            assertThat(vote(OVER_5_S, span().nanos(1, 5_000_000_002L))).isEqualTo(SAMPLED);
            assertThat(vote(OVER_5_S, span().nanos(1, 5_000_000_001L))).isEqualTo(NOT_SAMPLED);
        }

        @Test
        void durationIsThatOfTheTrace_gapsIncluded() {
            assertThat(vote(OVER_5_S, span().millis(1, 2), span().millis(6000, 6001))).isEqualTo(SAMPLED);
            assertThat(vote(OVER_5_S, span().millis(1, 3000), span().millis(100, 5001))).isEqualTo(NOT_SAMPLED);
        }

        /** In the Collector a prefix of the spans that is within the bounds samples a trace that is too long. */
        @Test
        void upperBound_holdsForTheWholeTrace_whateverTheOrder() {
            TestSpan shorter = span().millis(1, 7000);
            TestSpan longer = span().millis(1, 20_000);

            assertThat(vote(FROM_5_TO_10_S, shorter, longer)).isEqualTo(NOT_SAMPLED);
            assertThat(vote(FROM_5_TO_10_S, longer, shorter)).isEqualTo(NOT_SAMPLED);
        }

        @Test
        void missingTimes_areLeftOut() {
            assertThat(vote(OVER_5_S, span().nanos(0, 1_700_000_000_000_000_000L))).isEqualTo(NOT_SAMPLED);
            assertThat(vote(OVER_5_S, span().millis(1, 2), span().nanos(0, 0))).isEqualTo(NOT_SAMPLED);
            assertThat(vote(OVER_5_S, span().nanos(0, 6_000_000_000L), span().nanos(1, 0))).isEqualTo(SAMPLED);
        }

        @Test
        void endBeforeStart_isNoDuration() {
            assertThat(vote(new Latency(0, 5), span().millis(10, 5))).isEqualTo(NOT_SAMPLED);
        }

        @Test
        void threshold0_needsSomeDuration() {
            assertThat(vote(new Latency(0, Latency.NO_UPPER_BOUND), span().nanos(5, 5))).isEqualTo(NOT_SAMPLED);
            assertThat(vote(new Latency(0, Latency.NO_UPPER_BOUND), span().nanos(5, 6))).isEqualTo(SAMPLED);
        }

        @Test
        void hugeThreshold_doesNotOverflow() {
            assertThat(vote(new Latency(Long.MAX_VALUE - 1, Long.MAX_VALUE), span().millis(1, 9_000_000_000_000L)))
                    .isEqualTo(NOT_SAMPLED);
            assertThat(vote(new Latency(0, Long.MAX_VALUE - 1), span().millis(1, 9_000_000_000_000L)))
                    .isEqualTo(SAMPLED);
        }

        @Test
        void unusableBounds_areRefused() {
            assertThatIllegalArgumentException().isThrownBy(() -> new Latency(-1, 5));
            assertThatIllegalArgumentException().isThrownBy(() -> new Latency(5, 5));
        }
    }

    @Nested
    class StatusVotes {

        private static final StatusCodes ERROR_OR_OK = new StatusCodes(Set.of(StatusCode.ERROR, StatusCode.OK));

        @ParameterizedTest
        @CsvSource({"UNSET, NOT_SAMPLED", "OK, SAMPLED", "ERROR, SAMPLED"})
        void oneOfTheCodes(StatusCode code, VoteKind vote) {
            assertThat(vote(ERROR_OR_OK, span().status(code))).isEqualTo(vote);
        }

        @Test
        void oneSpan_isEnough() {
            assertThat(vote(ERROR_OR_OK, span(), span().status(StatusCode.ERROR), span())).isEqualTo(SAMPLED);
            assertThat(vote(ERROR_OR_OK, span(), span())).isEqualTo(NOT_SAMPLED);
        }

        @Test
        void noCodes_areRefused() {
            assertThatIllegalArgumentException().isThrownBy(() -> new StatusCodes(Set.of()));
        }
    }

    @Nested
    class ProbabilisticVotes {

        private static final Probabilistic HALF = new Probabilistic(Threshold.ofProbability(0.5));

        @Test
        void randomnessOfTheTraceId_decides() {
            assertThat(vote(HALF, idEnding("80000000000000"))).isEqualTo(SAMPLED);
            assertThat(vote(HALF, idEnding("7fffffffffffff"))).isEqualTo(NOT_SAMPLED);
        }

        private static TestSpan idEnding(String digits) {
            return TestSpan.of(TraceId.parse("123456789012345678" + digits));
        }

        @Test
        void explicitRandomness_goesBeforeTheTraceId() {
            assertThat(vote(HALF, idEnding("ffffffffffffff").traceState("ot=rv:7fffffffffffff")))
                    .isEqualTo(NOT_SAMPLED);
            assertThat(vote(HALF, idEnding("00000000000000").traceState("ot=rv:80000000000000"))).isEqualTo(SAMPLED);
        }

        @Test
        void explicitRandomness_ofAnySpan_theLowestIfTheyDiffer() {
            TestSpan low = idEnding("ffffffffffffff").traceState("ot=rv:00000000000001");
            TestSpan high = idEnding("ffffffffffffff").traceState("ot=rv:ffffffffffffff");
            TestSpan none = idEnding("ffffffffffffff");

            assertThat(Decisions.by(HALF).summary(none, low, high).randomness()).isEqualTo(1);
            assertThat(Decisions.by(HALF).summary(high, low, none).randomness()).isEqualTo(1);
        }

        @Test
        void thresholdOfTheSender_isNotLookedAt() {
            assertThat(vote(HALF, idEnding("ffffffffffffff").traceState("ot=th:ffffffffffffff"))).isEqualTo(SAMPLED);
        }

        @Test
        void alwaysAndNever() {
            assertThat(vote(new Probabilistic(Threshold.ALWAYS), idEnding("00000000000000"))).isEqualTo(SAMPLED);
            assertThat(vote(new Probabilistic(Threshold.NEVER), idEnding("ffffffffffffff"))).isEqualTo(NOT_SAMPLED);
        }
    }

    @Nested
    class SpanCountVotes {

        @ParameterizedTest
        @CsvSource({"1, NOT_SAMPLED", "2, SAMPLED", "3, SAMPLED", "4, NOT_SAMPLED"})
        void boundsAreInclusive(int spans, VoteKind vote) {
            TestSpan[] trace = new TestSpan[spans];
            Arrays.fill(trace, span());

            assertThat(vote(new SpanCount(2, 3), trace)).as("the same span counts each time").isEqualTo(vote);
        }

        @Test
        void unusableBounds_areRefused() {
            assertThatIllegalArgumentException().isThrownBy(() -> new SpanCount(-1, 5));
            assertThatIllegalArgumentException().isThrownBy(() -> new SpanCount(5, 4));
        }
    }
}
