package dev.tailsampling.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tailsampling.config.SelectorConfig;
import dev.tailsampling.selector.ConcurrentCycleException;
import dev.tailsampling.selector.CycleReport;
import dev.tailsampling.selector.MissingSourceException;
import dev.tailsampling.selector.SourceException;
import dev.tailsampling.selector.TableLease;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What becomes of a table that cannot be sampled. Sessions that work are tested with whole commands. */
class TableRunnerTest {

    /** What the watcher was told, and what became of the lease. */
    private final List<String> said = new ArrayList<>();
    private TableLease.State leaseState = TableLease.State.HELD;

    private TableRunner runner(TableRunner.Company company, RuntimeException failure) {
        return runner(company, 0, () -> failure);
    }

    private TableRunner runner(TableRunner.Company company, long token, Supplier<RuntimeException> failure) {
        return new TableRunner("default.a", Duration.ofSeconds(1), company, () -> Optional.of(lease(token)), lease -> {
            throw failure.get();
        }, watcher());
    }

    private TableLease lease(long token) {
        return new TableLease() {
            @Override
            public long token() {
                return token;
            }

            @Override
            public State state() {
                return leaseState;
            }

            @Override
            public void close() {
                said.add("given back");
            }
        };
    }

    private TableWatcher watcher() {
        return new TableWatcher() {
            @Override
            public void begins(String table) {}

            @Override
            public void rests(String table) {}

            @Override
            public void sessionEnded(String table) {}

            @Override
            public void cycle(SelectorRun run, CycleReport report) {
                said.add("cycle");
            }

            @Override
            public void standby(String table) {
                said.add("standby of " + table);
            }

            @Override
            public void failed(String table, RuntimeException failure) {
                said.add(String.valueOf(failure.getMessage()));
            }
        };
    }

    @Test
    void aTableThatAnotherInstanceLeadsIsLookedAtAgain() {
        TableRunner runner = new TableRunner("default.a", Duration.ofSeconds(1), TableRunner.Company.ALONE,
                Optional::empty, lease -> {
                    throw new AssertionError("opened without a lease");
                }, watcher());

        assertThat(runner.next()).isEqualTo(TableRunner.LOOK_AGAIN);
        assertThat(runner.next()).isEqualTo(TableRunner.LOOK_AGAIN);
        assertThat(said).containsExactly("standby of default.a", "standby of default.a");
    }

    @Test
    void whoFailsGivesTheLeaseBackSoThatAnotherInstanceMayTry() {
        TableRunner runner = runner(TableRunner.Company.ALONE, new UncheckedIOException(new IOException("away")));
        runner.next();
        assertThat(said).containsExactly("given back", "java.io.IOException: away");
    }

    /** Nobody can take a lease while the leases cannot be asked for, its holder included. */
    @Test
    void aLeaseIsKeptWhileItCannotBeAskedFor() {
        TableRunner runner = runner(TableRunner.Company.ALONE, new UncheckedIOException(new IOException("away")));
        leaseState = TableLease.State.UNKNOWN;
        runner.next();
        runner.next();
        assertThat(said).containsExactly("java.io.IOException: away", "java.io.IOException: away");
    }

    /** A new lease has a new fencing token, and each token is a commit to the ledger. */
    @Test
    void whatIsWrongWithTheTableIsNoReasonForAnotherLease() {
        AtomicInteger taken = new AtomicInteger();
        TableRunner runner = new TableRunner("default.a", Duration.ofSeconds(1), TableRunner.Company.ALONE,
                () -> Optional.of(lease(taken.incrementAndGet())), lease -> {
                    throw taken.get() == 1 && said.size() < 2
                            ? new MissingSourceException("no table")
                            : new SourceException("refused");
                }, watcher());
        for (int i = 0; i < 5; i++) {
            runner.next();
        }
        assertThat(taken).hasValue(1);
        runner.close();
        assertThat(said).endsWith("refused", "given back");
    }

    @Test
    void whoWasFollowedByAnotherLeaderStandsByInsteadOfEnding() {
        var followed = new ConcurrentCycleException("ns.spans", "another instance leads");
        assertThat(runner(TableRunner.Company.ALONE, 7, () -> followed).next()).isEqualTo(Duration.ofSeconds(1));
        assertThatThrownBy(runner(TableRunner.Company.ALONE, 0, () -> followed)::next).isSameAs(followed);
    }

    @Test
    void aMissingTableIsWaitedForWithoutLongPauses() {
        TableRunner runner = runner(TableRunner.Company.ALONE, new MissingSourceException("no table"));
        for (int i = 0; i < 10; i++) {
            assertThat(runner.next()).isEqualTo(TableRunner.LOOK_AGAIN);
        }
    }

    @Test
    void failuresBackOffUpToAMinute() {
        TableRunner runner = runner(TableRunner.Company.ALONE, new SourceException("table default.a is refused"));
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
