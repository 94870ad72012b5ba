package dev.tailsampling.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tailsampling.selector.PolicyActivation;
import dev.tailsampling.selector.PolicyActivation.Origin;
import dev.tailsampling.selector.PolicyHistory;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What every history of policy sets does. Its clock stands at {@link DecisionRecords#NOON}. */
abstract class PolicyHistoryContract {

    private static final String TEXT = "policies:\n  - {name: \"it's all\", type: always_sample} # Größe\n";

    /** The same history at each call, empty at first. */
    abstract PolicyHistory history();

    private static PolicyActivation activation(long number, Origin origin, String version) {
        return new PolicyActivation(number, DecisionRecords.NOON, "ann", origin, version, TEXT);
    }

    private Optional<PolicyActivation> activate(long known, Origin origin, String version) {
        return history().activate(known, origin, "ann", version, TEXT);
    }

    @Test
    void isEmptyAtFirst() {
        assertThat(history().newest()).isEmpty();
        assertThat(history().newest(Origin.API)).isEmpty();
        assertThat(history().list(10)).isEmpty();
    }

    @Test
    void countsActivationsFromOne() {
        assertThat(activate(0, Origin.FILE, "v1")).contains(activation(1, Origin.FILE, "v1"));
        assertThat(activate(1, Origin.API, "v2")).contains(activation(2, Origin.API, "v2"));

        assertThat(history().newest()).contains(activation(2, Origin.API, "v2"));
        assertThat(history().newest(Origin.FILE)).contains(activation(1, Origin.FILE, "v1"));
    }

    @Test
    void refusesWhoKnowsAnOlderOne() {
        activate(0, Origin.FILE, "v1");
        activate(1, Origin.API, "v2");

        assertThat(activate(0, Origin.API, "v3")).isEmpty();
        assertThat(activate(1, Origin.API, "v3")).isEmpty();
        assertThat(history().newest()).contains(activation(2, Origin.API, "v2"));
    }

    @Test
    void refusesWhoKnowsOneThatDoesNotExist() {
        assertThat(activate(7, Origin.API, "v1")).isEmpty();
        assertThat(history().newest()).isEmpty();
    }

    @Test
    void goesBackToAnEarlierVersion() {
        activate(0, Origin.FILE, "v1");
        activate(1, Origin.API, "v2");

        assertThat(activate(2, Origin.API, "v1")).contains(activation(3, Origin.API, "v1"));
    }

    @Test
    void listsTheNewestFirst() {
        activate(0, Origin.FILE, "v1");
        activate(1, Origin.API, "v2");
        activate(2, Origin.API, "v3");

        assertThat(history().list(2)).containsExactly(activation(3, Origin.API, "v3"), activation(2, Origin.API, "v2"));
        assertThat(history().list(10)).hasSize(3);
    }

    @Test
    void ofSeveralAtOnceOneComesThrough() throws Exception {
        int rivals = 4;
        int rounds = 5;
        CyclicBarrier start = new CyclicBarrier(rivals);
        try (ExecutorService threads = Executors.newFixedThreadPool(rivals)) {
            for (int round = 0; round < rounds; round++) {
                long known = round;
                List<Callable<Boolean>> attempts = IntStream.range(0, rivals).<Callable<Boolean>>mapToObj(i -> () -> {
                    start.await();
                    return activate(known, Origin.API, "rival " + i).isPresent();
                }).toList();
                int won = 0;
                for (Future<Boolean> attempt : threads.invokeAll(attempts)) {
                    won += attempt.get() ? 1 : 0;
                }
                assertThat(won).as("round %s", round).isEqualTo(1);
            }
        }
        assertThat(history().list(100)).extracting(PolicyActivation::number).containsExactly(5L, 4L, 3L, 2L, 1L);
    }
}
