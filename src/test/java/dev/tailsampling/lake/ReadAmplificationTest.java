package dev.tailsampling.lake;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tailsampling.assembly.QuietRule;
import dev.tailsampling.policy.CompiledPolicies;
import dev.tailsampling.policy.NamedPolicy;
import dev.tailsampling.policy.PolicySet;
import dev.tailsampling.policy.SamplingPolicy;
import dev.tailsampling.selector.CycleMetric;
import dev.tailsampling.selector.CycleReport;
import dev.tailsampling.selector.RecordingExporter;
import dev.tailsampling.selector.SelectorPorts;
import dev.tailsampling.selector.SelectorSettings;
import dev.tailsampling.selector.TraceSelector;
import dev.tailsampling.store.MemoryState;
import dev.tailsampling.trace.Threshold;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/**
 * How much a selector decompresses that follows a table from minute to minute, against what is committed: five traces of a
 * hundred are kept, and a trace is complete after two minutes.
 */
class ReadAmplificationTest {

    private static final long SEED = 20261126;
    private static final int MINUTES = 12;
    private static final int TRACES_PER_MINUTE = 100;
    private static final int SPANS_PER_TRACE = 20;

    private final Random random = new Random(SEED);
    private long spans;

    @Test
    void keptTracesAreNotReadAgainWhileTheirSpansAreInMemory() {
        CycleReport report = follow(64L << 20);

        assertThat(report.get(CycleMetric.SPANS_EXPORTED)).isPositive();
        assertThat(report.get(CycleMetric.SPANS_FETCHED)).isZero();
        assertThat(amplification(report)).isBetween(0.9, 1.3);
    }

    @Test
    void withoutMemoryForThemEveryMinuteIsReadAgain() {
        assertThat(amplification(follow(0))).isGreaterThan(1.5);
    }

    private static double amplification(CycleReport report) {
        return (double) report.get(CycleMetric.BYTES_DECOMPRESSED) / report.get(CycleMetric.BYTES_COMMITTED);
    }

    private CycleReport follow(long spanCacheBytes) {
        CompiledPolicies policies = CompiledPolicies.of(new PolicySet(
                List.of(NamedPolicy.of("five", new SamplingPolicy.Probabilistic(Threshold.ofProbability(0.05))))));
        try (TestLake lake = TestLake.inMemory(); TableTopicWriter topic = lake.topic()) {
            AutoMqTable source = lake.source();
            MemoryState state = new MemoryState();
            QuietRule quiet = QuietRule.of(Duration.ofMinutes(2), Duration.ofHours(1));
            TraceSelector selector = new TraceSelector(
                    new SelectorPorts(source, source, new DecisionLedger(lake.catalog, "tss.state"), state, state,
                            new RecordingExporter(random), lake.clock),
                    policies, new SelectorSettings("steady", quiet, 1_000_000, spanCacheBytes));
            CycleReport total = CycleReport.NONE;
            for (int minute = 0; minute < MINUTES; minute++) {
                commitMinute(topic, minute);
                total = total.then(selector.cycle());
            }
            return total;
        }
    }

    /** A trace goes on for a minute and a half. */
    private void commitMinute(TableTopicWriter topic, int minute) {
        for (int i = 0; i < TRACES_PER_MINUTE * SPANS_PER_TRACE; i++) {
            long second = minute * 60L + i * 60L / (TRACES_PER_MINUTE * SPANS_PER_TRACE);
            int newest = (minute * 60 + (int) (second % 60)) * TRACES_PER_MINUTE / 60;
            int trace = 1 + Math.max(0, newest - random.nextInt(TRACES_PER_MINUTE * 3 / 2));
            topic.append(KafkaMessage.of(0, Otlp.message(Otlp.span(trace * 0x9E3779B1, ++spans)),
                    TestLake.millis(second)));
        }
        topic.commit(TableTopicWriter.CatchUp.MORE_DATA);
    }
}
