package dev.tailsampling.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tailsampling.config.SelectorConfig;
import dev.tailsampling.selector.SourceException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What becomes of a table that cannot be sampled. Sessions that work are tested with whole commands. */
class TableRunnerTest {

    private static TableRunner runner(TableRunner.Company company, RuntimeException failure) {
        Supplier<Session> broken = () -> {
            throw failure;
        };
        return new TableRunner("default.a", Duration.ofSeconds(1), company, broken, (session, report) -> {});
    }

    @Test
    void failuresBackOffUpToAMinute() {
        TableRunner runner = runner(TableRunner.Company.ALONE, new SourceException("table default.a does not exist"));
        List<Long> waits = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            waits.add(runner.next().toSeconds());
        }
        assertThat(waits).containsExactly(1L, 2L, 4L, 8L, 16L, 32L, 60L, 60L);
    }

    @Test
    void nothingThatIsWrongWithOneTableStopsTheOthers() {
        for (RuntimeException failure : List.of(new SourceException("refused"), new CommandException("locked"),
                new UncheckedIOException(new IOException("away")), new IllegalStateException("a defect"))) {
            assertThat(runner(TableRunner.Company.OTHERS, failure).next()).isEqualTo(Duration.ofSeconds(1));
        }
    }

    @Test
    void whatWaitingDoesNotMendEndsAProcessThatHasOneTable() {
        for (RuntimeException failure : List.of(new CommandException("locked"),
                new IllegalStateException("a defect"))) {
            assertThatThrownBy(runner(TableRunner.Company.ALONE, failure)::next).isSameAs(failure);
        }
    }

    @Test
    void wrongArgumentsEndTheProcess() {
        for (TableRunner.Company company : TableRunner.Company.values()) {
            assertThatThrownBy(runner(company, new UsageException("no URL"))::next).hasMessage("no URL");
        }
    }

    @Test
    void limitsOnMemoryAreShared() {
        SelectorConfig config = SelectorConfig.defaults();
        var alone = Session.tableOptions(config, InstantSource.system());
        var shared = alone.sharedBy(4);
        assertThat(Stream.of(shared.maxBytesPerRead(), shared.maxBytesInFlight()))
                .containsExactly(alone.maxBytesPerRead() / 4, alone.maxBytesInFlight() / 4);
    }
}
