package dev.tailsampling.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.tailsampling.selector.ControlLog;
import dev.tailsampling.selector.CycleReport;
import dev.tailsampling.selector.FinishedCycle;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** A database that is away stops nobody who only wants to have something noted. */
class DeferredControlLogTest {

    private final MemoryState state = new MemoryState(() -> DecisionRecords.NOON);
    private boolean away;
    private int attempts;
    private final DeferredControlLog log = new DeferredControlLog(unreliable(), Duration.ofHours(1));

    /** The state, as long as it is not away. */
    private ControlLog unreliable() {
        return (ControlLog) Proxy.newProxyInstance(getClass().getClassLoader(), new Class<?>[]{ControlLog.class},
                (proxy, method, arguments) -> {
                    attempts++;
                    if (away) {
                        throw new UncheckedIOException(new IOException("no connection"));
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
        assertThat(attempts).as("left alone after the first failure").isEqualTo(1);
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
}
