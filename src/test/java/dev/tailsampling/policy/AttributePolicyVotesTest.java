package dev.tailsampling.policy;

import static dev.tailsampling.policy.VoteKind.NOT_SAMPLED;
import static dev.tailsampling.policy.VoteKind.SAMPLED;
import static dev.tailsampling.trace.TestSpan.span;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.tailsampling.policy.SamplingPolicy.BooleanAttribute;
import dev.tailsampling.policy.SamplingPolicy.NumericAttribute;
import dev.tailsampling.policy.SamplingPolicy.StringAttribute;
import dev.tailsampling.trace.AttributeKey;
import dev.tailsampling.trace.AttributeValue;
import dev.tailsampling.trace.SpanView;
import java.math.BigDecimal;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** When policies on an attribute vote how, alone; where the Collector has a trap, what we do instead. */
class AttributePolicyVotesTest {

    private static final AttributeKey KEY = AttributeKey.of("k");

    private static VoteKind vote(SamplingPolicy policy, SpanView... spans) {
        return Decisions.by(policy).vote(spans);
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
        void expressions_areFoundAnywhere(String value, VoteKind vote) {
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
        void boundsAreInclusive(long value, VoteKind vote) {
            assertThat(vote(between("200", "299"), span().with("k", value))).isEqualTo(vote);
        }

        /** In the Collector 0 means no bound. */
        @ParameterizedTest
        @CsvSource({"0, , -1, NOT_SAMPLED", "0, , 0, SAMPLED", ", 0, 0, SAMPLED", ", 0, 1, NOT_SAMPLED",
                "0, 0, 0, SAMPLED", "-5, 0, 1, NOT_SAMPLED", "5, , 4, NOT_SAMPLED", ", 5, -9, SAMPLED"})
        void zeroIsABound_andEitherMayBeMissing(String min, String max, long value, VoteKind vote) {
            assertThat(vote(between(min, max), span().with("k", value))).isEqualTo(vote);
        }

        /** In the Collector doubles read as 0. */
        @ParameterizedTest
        @CsvSource({"0.1, SAMPLED", "0.09999, NOT_SAMPLED", "2.5, SAMPLED", "2.500001, NOT_SAMPLED", "NaN, NOT_SAMPLED",
                "Infinity, NOT_SAMPLED", "-Infinity, NOT_SAMPLED"})
        void doublesCompareAsNumbers(double value, VoteKind vote) {
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
        void equality(boolean expected, boolean value, VoteKind vote) {
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
}
