package dev.tailsampling.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.tailsampling.selector.ControlLog;
import dev.tailsampling.selector.CycleReport;
import dev.tailsampling.selector.FinishedCycle;
import dev.tailsampling.selector.SourceRow;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A database that is away stops nobody who only wants to have something noted. */
class DeferredControlLogTest {

    private static final String POISON = "poison";

    private final MemoryState state = new MemoryState(() -> DecisionRecords.NOON);
    private volatile boolean away;
    private volatile CountDownLatch held = new CountDownLatch(0);
    private volatile int attempts;
    private final DeferredControlLog log = new DeferredControlLog(unreliable(), Duration.ofHours(1));

    /** The state, as long as it is not away. */
    private ControlLog unreliable() {
        return (ControlLog) Proxy.newProxyInstance(getClass().getClassLoader(), new Class<?>[]{ControlLog.class},
                (proxy, method, arguments) -> {
                    attempts++;
                    held.await();
                    if (away) {
                        throw new UncheckedIOException("no connection", new IOException());
                    }
                    if (arguments[0].equals(POISON) && method.getReturnType() == void.class) {
                        throw new UncheckedIOException("constraint violated", new IOException());
                    }
                    try {
                        return method.invoke(state, arguments);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                });
    }

    @Nested
    class Control extends ControlLogContract {
        @Override
        ControlLog log() {
            return log;
        }

        @Override
        List<CycleReport> reports(String source) {
            return state.operations().reports(source, Integer.MAX_VALUE).reversed().stream().map(FinishedCycle::report)
                    .toList();
        }
    }

    @Test
    void whatIsKeptMeanwhileIsWrittenInItsOrderWhenTheDatabaseIsBack() {
        away = true;
        log.addPolicySet("v1", "one");
        log.confirmExport("s", 7);
        log.keepLimits("s", 7, "full");
        assertThat(attempts).as("asked again at once, then left alone").isEqualTo(2);
        assertThat(log.waiting()).isEqualTo(3);
        assertThat(state.policySet("v1")).isEmpty();

        away = false;
        assertThat(log.policySet("v1")).contains("one");
        assertThat(log.waiting()).isZero();
        assertThat(state.confirmedExports("s", List.of(7L))).containsExactly(7L);
        assertThat(state.limits("s", 7)).contains("full");
    }

    @Test
    void theNextWriteFindsTheDatabaseBack() {
        DeferredControlLog patient = new DeferredControlLog(unreliable(), Duration.ofMillis(10));
        away = true;
        patient.confirmExport("s", 1);
        away = false;
        await().until(() -> {
            patient.confirmExport("s", 2);
            return patient.waiting() == 0;
        });
        assertThat(state.confirmedExports("s", List.of(1L, 2L))).containsExactly(1L, 2L);
    }

    @Test
    void whoAsksIsToldThatTheDatabaseIsAway() {
        away = true;
        log.confirmExport("s", 1);
        assertThatThrownBy(() -> log.confirmedExports("s", List.of(1L))).isInstanceOf(UncheckedIOException.class);
        assertThat(log.waiting()).isEqualTo(1);
    }

    @Test
    void notMoreWaitsThanMemoryBears() {
        away = true;
        for (int cycle = 0; cycle < DeferredControlLog.MAX_WAITING; cycle++) {
            log.confirmExport("s", cycle);
        }
        assertThatThrownBy(() -> log.confirmExport("s", -1)).isInstanceOf(UncheckedIOException.class);
        assertThat(log.waiting()).isEqualTo(DeferredControlLog.MAX_WAITING);
    }

    @Test
    void tellsWhyWritesWaitAndHowMany() {
        assertThat(log.problem()).isEmpty();
        away = true;
        log.confirmExport("s", 1);
        log.confirmExport("s", 2);
        assertThat(log.problem()).contains("2 writes to the control log wait until it is back: no connection");

        away = false;
        log.policySet("v1");
        assertThat(log.problem()).isEmpty();
    }

    @Test
    void aWriteThatCanNeverSucceedStopsNoOther() {
        log.confirmExport(POISON, 1);
        log.confirmExport("s", 2);
        assertThat(log.confirmedExports("s", List.of(2L))).containsExactly(2L);
        assertThat(log.waiting()).isZero();
        assertThat(log.problem()).contains("1 writes to the control log were given up, the last: export of cycle 1 of "
                + "poison, as constraint violated");
    }

    @Test
    void aWriteThatCanNeverSucceedWaitsLikeOthersWhileTheDatabaseIsAway() {
        away = true;
        log.confirmExport(POISON, 1);
        log.confirmExport("s", 2);
        assertThat(log.waiting()).isEqualTo(2);
        away = false;
        assertThat(log.confirmedExports("s", List.of(2L))).containsExactly(2L);
    }

    @Test
    void ofLimitsOnlyTheNewestTwoOfEachSourceWait() {
        away = true;
        for (int cycle = 1; cycle <= 100; cycle++) {
            log.keepLimits("s", cycle, "s" + cycle);
            log.keepLimits("t", cycle, "t" + cycle);
        }
        assertThat(log.waiting()).isEqualTo(4);
        away = false;
        assertThat(log.limits("s", 99)).contains("s99");
        assertThat(log.limits("t", 100)).contains("t100");
    }

    @Test
    void noMoreDeadLettersWaitThanAreKept() {
        int batch = ControlLog.DEAD_LETTERS_KEPT / 4 + 1;
        away = true;
        for (int i = 0; i < 6; i++) {
            log.addDeadLetters("s", letters(i * batch, batch));
        }
        assertThat(log.problem()).hasValueSatisfying(problem -> assertThat(problem).contains(
                6 * batch - ControlLog.DEAD_LETTERS_KEPT + " writes to the control log were given up, the last: "
                        + "dead letters beyond the newest 10000 that waited"));
        away = false;
        assertThat(log.deadLetterCount("s")).isEqualTo(ControlLog.DEAD_LETTERS_KEPT);
        assertThat(state.operations().deadLetters("s", 1).getFirst().row().offset()).isEqualTo(6 * batch - 1);
    }

    @Test
    void aDatabaseThatIsThereCountsEveryDeadLetter() {
        log.addDeadLetters("s", letters(0, ControlLog.DEAD_LETTERS_KEPT + 7));
        assertThat(log.deadLetterCount("s")).isEqualTo(ControlLog.DEAD_LETTERS_KEPT + 7);
        assertThat(log.problem()).isEmpty();
    }

    private static Map<SourceRow, String> letters(int from, int count) {
        Map<SourceRow, String> letters = new LinkedHashMap<>();
        IntStream.range(from, from + count).forEach(i -> letters.put(new SourceRow(0, i, i, 0), "not OTLP"));
        return letters;
    }

    @Test
    @Timeout(60)
    void aStatementThatHangsStopsNoOtherWriter() throws Exception {
        CountDownLatch hanging = new CountDownLatch(1);
        held = hanging;
        try (ExecutorService thread = Executors.newSingleThreadExecutor()) {
            Future<?> first = thread.submit(() -> log.confirmExport("s", 1));
            await().until(() -> attempts == 1);
            log.confirmExport("s", 2);
            log.keepLimits("s", 2, "full");
            assertThat(attempts).isEqualTo(1);
            assertThat(first).isNotDone();
            hanging.countDown();
            first.get();
        }
        assertThat(log.waiting()).isZero();
        assertThat(state.confirmedExports("s", List.of(1L, 2L))).containsExactly(1L, 2L);
    }

    @Test
    void closingWritesWhatWaits() {
        away = true;
        log.confirmExport("s", 1);
        away = false;
        log.close();
        assertThat(state.confirmedExports("s", List.of(1L))).containsExactly(1L);
    }

    @Test
    void closingSaysWhatIsLost() {
        away = true;
        log.confirmExport("s", 1);
        assertThatThrownBy(log::close).isInstanceOf(UncheckedIOException.class)
                .hasMessage("1 writes to the control log are lost, the exports they confirm are driven again: "
                        + "no connection");
    }
}
