package dev.tailsampling.policy;

import static dev.tailsampling.policy.Outcome.DROPPED;
import static dev.tailsampling.policy.Outcome.NOT_SAMPLED;
import static dev.tailsampling.policy.Outcome.SAMPLED;
import static dev.tailsampling.trace.TestSpan.span;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.tailsampling.policy.SamplingPolicy.AlwaysSample;
import dev.tailsampling.policy.SamplingPolicy.And;
import dev.tailsampling.policy.SamplingPolicy.BooleanAttribute;
import dev.tailsampling.policy.SamplingPolicy.Drop;
import dev.tailsampling.policy.SamplingPolicy.Latency;
import dev.tailsampling.policy.SamplingPolicy.Not;
import dev.tailsampling.policy.SamplingPolicy.NumericAttribute;
import dev.tailsampling.policy.SamplingPolicy.Probabilistic;
import dev.tailsampling.policy.SamplingPolicy.SpanCount;
import dev.tailsampling.policy.SamplingPolicy.StatusCodes;
import dev.tailsampling.policy.SamplingPolicy.StringAttribute;
import dev.tailsampling.trace.AttributeKey;
import dev.tailsampling.trace.AttributeValue;
import dev.tailsampling.trace.SpanView;
import dev.tailsampling.trace.StatusCode;
import dev.tailsampling.trace.TestSpan;
import dev.tailsampling.trace.Threshold;
import dev.tailsampling.trace.TraceId;
import java.math.BigDecimal;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Each type of policy alone: when it votes how. The traps of the Collector's types are tested for what we do instead. */
class PolicyVotesTest {

    private static final AttributeKey KEY = AttributeKey.of("k");

    private static Outcome vote(SamplingPolicy policy, SpanView... spans) {
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
        void lowerBound_isExclusive(long duration, Outcome vote) {
            assertThat(vote(OVER_5_S, span().millis(1, 1 + duration))).isEqualTo(vote);
        }

        @ParameterizedTest
        @CsvSource({"5000, NOT_SAMPLED", "5001, SAMPLED", "10000, SAMPLED", "10001, NOT_SAMPLED"})
        void upperBound_isInclusive(long duration, Outcome vote) {
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
        void oneOfTheCodes(StatusCode code, Outcome vote) {
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
    class StringVotes {

        private static final StringAttribute ONE_OF = new StringAttribute(KEY, Set.of("a", "b"), List.of());

        @Test
        void valueOfASpanOrItsResource() {
            assertThat(vote(ONE_OF, span().with("k", "b"))).isEqualTo(SAMPLED);
            assertThat(vote(ONE_OF, span().resource("k", "b"))).isEqualTo(SAMPLED);
            assertThat(vote(ONE_OF, span().with("k", "other"), span().with("k", "a"))).isEqualTo(SAMPLED);
            assertThat(vote(ONE_OF, span().with("k", "other").resource("k", "a"))).isEqualTo(SAMPLED);
        }

        @Test
        void otherValueOrKey() {
            assertThat(vote(ONE_OF, span().with("k", "A"))).isEqualTo(NOT_SAMPLED);
            assertThat(vote(ONE_OF, span().with("k", "ab"))).isEqualTo(NOT_SAMPLED);
            assertThat(vote(ONE_OF, span().with("K", "a"))).isEqualTo(NOT_SAMPLED);
            assertThat(vote(ONE_OF, span())).isEqualTo(NOT_SAMPLED);
        }

        /** In the Collector other types read as an empty text. */
        @Test
        void otherTypes_neverMatch() {
            StringAttribute text = new StringAttribute(KEY, Set.of("5", "", "true"), List.of());
            StringAttribute anything = StringAttribute.matching(KEY, List.of(".*"));

            for (SamplingPolicy policy : List.of(text, anything)) {
                assertThat(vote(policy, span().with("k", 5))).isEqualTo(NOT_SAMPLED);
                assertThat(vote(policy, span().with("k", true))).isEqualTo(NOT_SAMPLED);
                assertThat(vote(policy, span().with("k", new AttributeValue.EmptyValue()))).isEqualTo(NOT_SAMPLED);
                assertThat(vote(policy, span().with("k", new AttributeValue.ListValue(
                        List.of(new AttributeValue.StringValue("5")))))).isEqualTo(NOT_SAMPLED);
            }
        }

        /** In the Collector an empty text of a span never matches, one of a resource can. */
        @Test
        void emptyText_isATextLikeAnyOther() {
            assertThat(vote(new StringAttribute(KEY, Set.of(""), List.of()), span().with("k", ""))).isEqualTo(SAMPLED);
            assertThat(vote(StringAttribute.matching(KEY, List.of("^$")), span().with("k", ""))).isEqualTo(SAMPLED);
        }

        @ParameterizedTest
        @CsvSource({"ab, SAMPLED", "xabx, SAMPLED", "AB, NOT_SAMPLED", "a b, NOT_SAMPLED", "zz9, SAMPLED",
                "9zz, NOT_SAMPLED"})
        void expressions_areFoundAnywhere(String value, Outcome vote) {
            assertThat(vote(StringAttribute.matching(KEY, List.of("ab", "^z+9$")), span().with("k", value)))
                    .isEqualTo(vote);
        }

        @Test
        void noValues_neverMatch() {
            assertThat(vote(new StringAttribute(KEY, Set.of(), List.of()), span().with("k", "a")))
                    .isEqualTo(NOT_SAMPLED);
        }

        @Test
        void badExpressions_areRefused() {
            assertThatIllegalArgumentException().isThrownBy(() -> StringAttribute.matching(KEY, List.of("(")))
                    .withMessage("not a regular expression: \"(\" (missing closing ))");
            assertThatIllegalArgumentException().isThrownBy(() -> StringAttribute.matching(KEY, List.of("")));
            // RE2 has neither, so that matching takes linear time.
            assertThatIllegalArgumentException().isThrownBy(() -> StringAttribute.matching(KEY, List.of("(a)\\1")));
            assertThatIllegalArgumentException().isThrownBy(() -> StringAttribute.matching(KEY, List.of("a(?=b)")));
        }
    }

    @Nested
    class NumericVotes {

        private static NumericAttribute between(String min, String max) {
            return new NumericAttribute(KEY, min == null ? null : new BigDecimal(min),
                    max == null ? null : new BigDecimal(max));
        }

        @ParameterizedTest
        @CsvSource({"199, NOT_SAMPLED", "200, SAMPLED", "299, SAMPLED", "300, NOT_SAMPLED", "-250, NOT_SAMPLED"})
        void boundsAreInclusive(long value, Outcome vote) {
            assertThat(vote(between("200", "299"), span().with("k", value))).isEqualTo(vote);
        }

        /** In the Collector 0 means no bound. */
        @ParameterizedTest
        @CsvSource({"0, , -1, NOT_SAMPLED", "0, , 0, SAMPLED", ", 0, 0, SAMPLED", ", 0, 1, NOT_SAMPLED",
                "0, 0, 0, SAMPLED", "-5, 0, 1, NOT_SAMPLED", "5, , 4, NOT_SAMPLED", ", 5, -9, SAMPLED"})
        void zeroIsABound_andEitherMayBeMissing(String min, String max, long value, Outcome vote) {
            assertThat(vote(between(min, max), span().with("k", value))).isEqualTo(vote);
        }

        /** In the Collector doubles read as 0. */
        @ParameterizedTest
        @CsvSource({"0.1, SAMPLED", "0.09999, NOT_SAMPLED", "2.5, SAMPLED", "2.500001, NOT_SAMPLED", "NaN, NOT_SAMPLED",
                "Infinity, NOT_SAMPLED", "-Infinity, NOT_SAMPLED"})
        void doublesCompareAsNumbers(double value, Outcome vote) {
            assertThat(vote(between("0.1", "2.5"), span().with("k", value))).isEqualTo(vote);
        }

        @Test
        void boundsBetweenIntegers() {
            assertThat(vote(between("0.1", "2.5"), span().with("k", 0))).isEqualTo(NOT_SAMPLED);
            assertThat(vote(between("0.1", "2.5"), span().with("k", 1))).isEqualTo(SAMPLED);
            assertThat(vote(between("0.1", "2.5"), span().with("k", 3))).isEqualTo(NOT_SAMPLED);
            assertThat(vote(between("0.1", "0.9"), span().with("k", 0))).isEqualTo(NOT_SAMPLED);
            assertThat(vote(between("0.1", "0.9"), span().with("k", 1))).isEqualTo(NOT_SAMPLED);
        }

        @Test
        void integersKeepAllTheirBits() {
            NumericAttribute exactly = between("9007199254740993", "9007199254740993");

            assertThat(vote(exactly, span().with("k", 9007199254740993L))).isEqualTo(SAMPLED);
            assertThat(vote(exactly, span().with("k", 9007199254740992L))).isEqualTo(NOT_SAMPLED);
        }

        @Test
        void boundsBeyondLong() {
            assertThat(vote(between("1e30", null), span().with("k", Long.MAX_VALUE))).isEqualTo(NOT_SAMPLED);
            assertThat(vote(between(null, "-1e30"), span().with("k", Long.MIN_VALUE))).isEqualTo(NOT_SAMPLED);
            assertThat(vote(between("-1e30", "1e30"), span().with("k", Long.MAX_VALUE))).isEqualTo(SAMPLED);
            assertThat(vote(between("1e30", null), span().with("k", 1e31))).isEqualTo(SAMPLED);
        }

        @Test
        void otherTypes_neverMatch() {
            assertThat(vote(between("0", null), span().with("k", "5"))).isEqualTo(NOT_SAMPLED);
            assertThat(vote(between("0", null), span().with("k", true))).isEqualTo(NOT_SAMPLED);
            assertThat(vote(between("0", null), span())).isEqualTo(NOT_SAMPLED);
        }

        @Test
        void resourceCounts() {
            assertThat(vote(between("0", null), span().resource("k", new AttributeValue.LongValue(1))))
                    .isEqualTo(SAMPLED);
        }

        @Test
        void unusableBounds_areRefused() {
            assertThatIllegalArgumentException().isThrownBy(() -> between(null, null));
            assertThatIllegalArgumentException().isThrownBy(() -> between("2", "1"));
        }
    }

    @Nested
    class BooleanVotes {

        @ParameterizedTest
        @CsvSource({"true, true, SAMPLED", "true, false, NOT_SAMPLED", "false, true, NOT_SAMPLED",
                "false, false, SAMPLED"})
        void equality(boolean expected, boolean value, Outcome vote) {
            assertThat(vote(new BooleanAttribute(KEY, expected), span().with("k", value))).isEqualTo(vote);
        }

        /** In the Collector an attribute of another type reads as false. */
        @Test
        void otherTypes_neverMatch() {
            assertThat(vote(new BooleanAttribute(KEY, false), span().with("k", "false"))).isEqualTo(NOT_SAMPLED);
            assertThat(vote(new BooleanAttribute(KEY, false), span().with("k", 0))).isEqualTo(NOT_SAMPLED);
            assertThat(vote(new BooleanAttribute(KEY, false), span())).isEqualTo(NOT_SAMPLED);
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
        void boundsAreInclusive(int spans, Outcome vote) {
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

    @Nested
    class Combinations {

        private static final NamedPolicy ERROR = NamedPolicy.of("e", new StatusCodes(Set.of(StatusCode.ERROR)));
        private static final NamedPolicy MARKED = NamedPolicy.of("m", new BooleanAttribute(KEY, true));
        private static final NamedPolicy HALF = NamedPolicy.of("h", new Probabilistic(Threshold.ofProbability(0.5)));

        private static final TestSpan NEITHER = span();
        private static final TestSpan FAILED = span().status(StatusCode.ERROR);
        private static final TestSpan FLAGGED = span().with("k", true);

        @Test
        void and_needsAll_eachByAnySpan() {
            SamplingPolicy both = new And(List.of(ERROR, MARKED));

            assertThat(vote(both, FAILED, FLAGGED)).isEqualTo(SAMPLED);
            assertThat(vote(both, FAILED)).isEqualTo(NOT_SAMPLED);
            assertThat(vote(both, FLAGGED)).isEqualTo(NOT_SAMPLED);
            assertThat(vote(both, NEITHER)).isEqualTo(NOT_SAMPLED);
        }

        @Test
        void not_isTheOpposite() {
            assertThat(vote(new Not(ERROR), FAILED)).isEqualTo(NOT_SAMPLED);
            assertThat(vote(new Not(ERROR), NEITHER)).isEqualTo(SAMPLED);
            assertThat(vote(new Not(NamedPolicy.of("b", new And(List.of(ERROR, MARKED)))), FAILED)).isEqualTo(SAMPLED);
            assertThat(vote(new Not(NamedPolicy.of("n", new Not(ERROR))), FAILED)).isEqualTo(SAMPLED);
        }

        /** One span with the value is enough against it. */
        @Test
        void notOfAnAttribute_needsEverySpanWithoutIt() {
            assertThat(vote(new Not(MARKED), FLAGGED, NEITHER)).isEqualTo(NOT_SAMPLED);
            assertThat(vote(new Not(MARKED), NEITHER, NEITHER)).isEqualTo(SAMPLED);
        }

        @Test
        void drop_votesDropped() {
            assertThat(vote(new Drop(List.of(ERROR, MARKED)), FAILED, FLAGGED)).isEqualTo(DROPPED);
            assertThat(vote(new Drop(List.of(ERROR, MARKED)), FAILED)).isEqualTo(NOT_SAMPLED);
        }

        @Test
        void rate_keepsItsShareOfTheMatches() {
            NamedPolicy halfOfErrors = new NamedPolicy("e", ERROR.policy(), Threshold.ofProbability(0.5));
            TestSpan low = span().traceState("ot=rv:7fffffffffffff").status(StatusCode.ERROR);
            TestSpan high = span().traceState("ot=rv:80000000000000").status(StatusCode.ERROR);
            TestSpan fine = span().traceState("ot=rv:80000000000000");

            assertThat(Decisions.by(halfOfErrors).vote(low)).isEqualTo(NOT_SAMPLED);
            assertThat(Decisions.by(halfOfErrors).vote(high)).isEqualTo(SAMPLED);
            assertThat(Decisions.by(halfOfErrors).vote(fine)).isEqualTo(NOT_SAMPLED);
        }

        @Test
        void not_ofSomethingRandom_isRefused() {
            assertThatIllegalArgumentException().isThrownBy(() -> new Not(HALF));
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> new Not(NamedPolicy.of("a", new And(List.of(ERROR, HALF)))));
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> new Not(new NamedPolicy("e", ERROR.policy(), Threshold.ofProbability(0.5))));
        }

        @Test
        void empty_isRefused() {
            assertThatIllegalArgumentException().isThrownBy(() -> new And(List.of()));
            assertThatIllegalArgumentException().isThrownBy(() -> new Drop(List.of()));
        }
    }
}
