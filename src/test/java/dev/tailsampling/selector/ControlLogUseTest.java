package dev.tailsampling.selector;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import dev.tailsampling.assembly.QuietRule;
import dev.tailsampling.policy.CompiledPolicies;
import dev.tailsampling.policy.NamedPolicy;
import dev.tailsampling.policy.PolicySet;
import dev.tailsampling.policy.SamplingPolicy;
import dev.tailsampling.store.MemoryState;
import dev.tailsampling.trace.StatusCode;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.trace.v1.Span;
import java.lang.reflect.Proxy;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/** What the flow tells the control log, and how often. */
class ControlLogUseTest {

    private static final long T0 = 1_700_000_000_000L;
    private static final byte[] POISON = {0x0a, 0x7f, 1};

    private final MemorySource source = new MemorySource(100);
    private final MemoryLedger ledger = new MemoryLedger();
    private final MemoryState state = new MemoryState();
    private final List<Integer> deadLettersAtOnce = new ArrayList<>();

    private TraceSelector selector() {
        ControlLog noting = (ControlLog) Proxy.newProxyInstance(ControlLog.class.getClassLoader(),
                new Class<?>[]{ControlLog.class}, (proxy, method, arguments) -> {
                    if (method.getName().equals("addDeadLetters")) {
                        deadLettersAtOnce.add(((Map<?, ?>) arguments[1]).size());
                    }
                    return method.invoke(state, arguments);
                });
        SelectorPorts ports = new SelectorPorts(source, source, ledger, state, noting,
                new RecordingExporter(new Random(1)), InstantSource.fixed(Instant.EPOCH));
        CompiledPolicies policies = CompiledPolicies.of(new PolicySet(
                List.of(NamedPolicy.of("errors", new SamplingPolicy.StatusCodes(Set.of(StatusCode.ERROR))))));
        TraceSelector selector =
                new TraceSelector(ports, policies, new SelectorSettings("run", new QuietRule(1_000, 60_000), 1_000));
        selector.recover();
        return selector;
    }

    private static byte[] trace(long id) {
        var request = ExportTraceServiceRequest.newBuilder();
        request.addResourceSpansBuilder().addScopeSpansBuilder().addSpans(Span.newBuilder().setName("span")
                .setTraceId(ByteString.copyFrom(ByteBuffer.allocate(16).putLong(7).putLong(id).array()))
                .setSpanId(ByteString.copyFrom(ByteBuffer.allocate(8).putLong(id).array())));
        return request.build().toByteArray();
    }

    @Test
    void aTopicFullOfPoisonMakesFewTransactions() {
        source.commit(T0, LongStream.range(0, 2_500)
                .mapToObj(offset -> new MemorySource.Row(0, offset, T0, POISON)).toList());

        CycleReport report = selector().cycle();

        assertThat(report.get(CycleMetric.ROWS_UNDECODABLE)).isEqualTo(2_500);
        assertThat(deadLettersAtOnce).containsExactly(1_000, 1_000, 500);
        assertThat(state.deadLetterCount(source.name())).isEqualTo(2_500);
    }

    @Test
    void withoutPoisonNothingIsWritten() {
        source.commit(T0, List.of(new MemorySource.Row(0, 0, T0, trace(1))));
        selector().cycle();

        assertThat(deadLettersAtOnce).isEmpty();
    }

    @Test
    void confirmationsAreForgottenOnceTheLedgerSaysWhichAreMissing() {
        TraceSelector selector = selector();
        for (long cycle = 1; cycle <= 5; cycle++) {
            long millis = T0 + cycle * 10_000;
            source.commit(millis, List.of(new MemorySource.Row(0, source.nextOffset(0), millis - 5_000, trace(cycle))));
            selector.cycle();
        }

        String key = LedgerKey.live(source.name()).inLedger(ledger.identity());
        assertThat(ledger.latest(source.name()).orElseThrow().cycle()).isEqualTo(5);
        assertThat(state.confirmedExports(key, List.of(1L, 2L, 3L, 4L, 5L))).containsExactly(5L);
    }
}
