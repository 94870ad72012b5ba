package dev.tailsampling.export;

import static dev.tailsampling.export.SampledTraces.trace;
import static dev.tailsampling.export.SampledTraces.traceOfBytes;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tailsampling.selector.ExportOutcome;
import dev.tailsampling.selector.SampledTrace;
import dev.tailsampling.selector.TraceExporter;
import java.util.List;
import org.junit.jupiter.api.Test;

class CommitGroupExporterTest {

    private static final ExportOutcome DONE = ScriptedDestination.DONE;
    private static final ExportOutcome AWAY = new ExportOutcome.Unknown("away");
    private static final int MAX_BYTES = 10_000;

    private final ScriptedDestination table = new ScriptedDestination("iceberg");
    private final CommitGroupExporter shared = new CommitGroupExporter(table, MAX_BYTES);

    private static void begin(TraceExporter user, String group, SampledTrace... traces) {
        user.begin(group);
        assertThat(user.export(List.of(traces))).isEqualTo(DONE);
    }

    private List<String> begun() {
        return table.calls().stream().filter(call -> call.startsWith("begin")).toList();
    }

    @Test
    void groupsOfAllUsersAreOne() {
        TraceExporter one = shared.use();
        TraceExporter two = shared.use();
        begin(one, "a", trace(1, 1));
        begin(two, "b", trace(2, 1));
        one.flush();
        two.flush();

        assertThat(shared.commit()).isEqualTo(DONE);
        assertThat(table.calls()).hasSize(3).endsWith("export 2", "flush");
        assertThat(shared.commit()).isEqualTo(DONE);
        assertThat(table.calls()).hasSize(3);
    }

    @Test
    void aGroupThatHasNotEndedIsNotCommittedAndComesOnce() {
        TraceExporter user = shared.use();
        begin(user, "a", trace(1, 2));
        shared.commit();
        assertThat(table.received()).isEmpty();

        begin(user, "a", trace(1, 2));
        user.flush();
        shared.commit();

        assertThat(SampledTraces.spanIds(table.received())).hasSize(2);
    }

    @Test
    void whatAUserLeavesUnfinishedIsDropped() {
        TraceExporter user = shared.use();
        begin(user, "a", trace(1, 1));
        user.close();
        user.flush();
        shared.commit();

        assertThat(table.received()).isEmpty();
    }

    @Test
    void whoFindsItFullCommits() {
        TraceExporter user = shared.use();
        for (int number = 0; number < 20; number++) {
            begin(user, "g" + number, traceOfBytes(number, 3_000));
            assertThat(user.flush()).isEqualTo(DONE);
        }
        assertThat(begun()).hasSizeGreaterThan(3);
        shared.commit();
        assertThat(table.received()).hasSize(20);
    }

    @Test
    void aGroupLargerThanTheRoomComesThrough() {
        TraceExporter user = shared.use();
        user.begin("large");
        for (int number = 0; number < 20; number++) {
            assertThat(user.export(List.of(traceOfBytes(number, 3_000)))).isEqualTo(DONE);
        }
        assertThat(user.flush()).isEqualTo(DONE);
        shared.commit();

        assertThat(table.received()).hasSize(20).doesNotHaveDuplicates();
    }

    @Test
    void fullAndAwayIsUnknownUntilTheDestinationIsBack() {
        TraceExporter user = shared.use();
        for (int number = 0; number < 2; number++) {
            begin(user, "a" + number, traceOfBytes(number, MAX_BYTES * 3 / 4));
            assertThat(user.flush()).isEqualTo(DONE);
        }
        table.answers(AWAY, AWAY);
        user.begin("b");

        assertThat(user.export(List.of(trace(2, 1)))).isEqualTo(AWAY);
        assertThat(user.flush()).isEqualTo(AWAY);
        assertThat(begun()).hasSize(2).allMatch(begun().getFirst()::equals);
        table.received().clear();

        begin(user, "b", trace(2, 1));
        user.flush();
        shared.commit();
        assertThat(SampledTraces.spanIds(table.received())).hasSize(3);
    }

    /** The table has a group already whose commit came through unheard, and knows it by its name. */
    @Test
    void keepsItsNameAndSpansUntilTheDestinationHasThem() {
        TraceExporter user = shared.use();
        begin(user, "a", trace(1, 1));
        user.flush();
        table.flushes(AWAY);
        assertThat(shared.commit()).isEqualTo(AWAY);
        begin(user, "b", trace(2, 1));
        user.flush();

        assertThat(shared.commit()).isEqualTo(DONE);

        List<String> begun = begun();
        assertThat(begun).hasSize(3);
        assertThat(begun.get(1)).isEqualTo(begun.get(0)).isNotEqualTo(begun.get(2));
        assertThat(table.calls()).containsExactly(begun.get(0), "export 1", "flush", begun.get(0), "export 1", "flush",
                begun.get(2), "export 1", "flush");
    }

    @Test
    void closesTheDestinationAndNotWithAUser() {
        shared.use().close();
        assertThat(table.calls()).isEmpty();
        shared.close();
        assertThat(table.calls()).containsExactly("close");
    }
}
