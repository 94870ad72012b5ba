package dev.tailsampling.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class TableSchedulerTest {

    private final VirtualExecutor executor = new VirtualExecutor();
    private final Map<String, List<Duration>> began = new TreeMap<>();
    private final List<String> closed = new ArrayList<>();
    private final List<String> failures = new ArrayList<>();
    private final TableScheduler scheduler = new TableScheduler(executor, () -> failures.add("told"));

    /** A table whose cycles take some time, and rest. */
    private TableCycles table(String name, Duration cycle, Duration rest) {
        return new TableCycles() {
            @Override
            public Duration next() {
                began.computeIfAbsent(name, first -> new ArrayList<>()).add(executor.now());
                executor.pass(cycle);
                return rest;
            }

            @Override
            public void close() {
                closed.add(name);
            }
        };
    }

    private static Duration seconds(long seconds) {
        return Duration.ofSeconds(seconds);
    }

    private List<Duration> gaps(String name) {
        List<Duration> times = began.get(name);
        return IntStream.range(1, times.size()).mapToObj(i -> times.get(i).minus(times.get(i - 1))).toList();
    }

    @Test
    void everyTableHasItsOwnInterval() {
        scheduler.keep(Set.of("fast", "slow"),
                name -> table(name, Duration.ZERO, seconds(name.equals("fast") ? 1 : 5)));

        executor.runUntil(seconds(10));

        assertThat(began.get("fast")).hasSize(11);
        assertThat(began.get("slow")).containsExactly(seconds(0), seconds(5), seconds(10));
    }

    /** The worst case of one thread: a table with a backlog is always due, and its cycles take long. */
    @Test
    void aBacklogTakesOnlyWhatTheOthersLeave() {
        scheduler.keep(Set.of("backlog", "small"), name -> name.equals("backlog")
                ? table(name, seconds(20), Duration.ZERO)
                : table(name, seconds(1), seconds(10)));

        executor.runUntil(seconds(1000));

        assertThat(gaps("small")).isNotEmpty().allMatch(gap -> gap.compareTo(seconds(1 + 10 + 20)) <= 0);
        assertThat(began.get("small")).hasSizeGreaterThan(30);
        assertThat(began.get("backlog")).hasSizeGreaterThan(30);
    }

    @Test
    void twoBacklogsTakeTurns() {
        scheduler.keep(Set.of("a", "b"), name -> table(name, seconds(name.equals("a") ? 9 : 1), Duration.ZERO));

        executor.runUntil(seconds(100));

        assertThat(gaps("a")).isNotEmpty().containsOnly(seconds(10));
        assertThat(gaps("b")).isNotEmpty().containsOnly(seconds(10));
    }

    @Test
    void tablesJoinAndLeave() {
        scheduler.keep(Set.of("first"), name -> table(name, Duration.ZERO, seconds(1)));
        executor.runUntil(seconds(5));
        scheduler.keep(Set.of("second"), name -> table(name, Duration.ZERO, seconds(1)));
        executor.runUntil(seconds(10));

        assertThat(began.get("first").getLast()).isEqualTo(seconds(5));
        assertThat(closed).containsExactly("first");
        assertThat(began.get("second")).startsWith(seconds(5)).endsWith(seconds(10));
    }

    @Test
    void whatCannotPassEndsTheWholeAndClosesEveryTable() {
        scheduler.keep(Set.of("broken", "whole"), name -> name.equals("broken") ? new TableCycles() {
            @Override
            public Duration next() {
                throw new CommandException("another process is scanning");
            }

            @Override
            public void close() {
                closed.add(name);
            }
        } : table(name, Duration.ZERO, seconds(1)));
        executor.runUntil(seconds(3));

        assertThat(failures).containsExactly("told");
        assertThatThrownBy(scheduler::end).isInstanceOf(CommandException.class).hasMessageContaining("another process");
        assertThat(closed).containsExactlyInAnyOrder("broken", "whole");
    }

    @Test
    void aTableThatWasLeftIsClosedAtTheEndEvenIfItsRestHasNotPassed() {
        scheduler.keep(Set.of("left"), name -> table(name, Duration.ZERO, seconds(3600)));
        executor.runUntil(seconds(1));
        scheduler.keep(Set.of(), name -> table(name, Duration.ZERO, seconds(1)));
        assertThat(closed).isEmpty();

        assertThatCode(scheduler::end).doesNotThrowAnyException();
        assertThat(closed).containsExactly("left");
    }

    @Test
    void aTableThatCannotBeClosedLeavesNoOtherOpen() {
        scheduler.keep(Set.of("a", "b", "c"), name -> new TableCycles() {
            @Override
            public Duration next() {
                return seconds(1);
            }

            @Override
            public void close() {
                closed.add(name);
                if (!name.equals("b")) {
                    throw new IllegalStateException("the file of " + name + " is in use");
                }
            }
        });

        assertThatThrownBy(scheduler::end).isInstanceOf(IllegalStateException.class).hasMessageContaining("in use");
        assertThat(closed).containsExactlyInAnyOrder("a", "b", "c");
    }

    @Test
    void onRealThreadsBacklogsTakeTurnsAndTheEndWaitsForTheCycleInProgress() throws InterruptedException {
        Queue<String> order = new ConcurrentLinkedQueue<>();
        CountDownLatch enough = new CountDownLatch(200);
        CountDownLatch joined = new CountDownLatch(1);
        ScheduledExecutorService oneThread = TableScheduler.executor(1);
        TableScheduler real = new TableScheduler(oneThread, () -> failures.add("told"));
        real.keep(Set.of("a", "b", "c"), name -> new TableCycles() {
            @Override
            public Duration next() {
                // The first of them is not to run alone for a while.
                awaitUninterruptibly(joined);
                order.add(name);
                enough.countDown();
                return Duration.ZERO;
            }

            @Override
            public void close() {
                order.add("closed " + name);
            }
        });
        joined.countDown();

        assertThat(enough.await(30, TimeUnit.SECONDS)).isTrue();
        real.end();

        assertThat(failures).isEmpty();
        assertThat(oneThread.isTerminated()).isTrue();
        List<String> names = List.copyOf(order);
        List<String> cycles = names.subList(0, 200);
        assertThat(IntStream.range(3, cycles.size())).allMatch(i -> cycles.get(i).equals(cycles.get(i - 3)));
        assertThat(Set.copyOf(cycles.subList(0, 3))).containsExactlyInAnyOrder("a", "b", "c");
        assertThat(names.subList(names.size() - 3, names.size()))
                .containsExactlyInAnyOrder("closed a", "closed b", "closed c");
    }

    private static void awaitUninterruptibly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new AssertionError("interrupted before all tables had joined", e);
        }
    }
}
