package dev.tailsampling.policy;

import static dev.tailsampling.policy.Outcome.DROPPED;
import static dev.tailsampling.policy.Outcome.NOT_SAMPLED;
import static dev.tailsampling.policy.Outcome.SAMPLED;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tailsampling.policy.SamplingPolicy.AlwaysSample;
import dev.tailsampling.policy.SamplingPolicy.And;
import dev.tailsampling.policy.SamplingPolicy.Drop;
import dev.tailsampling.policy.SamplingPolicy.Latency;
import dev.tailsampling.policy.SamplingPolicy.Not;
import dev.tailsampling.policy.SamplingPolicy.Probabilistic;
import dev.tailsampling.policy.SamplingPolicy.StatusCodes;
import dev.tailsampling.trace.StatusCode;
import dev.tailsampling.trace.TestSpan;
import dev.tailsampling.trace.Threshold;
import dev.tailsampling.trace.TraceId;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** Policies together. */
class DecisionTest {

    private static final NamedPolicy ERRORS = NamedPolicy.of("errors", new StatusCodes(Set.of(StatusCode.ERROR)));
    private static final NamedPolicy SLOW = NamedPolicy.of("slow", new Latency(5000, Latency.NO_UPPER_BOUND));
    private static final NamedPolicy ALL = NamedPolicy.of("all", new AlwaysSample());
    private static final NamedPolicy HALF = share("half", 0.5);
    private static final NamedPolicy QUARTER = share("quarter", 0.25);

    private static NamedPolicy share(String name, double probability) {
        return NamedPolicy.of(name, new Probabilistic(Threshold.ofShare(probability)));
    }

    private static NamedPolicy drop(NamedPolicy... policies) {
        return NamedPolicy.of("drop", new Drop(List.of(policies)));
    }

    /** A span of a trace with that randomness, 14 hex digits. */
    private static TestSpan withRandomness(String digits) {
        return TestSpan.of(TraceId.parse("111111111111111111" + digits));
    }

    private static final TestSpan LOW = withRandomness("00000000000000");
    private static final TestSpan MIDDLE = withRandomness("a0000000000000");
    private static final TestSpan HIGH = withRandomness("ffffffffffffff");

    private static TestSpan failed(String digits) {
        return withRandomness(digits).status(StatusCode.ERROR);
    }

    @Nested
    class Sampling {

        @Test
        void onePolicy_isEnough() {
            Decision decision = Decisions.by(ERRORS, SLOW).on(failed("00000000000000"));

            assertThat(decision.outcome()).isEqualTo(SAMPLED);
            assertThat(decision.policy()).isEqualTo("errors");
            assertThat(decision.threshold()).isEqualTo(Threshold.ALWAYS);
        }

        @Test
        void nobody_isNotSampled() {
            Decision decision = Decisions.by(ERRORS, SLOW).on(HIGH);

            assertThat(decision).extracting(Decision::outcome, Decision::policy, Decision::threshold)
                    .containsExactly(NOT_SAMPLED, null, null);
        }

        @Test
        void lowestThreshold_decides_whateverTheOrder() {
            for (Decisions decisions : List.of(Decisions.by(QUARTER, HALF), Decisions.by(HALF, QUARTER))) {
                Decision decision = decisions.on(HIGH);

                assertThat(decision.policy()).isEqualTo("half");
                assertThat(decision.threshold().th()).isEqualTo("8");
            }
        }

        @Test
        void ofEqualThresholds_theFirstIsNamed() {
            assertThat(Decisions.by(HALF, share("other", 0.5)).on(HIGH).policy()).isEqualTo("half");
            assertThat(Decisions.by(SLOW, ALL, ERRORS).on(failed("00000000000000")).policy()).isEqualTo("all");
        }

        /** Only one of them reaches it: the union of both is still the share of the lower threshold. */
        @Test
        void policyThatDoesNotReachItsThreshold_doesNotDecide() {
            Decision decision = Decisions.by(QUARTER, HALF).on(MIDDLE);

            assertThat(decision.policy()).isEqualTo("half");
            assertThat(decision.votes()).containsExactly(new Vote("quarter", VoteKind.NOT_SAMPLED),
                    new Vote("half", VoteKind.SAMPLED));
        }

        @Test
        void votesStandInTheirOrder_all() {
            assertThat(Decisions.by(SLOW, ERRORS, drop(SLOW), ALL).on(failed("00000000000000")).votes())
                    .containsExactly(
                            new Vote("slow", VoteKind.NOT_SAMPLED), new Vote("errors", VoteKind.SAMPLED),
                            new Vote("drop", VoteKind.NOT_SAMPLED),
                            new Vote("all", VoteKind.SAMPLED));
        }

        @Test
        void and_hasTheStrictestThresholdOfItsParts() {
            Decision decision = Decisions.by(new And(List.of(QUARTER, ERRORS, HALF))).on(failed("ffffffffffffff"));

            assertThat(decision.threshold().th()).isEqualTo("c");
        }

        @Test
        void rate_isTheThreshold() {
            NamedPolicy tenth = new NamedPolicy("errors", ERRORS.policy(), Threshold.ofProbability(0.1));

            assertThat(Decisions.by(tenth).on(failed("ffffffffffffff")).threshold())
                    .isEqualTo(Threshold.ofProbability(0.1));
            assertThat(Decisions.by(tenth).on(failed("00000000000000")).outcome()).isEqualTo(NOT_SAMPLED);
        }
    }

    @Nested
    class Dropping {

        @Test
        void drop_winsOverAll_whereverItStands() {
            for (Decisions decisions : List.of(Decisions.by(drop(ERRORS), ALL), Decisions.by(ALL, drop(ERRORS)))) {
                Decision decision = decisions.on(failed("ffffffffffffff"));

                assertThat(decision).extracting(Decision::outcome, Decision::policy, Decision::threshold)
                        .containsExactly(DROPPED, "drop", null);
                assertThat(decision.votes()).contains(new Vote("drop", VoteKind.DROPPED),
                        new Vote("all", VoteKind.SAMPLED));
            }
        }

        @Test
        void firstOfSeveralDrops_isNamed() {
            NamedPolicy second = NamedPolicy.of("second", new Drop(List.of(ALL)));

            assertThat(Decisions.by(drop(ERRORS), second).on(failed("00000000000000")).policy()).isEqualTo("drop");
            assertThat(Decisions.by(drop(ERRORS), second).on(LOW).policy()).isEqualTo("second");
        }

        @Test
        void dropThatDoesNotMatch_changesNothing() {
            Decision decision = Decisions.by(drop(ERRORS), ALL).on(LOW);

            assertThat(decision).extracting(Decision::outcome, Decision::policy, Decision::threshold)
                    .containsExactly(SAMPLED, "all", Threshold.ALWAYS);
        }

        @Test
        void dropAlone_samplesNothing() {
            assertThat(Decisions.by(drop(ERRORS)).on(LOW).outcome()).isEqualTo(NOT_SAMPLED);
        }

        /** Dropping a quarter of all traces: the lowest quarter, so that what is left is again R >= T. */
        @Test
        void dropOfAShare_raisesTheThreshold() {
            Decisions decisions = Decisions.by(drop(QUARTER), ALL);

            assertThat(decisions.on(withRandomness("3fffffffffffff")).outcome()).isEqualTo(DROPPED);
            assertThat(decisions.on(withRandomness("40000000000000")).outcome()).isEqualTo(SAMPLED);
            assertThat(decisions.on(HIGH).threshold().th()).isEqualTo("4");
        }

        @Test
        void dropOfAShareOfSome_raisesTheirThresholdOnly() {
            Decisions decisions = Decisions.by(drop(ERRORS, QUARTER), ALL);

            assertThat(decisions.on(failed("3fffffffffffff")).outcome()).isEqualTo(DROPPED);
            assertThat(decisions.on(failed("40000000000000")).threshold().th()).isEqualTo("4");
            assertThat(decisions.on(LOW).threshold()).isEqualTo(Threshold.ALWAYS);
        }

        @Test
        void stricterSampling_isNotLowered() {
            assertThat(Decisions.by(drop(QUARTER), HALF).on(HIGH).threshold().th()).isEqualTo("8");
        }

        @Test
        void dropOfNothing_dropsNothing() {
            assertThat(Decisions.by(drop(share("never", 0)), ALL).on(LOW).outcome()).isEqualTo(SAMPLED);
        }

        /** A route without errors is dropped; one with an error is not. */
        @Test
        void dropWithNot() {
            Decisions decisions = Decisions.by(drop(ALL, NamedPolicy.of("fine", new Not(ERRORS))), ERRORS);

            assertThat(decisions.on(LOW).outcome()).isEqualTo(DROPPED);
            assertThat(decisions.on(failed("00000000000000")).outcome()).isEqualTo(SAMPLED);
        }
    }

    @Nested
    class Reasons {

        @Test
        void reasonIsASentence() {
            Decisions decisions = Decisions.by(drop(SLOW), ERRORS, HALF);

            assertThat(decisions.on(failed("00000000000000")).reason())
                    .isEqualTo("sampled by errors: status_code in [ERROR]");
            assertThat(decisions.on(HIGH).reason()).isEqualTo("sampled by half: probabilistic 50 %");
            assertThat(decisions.on(LOW).reason())
                    .isEqualTo("matched half, but the trace is not in its share: probabilistic 50 %");
            assertThat(decisions.on(withRandomness("00000000000000").millis(1, 6000)).reason())
                    .isEqualTo("dropped by drop: drop(latency > 5000 ms)");
            assertThat(Decisions.by(ERRORS).on(LOW).reason()).isEqualTo("no policy matched");
        }
    }
}
