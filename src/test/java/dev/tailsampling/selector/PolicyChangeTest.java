package dev.tailsampling.selector;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import dev.tailsampling.assembly.QuietRule;
import dev.tailsampling.policy.CompiledPolicies;
import dev.tailsampling.policy.ForceRule;
import dev.tailsampling.policy.Matcher;
import dev.tailsampling.policy.Matcher.Operator;
import dev.tailsampling.policy.NamedPolicy;
import dev.tailsampling.policy.Outcome;
import dev.tailsampling.policy.PolicySet;
import dev.tailsampling.policy.SamplingPolicy;
import dev.tailsampling.policy.SpanMatch;
import dev.tailsampling.store.MemoryState;
import dev.tailsampling.trace.AttributeValue.StringValue;
import dev.tailsampling.trace.StatusCode;
import dev.tailsampling.trace.Threshold;
import dev.tailsampling.trace.TraceId;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.trace.v1.Span;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Force rules that come and go while traces are open. */
class PolicyChangeTest {

    private static final PolicySet ERRORS = new PolicySet(
            List.of(NamedPolicy.of("errors", new SamplingPolicy.StatusCodes(Set.of(StatusCode.ERROR)))));
    private static final long T0 = 1_700_000_000_000L;

    private final MemorySource source = new MemorySource(1);
    private final MemoryLedger ledger = new MemoryLedger();
    private final RecordingExporter exporter = new RecordingExporter(new Random(1));
    private final MemoryState state = new MemoryState();
    private long offset;

    private TraceSelector selector(CompiledPolicies policies) {
        SelectorPorts ports = new SelectorPorts(source, source, ledger, state, state, exporter,
                InstantSource.fixed(Instant.EPOCH));
        TraceSelector selector =
                new TraceSelector(ports, policies, new SelectorSettings("run", new QuietRule(1_000, 60_000), 1_000));
        selector.recover();
        return selector;
    }

    private static CompiledPolicies behind(ForceRule... rules) {
        return CompiledPolicies.of(ERRORS.withForceRules(List.of(rules)));
    }

    private static ForceRule rule(String spanName, ForceRule.Action action) {
        return new ForceRule("rule-" + spanName, "", 0,
                SpanMatch.of(List.of(),
                        List.of(new Matcher("span.name", Operator.EQ, List.of(new StringValue(spanName))))),
                action, Instant.EPOCH, Instant.MAX, true);
    }

    private static ForceRule keep(String spanName) {
        return rule(spanName, new ForceRule.Action.ForceKeep(Threshold.ALWAYS));
    }

    private void commit(long millis, long trace, String spanName) {
        var request = ExportTraceServiceRequest.newBuilder();
        request.addResourceSpansBuilder().addScopeSpansBuilder().addSpans(Span.newBuilder().setName(spanName)
                .setTraceId(ByteString.copyFrom(ByteBuffer.allocate(16).putLong(7).putLong(trace).array()))
                .setSpanId(ByteString.copyFrom(ByteBuffer.allocate(8).putLong(offset + 1).array())));
        source.commit(T0 + millis,
                List.of(new MemorySource.Row(0, offset++, T0 + millis, request.build().toByteArray())));
    }

    private DecisionRecord decision(long trace) {
        return ledger.rows().stream().filter(row -> row.trace().traceId().equals(new TraceId(7, trace))).findFirst()
                .orElseThrow();
    }

    @Test
    void ruleThatOnlyAnEarlierSpanMatchesKeepsTheTrace() {
        TraceSelector selector = selector(behind());
        commit(0, 1, "early");
        commit(100, 1, "later");
        selector.cycle();
        selector.cycle();
        CompiledPolicies ruled = behind(keep("early"));

        selector.usePolicies(ruled);
        commit(200, 1, "last");
        CycleReport report = selector.cycle().then(selector.drain());

        assertThat(decision(1).decision().forceRuleId()).isEqualTo("rule-early");
        assertThat(decision(1).policySet()).isEqualTo(ruled.version());
        assertThat(decision(1).trace().spanCount()).isEqualTo(3);
        assertThat(exporter.spanIds().get(new TraceId(7, 1))).hasSize(3);
        assertThat(report.get(CycleMetric.TRACES_FORCE_SAMPLED)).isEqualTo(1);
        assertThat(report.forceRuleMatches()).containsExactlyEntriesOf(Map.of("rule-early", 1L));
        assertThat(report.get(CycleMetric.SPANS_READ)).as("spans read again are not counted again").isEqualTo(1);
    }

    @Test
    void ruleThatEndsBeforeTheDecisionDoesNotCount() {
        TraceSelector selector = selector(behind(keep("early")));
        commit(0, 1, "early");
        selector.cycle();

        selector.usePolicies(behind());
        CycleReport report = selector.drain();

        assertThat(decision(1).decision().outcome()).isEqualTo(Outcome.NOT_SAMPLED);
        assertThat(report.get(CycleMetric.TRACES_FORCE_SAMPLED)).isZero();
        assertThat(report.forceRuleMatches()).isEmpty();
    }

    @Test
    void decidedTracesStayDecidedAndTheirLateSpansStayLate() {
        TraceSelector selector = selector(behind());
        commit(0, 1, "early");
        commit(5_000, 2, "early");
        selector.cycle();
        selector.cycle();
        commit(5_100, 1, "late");
        selector.cycle();
        assertThat(selector.openTraces()).isEqualTo(2);

        selector.usePolicies(behind(keep("early"), rule("late", new ForceRule.Action.ForceDrop())));
        CycleReport report = selector.drain();

        assertThat(decision(1).decision().outcome()).isEqualTo(Outcome.NOT_SAMPLED);
        assertThat(decision(2).decision().outcome()).isEqualTo(Outcome.SAMPLED);
        assertThat(report.get(CycleMetric.TRACES_LATE)).isEqualTo(1);
        assertThat(report.get(CycleMetric.SPANS_LATE)).isEqualTo(1);
        assertThat(report.forceRuleMatches()).containsOnlyKeys("rule-early");
        assertThat(report.get(CycleMetric.SPANS_OPEN_BEFORE)).isEqualTo(2);
    }

    @Test
    void droppedByARuleIsCountedAsSuch() {
        TraceSelector selector = selector(behind(rule("x", new ForceRule.Action.ForceDrop())));
        commit(0, 1, "x");

        CycleReport report = selector.cycle().then(selector.drain());

        assertThat(report.get(CycleMetric.TRACES_FORCE_DROPPED)).isEqualTo(1);
        assertThat(report.get(CycleMetric.TRACES_DROPPED)).isEqualTo(1);
        assertThat(exporter.spanIds()).isEmpty();
    }

    @Test
    void equalPoliciesAreNoChange() {
        CompiledPolicies first = behind(keep("early"));
        TraceSelector selector = selector(first);
        commit(0, 1, "early");
        selector.cycle();

        selector.usePolicies(behind(keep("early").withExpiresAt(Instant.MAX.minusSeconds(1))));
        selector.drain();

        assertThat(decision(1).policySet()).isEqualTo(first.version());
        assertThat(decision(1).decision().outcome()).isEqualTo(Outcome.SAMPLED);
    }
}
