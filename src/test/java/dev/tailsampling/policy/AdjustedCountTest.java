package dev.tailsampling.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.tailsampling.policy.SamplingPolicy.And;
import dev.tailsampling.policy.SamplingPolicy.Drop;
import dev.tailsampling.policy.SamplingPolicy.Probabilistic;
import dev.tailsampling.policy.SamplingPolicy.SpanCount;
import dev.tailsampling.policy.SamplingPolicy.StatusCodes;
import dev.tailsampling.trace.StatusCode;
import dev.tailsampling.trace.TestSpan;
import dev.tailsampling.trace.Threshold;
import dev.tailsampling.trace.TraceId;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What the adjusted counts of kept traces are for: their sum is the number of traces that there were, on average and
 * within three standard deviations, whatever policies overlap.
 */
class AdjustedCountTest {

    private static final int TRACES = 100_000;

    private static final StatusCodes ERRORS = new StatusCodes(Set.of(StatusCode.ERROR));
    private static final SpanCount LARGE = new SpanCount(3, SpanCount.NO_LIMIT);

    private static NamedPolicy at(double share, String name, SamplingPolicy policy) {
        return new NamedPolicy(name, policy, Threshold.ofShare(share));
    }

    private static NamedPolicy share(String name, double share) {
        return NamedPolicy.of(name, new Probabilistic(Threshold.ofShare(share)));
    }

    /** Sets that may keep any trace, so that all traces are estimated. */
    static List<PolicySet> sets() {
        return Stream.of(
                List.of(share("tenth", 0.1)),
                List.of(at(0.5, "errors", ERRORS), share("tenth", 0.1)),
                List.of(at(1, "errors", ERRORS), at(0.3, "large", LARGE), share("rest", 0.02)),
                List.of(share("rest", 0.01), share("more", 0.05), at(0.2, "large", LARGE)),
                List.of(NamedPolicy.of("both", new And(List.of(NamedPolicy.of("e", ERRORS), share("half", 0.5)))),
                        share("rest", 0.1)),
                List.of(NamedPolicy.of("drop", new Drop(List.of(NamedPolicy.of("l", LARGE), share("most", 0.8)))),
                        at(0.5, "errors", ERRORS), share("rest", 0.05)),
                List.of(NamedPolicy.of("drop", new Drop(List.of(share("tenth", 0.1)))),
                        NamedPolicy.of("all", new SamplingPolicy.AlwaysSample())),
                List.of(NamedPolicy.of("drop", new Drop(List.of(at(0.6, "e", ERRORS)))),
                        NamedPolicy.of("drop-large", new Drop(List.of(NamedPolicy.of("l", LARGE), share("half", 0.5)))),
                        share("third", 1.0 / 3)))
                .map(PolicySet::new).toList();
    }

    @ParameterizedTest
    @MethodSource("sets")
    void theSumIsUnbiased(PolicySet set) {
        check(set, "", Threshold.ALWAYS);
    }

    /** Half of the traces were lost before, at the head; those that came say so. */
    @ParameterizedTest
    @MethodSource("sets")
    void theSumIsUnbiasedBehindAHeadSampler(PolicySet set) {
        Threshold head = Threshold.ofProbability(0.5);

        check(set, "ot=th:" + head.th(), head);
    }

    private static void check(PolicySet set, String traceState, Threshold head) {
        CompiledPolicies policies = CompiledPolicies.of(set);
        SpanFolder folder = policies.folder();
        SplittableRandom random = new SplittableRandom(set.version().hashCode());
        double sum = 0;
        double variance = 0;
        int kept = 0;
        for (int i = 0; i < TRACES; i++) {
            TraceSummary summary = trace(random, folder, traceState);
            Decision decision = policies.decide(summary);
            if (head.keeps(summary.randomness()) && decision.threshold() != null) {
                double count = Threshold.equalized(summary.incomingThreshold(), summary.randomness(),
                        decision.threshold()).adjustedCount();
                sum += count;
                // Of a trace that is kept with probability 1/c the variance is c − 1; estimated from the kept ones.
                variance += count * (count - 1);
                kept++;
            }
        }
        assertThat(kept).isGreaterThan(500);
        assertThat(sum).as("%s, seed %d", set.version(), set.version().hashCode())
                .isCloseTo(TRACES, within(3 * Math.sqrt(variance) + 1e-6 * TRACES));
    }

    private static TraceSummary trace(SplittableRandom random, SpanFolder folder, String traceState) {
        TraceId id = new TraceId(random.nextLong(), random.nextLong());
        List<TestSpan> spans = new ArrayList<>();
        for (int i = 0; i <= random.nextInt(5); i++) {
            StatusCode status = random.nextInt(10) == 0 ? StatusCode.ERROR : StatusCode.OK;
            spans.add(TestSpan.of(id).status(status).traceState(traceState.isEmpty() ? null : traceState));
        }
        TraceSummary summary = new TraceSummary(id.high(), id.low());
        spans.forEach(span -> folder.fold(summary, span));
        return summary;
    }
}
