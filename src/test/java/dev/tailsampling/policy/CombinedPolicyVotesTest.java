package dev.tailsampling.policy;

import static dev.tailsampling.policy.VoteKind.DROPPED;
import static dev.tailsampling.policy.VoteKind.NOT_SAMPLED;
import static dev.tailsampling.policy.VoteKind.SAMPLED;
import static dev.tailsampling.trace.TestSpan.span;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.tailsampling.policy.SamplingPolicy.And;
import dev.tailsampling.policy.SamplingPolicy.BooleanAttribute;
import dev.tailsampling.policy.SamplingPolicy.Drop;
import dev.tailsampling.policy.SamplingPolicy.Hashed;
import dev.tailsampling.policy.SamplingPolicy.Not;
import dev.tailsampling.policy.SamplingPolicy.Probabilistic;
import dev.tailsampling.policy.SamplingPolicy.StatusCodes;
import dev.tailsampling.trace.AttributeKey;
import dev.tailsampling.trace.SpanView;
import dev.tailsampling.trace.StatusCode;
import dev.tailsampling.trace.TestSpan;
import dev.tailsampling.trace.Threshold;
import dev.tailsampling.trace.TraceId;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** When policies made of others vote how. */
class CombinedPolicyVotesTest {

    private static final AttributeKey KEY = AttributeKey.of("k");

    private static VoteKind vote(SamplingPolicy policy, SpanView... spans) {
        return Decisions.by(policy).vote(spans);
    }

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

    /** As with the Collector's gate for tracestate: what is chosen, by randomness as by hash, is what is turned round. */
    @Test
    void hashedShare_isDecidedByTracestate_inNotAndDrop() {
        NamedPolicy half = NamedPolicy.of("h", new Hashed(new TraceIdHash.Fnv("salt", 50, true)));
        TestSpan chosen = span().traceState("ot=rv:80000000000000");
        TestSpan passedOver = span().traceState("ot=rv:7fffffffffffff");

        assertThat(vote(new Not(half), chosen)).isEqualTo(NOT_SAMPLED);
        assertThat(vote(new Not(half), passedOver)).isEqualTo(SAMPLED);
        assertThat(vote(new Drop(List.of(half)), chosen)).isEqualTo(DROPPED);
        assertThat(vote(new Drop(List.of(half)), passedOver)).isEqualTo(NOT_SAMPLED);
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

    private static NamedPolicy hashed(String name, double percentage) {
        return NamedPolicy.of(name, new SamplingPolicy.Hashed(new TraceIdHash.Fnv("salt", percentage, true)));
    }

    /** As in the Collector, which tells the threshold of the percentage though it picks by hash. */
    @Test
    void shareByHash_weighsWhatItsPercentageSays_whateverTheRandomness() {
        TestSpan lowest = TestSpan.of(new TraceId(1, 1L << 56));
        Decision decision = Decisions.by(hashed("most", 99.9), hashed("nearly all", 99.99)).on(lowest);

        assertThat(decision.policy()).isEqualTo("nearly all");
        assertThat(decision.threshold()).isEqualTo(Threshold.ofProbability(99.99 / 100));
        assertThat(vote(new And(List.of(ERROR, hashed("most", 99.9))), lowest)).isEqualTo(NOT_SAMPLED);
        assertThat(vote(new And(List.of(hashed("most", 99.9), HALF)), lowest))
                .as("the half is asked by the trace's own randomness").isEqualTo(NOT_SAMPLED);
        assertThat(vote(new Not(hashed("none", 0)), lowest)).isEqualTo(SAMPLED);
    }

    @Test
    void empty_isRefused() {
        assertThatIllegalArgumentException().isThrownBy(() -> new And(List.of()));
        assertThatIllegalArgumentException().isThrownBy(() -> new Drop(List.of()));
    }
}
