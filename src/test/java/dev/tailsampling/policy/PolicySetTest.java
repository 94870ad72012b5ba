package dev.tailsampling.policy;

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
import dev.tailsampling.trace.StatusCode;
import dev.tailsampling.trace.Threshold;
import java.math.BigDecimal;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class PolicySetTest {

    private static final AttributeKey KEY = AttributeKey.of("k");
    private static final NamedPolicy ALL = NamedPolicy.of("all", new AlwaysSample());
    private static final NamedPolicy ERRORS = NamedPolicy.of("errors", new StatusCodes(Set.of(StatusCode.ERROR)));

    private static String version(NamedPolicy... policies) {
        return new PolicySet(List.of(policies)).version();
    }

    private static String version(SamplingPolicy policy) {
        return version(NamedPolicy.of("p", policy));
    }

    private static StringAttribute in(String... values) {
        return new StringAttribute(KEY, new LinkedHashSet<>(List.of(values)), List.of());
    }

    @Test
    void versionIsTheSameOnEveryMachine() {
        assertThat(version(ERRORS, ALL)).isEqualTo("7447c1929590");
    }

    @Test
    void equalSets_haveEqualVersions() {
        assertThat(version(in("a", "b", "c"))).isEqualTo(version(in("c", "b", "a")));
        assertThat(version(StringAttribute.matching(KEY, List.of("a"))))
                .isEqualTo(version(StringAttribute.matching(KEY, List.of("a"))));
    }

    @Test
    void differentSets_haveDifferentVersions() {
        Stream<String> ofTypes = Stream.of(new AlwaysSample(), new Latency(5, 6), new Latency(5, 7),
                new Latency(5, Latency.NO_UPPER_BOUND), new Latency(4, 6), new StatusCodes(Set.of(StatusCode.OK)),
                new StatusCodes(Set.of(StatusCode.OK, StatusCode.ERROR)), in("a"), in("a", "b"), in("a\", \"b"),
                in("a, b"),
                in("a\\"), in("a\\\", \\\"b"), StringAttribute.matching(KEY, List.of("a")), in(),
                StringAttribute.matching(KEY, List.of("a", "b")), StringAttribute.matching(KEY, List.of("b", "a")),
                new NumericAttribute(KEY, BigDecimal.ONE, null), new NumericAttribute(KEY, null, BigDecimal.ONE),
                new NumericAttribute(KEY, BigDecimal.ONE, BigDecimal.ONE), new BooleanAttribute(KEY, true),
                new BooleanAttribute(KEY, false), new BooleanAttribute(AttributeKey.of("l"), true),
                new Probabilistic(Threshold.ofProbability(0.1)), new Probabilistic(Threshold.ofProbability(0.11)),
                new Probabilistic(Threshold.NEVER), new SpanCount(1, 2), new SpanCount(1, SpanCount.NO_LIMIT),
                new SpanCount(0, 2), new And(List.of(ALL)), new And(List.of(ALL, ERRORS)),
                new And(List.of(ERRORS, ALL)),
                new Not(ALL), new Not(ERRORS), new Drop(List.of(ALL)), new Drop(List.of(ERRORS, ALL)))
                .map(PolicySetTest::version);
        Stream<String> ofSets = Stream.of(version(ALL), version(ERRORS), version(ALL, ERRORS), version(ERRORS, ALL),
                version(new NamedPolicy("errors", ERRORS.policy(), Threshold.ofProbability(0.5))),
                version(NamedPolicy.of("other", ERRORS.policy())));

        assertThat(Stream.concat(ofTypes, ofSets).toList()).doesNotHaveDuplicates()
                .allMatch(version -> version.matches("[0-9a-f]{12}"));
    }

    @Test
    void namesAreUniqueAndNotBlank() {
        assertThatIllegalArgumentException().isThrownBy(() -> new PolicySet(List.of(ALL, ALL)))
                .withMessage("two policies have the same name: all");
        assertThatIllegalArgumentException().isThrownBy(() -> NamedPolicy.of(" ", new AlwaysSample()));
        assertThatIllegalArgumentException().isThrownBy(() -> new PolicySet(List.of()));
    }

    @Test
    void definitionsReadLikeSentences() {
        assertThat(List.of(
                new Latency(5, 6),
                new StatusCodes(Set.of(StatusCode.OK, StatusCode.ERROR)),
                in("b", "a"),
                StringAttribute.matching(KEY, List.of("^a")),
                new NumericAttribute(KEY, new BigDecimal("1e3"), null),
                new NumericAttribute(KEY, BigDecimal.ONE, new BigDecimal("2.50")),
                new BooleanAttribute(KEY, true),
                new Probabilistic(Threshold.ofProbability(0.07)),
                new SpanCount(3, 5),
                new Not(new NamedPolicy("n", new And(List.of(ALL, ERRORS)), Threshold.ALWAYS)),
                new Drop(List.of(new NamedPolicy("e", ERRORS.policy(), Threshold.ofProbability(0.5))))))
                .extracting(policy -> PolicyText.of((SamplingPolicy) policy)).containsExactly(
                        "latency > 5 ms and <= 6 ms",
                        "status_code in [OK, ERROR]",
                        "k in [\"a\", \"b\"]",
                        "k matches [\"^a\"]",
                        "1000 <= k",
                        "1 <= k <= 2.50",
                        "k = true",
                        "probabilistic 7 %",
                        "span_count >= 3 and <= 5",
                        "not(and(always_sample, status_code in [ERROR]))",
                        "drop(status_code in [ERROR] at 50 %)");
    }
}
