package dev.tailsampling.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tailsampling.selector.TableLease;
import dev.tailsampling.selector.TableLeases;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What every kind of lease must do. */
abstract class TableLeasesContract {

    static final String TABLE = "otel.spans";

    /** The leases as one instance sees them; no table is taken at first. */
    abstract TableLeases one();

    /** The same leases as another instance sees them. */
    abstract TableLeases other();

    @Test
    void oneInstanceAtATimeHasATable() {
        TableLease lease = one().tryAcquire(TABLE, 1).orElseThrow();

        assertThat(lease.state()).isEqualTo(TableLease.State.HELD);
        assertThat(other().tryAcquire(TABLE, 1)).isEmpty();
        assertThat(other().tryAcquire("otel.others", 1)).isPresent();
        assertThat(lease.state()).isEqualTo(TableLease.State.HELD);
    }

    @Test
    void aLeaseGivenBackIsFree() {
        one().tryAcquire(TABLE, 1).orElseThrow().close();

        assertThat(other().tryAcquire(TABLE, 1)).isPresent();
        assertThat(one().tryAcquire(TABLE, 1)).isEmpty();
    }

    @Test
    void tokensGrowWithEveryHolder() {
        TableLease first = one().tryAcquire(TABLE, 1).orElseThrow();
        first.close();
        TableLease second = other().tryAcquire(TABLE, 1).orElseThrow();
        second.close();
        TableLease third = one().tryAcquire(TABLE, second.token() + 100).orElseThrow();

        assertThat(first.token()).isPositive();
        assertThat(second.token()).isGreaterThan(first.token());
        assertThat(third.token()).isGreaterThanOrEqualTo(second.token() + 100);
    }

    @Test
    void aLeaseGivenBackIsLostToItsHolder() {
        TableLease lease = one().tryAcquire(TABLE, 1).orElseThrow();
        lease.close();

        assertThat(lease.state()).isEqualTo(TableLease.State.LOST);
    }

    @Test
    void givingBackWhatOthersHaveByNowTakesNothingFromThem() {
        TableLease old = one().tryAcquire(TABLE, 1).orElseThrow();
        old.close();
        TableLease current = other().tryAcquire(TABLE, 1).orElseThrow();
        old.close();

        assertThat(current.state()).isEqualTo(TableLease.State.HELD);
        assertThat(one().tryAcquire(TABLE, 1)).isEmpty();
    }

    @Test
    void oneOfManyThreadsGetsIt() throws Exception {
        try (ExecutorService threads = Executors.newFixedThreadPool(8)) {
            List<Future<Optional<TableLease>>> attempts = IntStream.range(0, 40)
                    .mapToObj(i -> threads.submit(() -> other().tryAcquire(TABLE + i / 8, 1))).toList();
            TableLease mine = one().tryAcquire(TABLE, 1).orElseThrow();
            for (Future<Optional<TableLease>> attempt : attempts) {
                attempt.get();
            }
            assertThat(mine.state()).isEqualTo(TableLease.State.HELD);
        }
    }
}
