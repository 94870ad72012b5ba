package dev.tailsampling.export;

import static dev.tailsampling.export.SampledTraces.trace;
import static dev.tailsampling.export.ScriptedDestination.DONE;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tailsampling.selector.ExportOutcome;
import dev.tailsampling.selector.SampledTrace;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A group that comes again goes only where it is not yet. */
@Timeout(60)
class GroupRepeatsTest {

    private static final ExportOutcome AWAY = new ExportOutcome.Unknown("away");
    private static final List<SampledTrace> FIRST = List.of(trace(1, 1), trace(2, 1));
    private static final List<SampledTrace> SECOND = List.of(trace(3, 2));

    private final ScriptedDestination well = new ScriptedDestination("well");
    private final ScriptedDestination flaky = new ScriptedDestination("flaky");
    private final MultiExporter both = new MultiExporter(List.of(well, flaky));

    private ExportOutcome send(String group) {
        both.begin(group);
        both.export(FIRST);
        if (both.wantsMore()) {
            both.export(SECOND);
        }
        return both.wantsMore() ? both.flush() : AWAY;
    }

    @Test
    void healthyDestinationHasNoRepeats() {
        flaky.answers(AWAY);
        assertThat(send("a")).isEqualTo(new ExportOutcome.Unknown("flaky: away"));
        assertThat(well.calls()).containsExactly("begin a", "export 2", "export 1", "flush");
        assertThat(flaky.calls()).as("nothing more in this attempt").containsExactly("begin a", "export 2");

        assertThat(send("a")).isEqualTo(DONE);
        assertThat(well.calls()).hasSize(4);
        assertThat(flaky.calls()).containsExactly("begin a", "export 2", "begin a", "export 2", "export 1", "flush");
    }

    @Test
    void aGroupThatAllHaveTakenIsForgotten() {
        flaky.answers(AWAY);
        send("a");
        send("a");

        assertThat(send("a")).as("nobody sends it again, but if so, it is a new one").isEqualTo(DONE);
        assertThat(well.received()).hasSize(6);
    }

    @Test
    void whoLacksABatchGetsTheWholeGroupAgain() {
        flaky.answers(DONE, AWAY);
        send("a");
        send("a");

        assertThat(flaky.received()).hasSize(6);
        assertThat(well.received()).hasSize(3);
    }

    @Test
    void flushCounts() {
        well.flushes(AWAY);
        assertThat(send("a")).isEqualTo(new ExportOutcome.Unknown("well: away"));
        assertThat(send("a")).isEqualTo(DONE);

        assertThat(well.received()).hasSize(6);
        assertThat(flaky.received()).hasSize(3);
    }

    @Test
    void whenAllAreLostNoMoreIsWanted() {
        well.answers(AWAY);
        flaky.answers(AWAY);
        both.begin("a");

        assertThat(both.export(FIRST)).isEqualTo(new ExportOutcome.Unknown("well: away; flaky: away"));
        assertThat(both.wantsMore()).isFalse();
    }

    @Test
    void severalGroupsMayBeUnfinished() {
        flaky.answers(AWAY, AWAY, AWAY);
        send("a");
        send("b");
        send("c");
        assertThat(List.of(send("a"), send("b"), send("c"))).containsOnly(DONE);

        assertThat(well.received()).hasSize(9);
        assertThat(flaky.received()).hasSize(3 * 2 + 9);
    }

    @Test
    void whatWasTakenStaysKnownWhileTheOtherIsLostAgainAndAgain() {
        flaky.answers(AWAY, AWAY, AWAY);
        send("a");
        send("a");
        send("b");
        assertThat(send("a")).isEqualTo(DONE);

        assertThat(well.received()).as("a and b, once each").hasSize(6);
    }

    /** A group of the same name and other spans, after a restart say, must not be taken for the old one. */
    @Test
    void anotherExporterKnowsNothing() {
        flaky.answers(AWAY);
        send("a");
        MultiExporter other = new MultiExporter(List.of(well, flaky));
        other.begin("a");
        other.export(FIRST);

        assertThat(well.received()).hasSize(5);
    }

    @Test
    void refusalIsAnAnswer() {
        flaky.answers(new ExportOutcome.Refused("no"));
        both.begin("a");
        long spans = FIRST.stream().mapToLong(SampledTrace::spanCount).sum();
        assertThat(both.export(FIRST)).isEqualTo(new ExportOutcome.Exported(spans, 0, "flaky: no"));
        assertThat(both.export(SECOND)).isEqualTo(DONE);
        assertThat(both.flush()).isEqualTo(DONE);
    }

    @Test
    void oldestGroupsAreForgottenAndGoEverywhereAgain() {
        MultiExporter few = new MultiExporter(List.of(well, flaky),
                TraceRoutes.toAll(List.of("well", "flaky")), new UnfinishedGroups(2, 1_000));
        flaky.answers(AWAY, AWAY, AWAY);
        for (String group : List.of("a", "b", "c", "a", "c")) {
            few.begin(group);
            few.export(FIRST);
            few.flush();
        }
        assertThat(well.received()).as("a, b, c and a again").hasSize(8);
    }

    /** Each works on its own while the caller waits for both. */
    @Test
    void slowDestinationDoesNotKeepTheBatchFromTheOther() {
        CountDownLatch gate = new CountDownLatch(1);
        MultiExporter slowFirst = new MultiExporter(List.of(flaky.waitsFor(gate), well));
        try (ExecutorService caller = Executors.newVirtualThreadPerTaskExecutor()) {
            var outcome = caller.submit(() -> slowFirst.export(FIRST));
            Awaitility.await().until(() -> well.received().size() == 2);
            assertThat(outcome.isDone()).isFalse();
            gate.countDown();
            Awaitility.await().until(outcome::isDone);
            assertThat(outcome.resultNow()).isEqualTo(DONE);
        }
    }

    @Test
    void interruptionReachesTheDestinations() throws Exception {
        CountDownLatch never = new CountDownLatch(1);
        flaky.waitsFor(never);
        try (ExecutorService caller = Executors.newVirtualThreadPerTaskExecutor()) {
            var outcome = caller.submit(() -> both.export(FIRST) + " " + Thread.interrupted());
            Awaitility.await().until(() -> flaky.received().size() == 2);
            caller.shutdownNow();
            assertThat(outcome.get()).startsWith("Unknown").contains("interrupted").endsWith("true");
        }
    }
}
