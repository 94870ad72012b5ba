package dev.tailsampling.export;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.awaitility.Awaitility.await;

import dev.tailsampling.selector.DestinationObserver.BreakerState;
import dev.tailsampling.selector.ExportOutcome;
import dev.tailsampling.selector.SampledTrace;
import dev.tailsampling.selector.TraceExporter;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A destination that is away is left alone, by all that share its breaker, until one batch finds it back. */
class BreakerExporterTest {

    private static final ExportOutcome DONE = new ExportOutcome.Exported(0, "");
    private static final ExportOutcome AWAY = new ExportOutcome.Unknown("no connection");
    private static final ExportOutcome REFUSED = new ExportOutcome.Refused("401");

    private final Deque<ExportOutcome> answers = new ArrayDeque<>();
    private final List<BreakerState> states = new ArrayList<>();
    private int attempts;

    private TraceExporter exporter(DestinationBreaker breaker) {
        return new BreakerExporter(new TraceExporter() {
            @Override
            public String name() {
                return "answering";
            }

            @Override
            public ExportOutcome export(List<SampledTrace> batch) {
                attempts++;
                return answers.remove();
            }

            @Override
            public ExportOutcome flush() {
                return DONE;
            }

            @Override
            public void close() {}
        }, breaker);
    }

    @Test
    void afterTwoUnknownOutcomesNobodyTriesForAWhile() {
        DestinationBreaker breaker = new DestinationBreaker(Duration.ofHours(1), state -> {});
        answers.addAll(List.of(AWAY, AWAY));

        exporter(breaker).export(List.of());
        assertThat(breaker.problem()).contains("no connection");
        exporter(breaker).export(List.of());

        assertThat(exporter(breaker).export(List.of()))
                .isEqualTo(new ExportOutcome.Unknown("not tried again yet, the destination is away: no connection"));
        assertThat(attempts).isEqualTo(2);
    }

    @Test
    void oneBatchFindsTheDestinationBack() {
        DestinationBreaker breaker = new DestinationBreaker(Duration.ofMillis(20), states::add);
        TraceExporter exporter = exporter(breaker);
        answers.addAll(List.of(AWAY, AWAY, DONE, DONE));
        exporter.export(List.of());
        exporter.export(List.of());

        await().until(() -> exporter.export(List.of()).equals(DONE));

        assertThat(breaker.problem()).isEmpty();
        assertThat(exporter.export(List.of())).isEqualTo(DONE);
        assertThat(states).containsExactly(BreakerState.OPEN, BreakerState.HALF_OPEN, BreakerState.CLOSED);
    }

    @Test
    void aRefusalIsAnAnswer() {
        DestinationBreaker breaker = new DestinationBreaker(Duration.ofHours(1), state -> {});
        answers.addAll(List.of(AWAY, REFUSED, AWAY, DONE));
        for (ExportOutcome expected : List.copyOf(answers)) {
            assertThat(exporter(breaker).export(List.of())).isEqualTo(expected);
        }
    }

    @Test
    void anErrorDoesNotLeaveTheDestinationAloneForEver() {
        DestinationBreaker breaker = new DestinationBreaker(Duration.ofMillis(20), state -> {});
        answers.addAll(List.of(AWAY, AWAY));
        exporter(breaker).export(List.of());
        exporter(breaker).export(List.of());
        TraceExporter failing = new BreakerExporter(new ScriptedDestination("failing") {
            @Override
            public ExportOutcome export(List<SampledTrace> batch) {
                throw new StackOverflowError("deep");
            }
        }, breaker);
        await().until(() -> catchThrowable(() -> failing.export(List.of())) instanceof StackOverflowError);

        answers.add(DONE);
        await().until(() -> exporter(breaker).export(List.of()).equals(DONE));
    }
}
