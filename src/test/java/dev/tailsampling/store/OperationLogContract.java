package dev.tailsampling.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tailsampling.selector.ControlLog;
import dev.tailsampling.selector.CycleMetric;
import dev.tailsampling.selector.CycleReport;
import dev.tailsampling.selector.DeadLetter;
import dev.tailsampling.selector.FinishedCycle;
import dev.tailsampling.selector.InstanceRun;
import dev.tailsampling.selector.OperationLog;
import dev.tailsampling.selector.SourceRow;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/** What every operation log answers from what its control log was told. Its clock stands at {@link DecisionRecords#NOON}. */
abstract class OperationLogContract {

    private static final String SOURCE = "otel.spans";
    private static final String OTHER = "otel.other";
    private static final Instant NOON = DecisionRecords.NOON;

    /** The same log at each call, empty at first. */
    abstract OperationLog operations();

    /** Where reports and dead letters come in. */
    abstract ControlLog log();

    private static CycleReport report(long spans) {
        return new CycleReport(Map.of(CycleMetric.CYCLES, 1L, CycleMetric.SPANS_READ, spans),
                Map.of("rule-1", spans + 1, "rule:2", 7L));
    }

    private FinishedCycle add(String source, long secondsAfterNoon) {
        FinishedCycle cycle =
                new FinishedCycle(source, NOON.plusSeconds(secondsAfterNoon), report(secondsAfterNoon + 1_000));
        log().addReport(source, cycle.finishedAt(), cycle.report());
        return cycle;
    }

    private static InstanceRun run(String id, String instance, long startedAt) {
        return new InstanceRun(id, instance, "host-1", "0.1.0", "otel.*", NOON.plusSeconds(startedAt), null, null);
    }

    private static InstanceRun ended(InstanceRun run, long at, String ending) {
        return new InstanceRun(run.runId(), run.instance(), run.host(), run.version(), run.tables(), run.startedAt(),
                NOON.plusSeconds(at), ending);
    }

    @Test
    void isEmptyAtFirst() {
        assertThat(operations().reports(null, 10)).isEmpty();
        assertThat(operations().reports(SOURCE, 10)).isEmpty();
        assertThat(operations().deadLetters(null, 10)).isEmpty();
        assertThat(operations().runs(10)).isEmpty();
        assertThat(operations().problem()).isEmpty();
    }

    @Test
    void newestReportsComeFirst() {
        FinishedCycle first = add(SOURCE, 1);
        FinishedCycle third = add(SOURCE, 3);
        FinishedCycle second = add(OTHER, 2);

        assertThat(operations().reports(null, 10)).containsExactly(third, second, first);
        assertThat(operations().reports(null, 2)).containsExactly(third, second);
        assertThat(operations().reports(SOURCE, 10)).containsExactly(third, first);
        assertThat(operations().reports(SOURCE, 1)).containsExactly(third);
        assertThat(operations().reports("unknown", 10)).isEmpty();
    }

    @Test
    void ofReportsOfOneInstantTheLastOneAddedIsTheNewest() {
        log().addReport(SOURCE, NOON, report(1));
        log().addReport(SOURCE, NOON, report(2));

        assertThat(operations().reports(SOURCE, 1)).containsExactly(new FinishedCycle(SOURCE, NOON, report(2)));
    }

    @Test
    void reportInWhichNothingHappenedIsListed() {
        log().addReport(SOURCE, NOON, CycleReport.NONE);

        assertThat(operations().reports(null, 10)).containsExactly(new FinishedCycle(SOURCE, NOON, CycleReport.NONE));
    }

    @Test
    void forgottenReportsAreGone() {
        add(SOURCE, 1);
        FinishedCycle second = add(SOURCE, 2);
        log().forgetReportsOlderThan(NOON.plusSeconds(2));

        assertThat(operations().reports(null, 10)).containsExactly(second);
    }

    @Test
    void newestDeadLettersComeFirst() {
        Map<SourceRow, String> rows = new LinkedHashMap<>();
        rows.put(new SourceRow(3, 18, -1, 5), "not OTLP");
        rows.put(new SourceRow(0, 17, 1_000, 6), "it's no \"OTLP\"");
        log().addDeadLetters(SOURCE, rows);
        log().addDeadLetters(OTHER, Map.of(new SourceRow(0, 1, 2, 3), ""));

        DeadLetter first = new DeadLetter(SOURCE, new SourceRow(3, 18, -1, -1), "not OTLP", NOON);
        DeadLetter second = new DeadLetter(SOURCE, new SourceRow(0, 17, 1_000, -1), "it's no \"OTLP\"", NOON);
        DeadLetter other = new DeadLetter(OTHER, new SourceRow(0, 1, 2, -1), "", NOON);
        assertThat(operations().deadLetters(SOURCE, 10)).containsExactly(second, first);
        assertThat(operations().deadLetters(SOURCE, 1)).containsExactly(second);
        assertThat(operations().deadLetters(null, 10)).containsExactly(other, second, first);
        assertThat(operations().deadLetters("unknown", 10)).isEmpty();
    }

    @Test
    void listsNoMoreDeadLettersThanAreKept() {
        Map<SourceRow, String> rows = new LinkedHashMap<>();
        LongStream.range(0, ControlLog.DEAD_LETTERS_KEPT + 5L)
                .forEach(offset -> rows.put(new SourceRow(0, offset, 0, 0), "poison"));
        log().addDeadLetters(SOURCE, rows);

        List<DeadLetter> kept = operations().deadLetters(SOURCE, Integer.MAX_VALUE);
        assertThat(kept).hasSize(ControlLog.DEAD_LETTERS_KEPT);
        assertThat(kept.getFirst().row().offset()).isEqualTo(ControlLog.DEAD_LETTERS_KEPT + 4L);
        assertThat(kept.getLast().row().offset()).isEqualTo(5);
    }

    @Test
    void runsBeginAndEndOnce() {
        InstanceRun run = run("r1", "a", 1);
        operations().begin(run);
        operations().begin(run("r1", "b", 2));
        assertThat(operations().runs(10)).containsExactly(run);

        operations().end("r1", NOON.plusSeconds(5), "stopped by SIGTERM");
        operations().end("r1", NOON.plusSeconds(6), "again");
        operations().end("unknown", NOON, "never begun");
        assertThat(operations().runs(10)).containsExactly(ended(run, 5, "stopped by SIGTERM"));
    }

    @Test
    void newestRunsComeFirst() {
        operations().begin(run("r1", "a", 1));
        operations().begin(run("r3", "a", 3));
        operations().begin(run("r2", "b", 3));

        assertThat(operations().runs(10)).extracting(InstanceRun::runId).containsExactly("r2", "r3", "r1");
        assertThat(operations().runs(1)).extracting(InstanceRun::runId).containsExactly("r2");
    }

    @Test
    void forgetsOldRunsThatEndedOrWereFollowed() {
        operations().begin(run("ended", "a", 1));
        operations().end("ended", NOON.plusSeconds(2), "stopped");
        operations().begin(run("killed", "b", 1));
        operations().begin(run("running", "b", 3));
        operations().begin(run("young", "a", 10));
        operations().end("young", NOON.plusSeconds(11), "stopped");

        assertThat(operations().forgetRunsOlderThan(NOON.plusSeconds(10))).isEqualTo(2);
        assertThat(operations().runs(10)).extracting(InstanceRun::runId).containsExactly("young", "running");
        assertThat(operations().forgetRunsOlderThan(NOON.plusSeconds(10))).isZero();
    }
}
