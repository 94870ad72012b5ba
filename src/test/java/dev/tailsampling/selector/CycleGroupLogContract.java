package dev.tailsampling.selector;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tailsampling.assembly.CompletionReason;
import dev.tailsampling.policy.Decision;
import dev.tailsampling.policy.Outcome;
import dev.tailsampling.selector.CycleGroup.ReadUpTo;
import dev.tailsampling.trace.TraceId;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/** What every ledger must do in which cycles of several sources can be recorded at once. */
public abstract class CycleGroupLogContract {

    protected static final String FIRST = "orders/0";
    protected static final String SECOND = "orders/1";

    /** The ledger under test, the same for one test. */
    protected abstract CycleGroupLog ledger();

    /** Cycles of a source, the last one of which is under a fencing token. Each reads ten records. */
    protected static CycleGroup group(String source, long previous, long last, long token) {
        List<ReadUpTo> earlier = LongStream.range(previous + 1, last)
                .mapToObj(cycle -> new ReadUpTo(cycle, nextOffsets(cycle))).toList();
        return new CycleGroup(previous, earlier, new LoggedCycle(source, last, source + " until " + last, "run", "v1",
                new SourceCursor("topic%20 id", 0, nextOffsets(last), 1_000 * last), nextOffsets(previous),
                previous == 0 ? List.of() : List.of(previous), token, true));
    }

    protected static CycleGroup group(String source, long previous, long last) {
        return group(source, previous, last, 0);
    }

    protected static SourceOffsets nextOffsets(long cycle) {
        return SourceOffsets.parse("3:" + 10 * cycle);
    }

    protected static DecisionRecord row(String source, long cycle) {
        return new DecisionRecord(source, cycle, "run", "v1", Instant.EPOCH, 5, CompletionReason.QUIET,
                new TraceFacts(new TraceId(source.hashCode(), cycle), 1, 0, 10, 0, 0, 1, 2, 0, 0, null, List.of(), null,
                        null),
                new Decision(Outcome.NOT_SAMPLED, null, "", null, List.of()));
    }

    protected List<DecisionRecord> rows() {
        List<DecisionRecord> rows = new ArrayList<>();
        ledger().forEach(DecisionFilter.ALL, rows::add);
        return rows;
    }

    private List<Long> readUpTo(String source, long fromCycle) {
        return ledger().cycles(source, fromCycle).stream().map(cycle -> cycle.cursor().nextOffsets().of(3)).toList();
    }

    @Test
    void cyclesOfSeveralSourcesAreRecordedTogether() {
        CycleGroup second = group(SECOND, 0, 1);
        ledger().recordTogether(List.of(group(FIRST, 0, 4), second), List.of(row(FIRST, 2), row(SECOND, 1)));
        ledger().recordTogether(List.of(group(FIRST, 4, 6)), List.of(row(FIRST, 6)));

        assertThat(ledger().latest(FIRST)).contains(group(FIRST, 4, 6).last());
        assertThat(ledger().latest(SECOND)).contains(second.last());
        assertThat(readUpTo(FIRST, 1)).containsExactly(10L, 20L, 30L, 40L, 50L, 60L);
        assertThat(readUpTo(FIRST, 3)).containsExactly(30L, 40L, 50L, 60L);
        assertThat(readUpTo(SECOND, 1)).containsExactly(10L);
        assertThat(ledger().cycles(FIRST, 1)).extracting(LoggedCycle::cycle).containsExactly(1L, 2L, 3L, 4L, 5L, 6L);
        assertThat(ledger().cycles(FIRST, 1)).allMatch(LoggedCycle::exportedFirst);
        assertThat(rows()).containsExactlyInAnyOrder(row(FIRST, 2), row(SECOND, 1), row(FIRST, 6));
    }

    @Test
    void aGroupThatIsRecordedAlreadyIsLeftOutWithItsDecisions() {
        ledger().recordTogether(List.of(group(FIRST, 0, 2)), List.of(row(FIRST, 1)));
        ledger().recordTogether(List.of(group(FIRST, 0, 2), group(SECOND, 0, 3)),
                List.of(row(FIRST, 1), row(SECOND, 3), row(FIRST, 2)));
        ledger().recordTogether(List.of(group(FIRST, 0, 2)), List.of(row(FIRST, 1)));

        assertThat(rows()).containsExactlyInAnyOrder(row(FIRST, 1), row(SECOND, 3));
        assertThat(ledger().cycles(FIRST, 1)).hasSize(2);
        assertThat(ledger().cycles(SECOND, 1)).hasSize(3);
    }

    @Test
    void nothingIsWrittenIfAnotherWriterDecidesOnOneOfTheSources() {
        ledger().recordTogether(List.of(group(SECOND, 0, 2)), List.of());
        List<CycleGroup> groups = List.of(group(FIRST, 0, 1), group(SECOND, 1, 3));

        assertThatThrownBy(() -> ledger().recordTogether(groups, List.of(row(FIRST, 1))))
                .isInstanceOfSatisfying(ConcurrentCycleException.class,
                        e -> assertThat(e.source()).isEqualTo(SECOND));
        assertThat(ledger().latest(FIRST)).isEmpty();
        assertThat(ledger().latest(SECOND)).contains(group(SECOND, 0, 2).last());
        assertThat(rows()).isEmpty();
    }

    @Test
    void aGroupFollowsACycleThatWasRecordedAloneAndTheOtherWayRound() {
        LoggedCycle alone = group(FIRST, 0, 1).last();
        ledger().record(alone, List.of());
        ledger().recordTogether(List.of(group(FIRST, 1, 3)), List.of());
        ledger().record(group(FIRST, 3, 4).last(), List.of());

        assertThat(readUpTo(FIRST, 1)).containsExactly(10L, 20L, 30L, 40L);
        assertThat(ledger().cycles(FIRST, 1)).startsWith(alone).endsWith(group(FIRST, 3, 4).last());
    }

    @Test
    void aFenceKeepsOutTheGroupsOfALesserToken() {
        ledger().recordTogether(List.of(group(FIRST, 0, 2, 7)), List.of());
        assertThat(ledger().fencingToken(FIRST)).isEqualTo(7);
        ledger().fence(FIRST, 8, "another run");

        assertThatThrownBy(
                () -> ledger().recordTogether(List.of(group(SECOND, 0, 1, 1), group(FIRST, 2, 3, 7)), List.of()))
                .isInstanceOfSatisfying(ConcurrentCycleException.class, e -> assertThat(e.source()).isEqualTo(FIRST));
        assertThat(ledger().latest(SECOND)).isEmpty();
        ledger().recordTogether(List.of(group(FIRST, 2, 3, 8)), List.of());
        assertThat(ledger().latest(FIRST)).contains(group(FIRST, 2, 3, 8).last());
    }
}
