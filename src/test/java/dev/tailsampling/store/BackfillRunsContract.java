package dev.tailsampling.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tailsampling.assembly.QuietRule;
import dev.tailsampling.selector.BackfillMode;
import dev.tailsampling.selector.BackfillRun;
import dev.tailsampling.selector.BackfillRuns;
import dev.tailsampling.selector.BackfillSlice;
import dev.tailsampling.selector.BackfillSlice.Counts;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What every store of backfill runs does. */
abstract class BackfillRunsContract {

    private static final List<BackfillSlice> SLICES =
            List.of(new BackfillSlice(1, 10, 20), new BackfillSlice(2, 20, 21), new BackfillSlice(3, 21, 50));

    /** The same runs at each call, none at first. */
    abstract BackfillRuns runs();

    private static BackfillRun run(String id, long startedAt) {
        return new BackfillRun(id, "default.it's a table", 10, 21, BackfillMode.EXPORT, "0123456789ab",
                new QuietRule(1_000, 5_000), Instant.ofEpochMilli(startedAt), null);
    }

    @Test
    void isEmptyAtFirst() {
        assertThat(runs().list()).isEmpty();
        assertThat(runs().find("may")).isEmpty();
        assertThat(runs().slices("may")).isEmpty();
    }

    @Test
    void whatIsAddedComesBack() {
        assertThat(runs().add(run("may", 5), SLICES)).isTrue();

        assertThat(runs().find("may")).contains(run("may", 5));
        assertThat(runs().slices("may")).isEqualTo(SLICES);
        assertThat(runs().slices("june")).isEmpty();
    }

    @Test
    void anIdIsAddedOnce() {
        runs().add(run("may", 5), SLICES);

        assertThat(runs().add(run("may", 6), SLICES.subList(0, 1))).isFalse();
        assertThat(runs().find("may")).contains(run("may", 5));
        assertThat(runs().slices("may")).isEqualTo(SLICES);
    }

    @Test
    void listsTheNewestFirst() {
        runs().add(run("b", 5), SLICES);
        runs().add(run("c", 9), SLICES);
        runs().add(run("a", 5), SLICES);

        assertThat(runs().list()).containsExactly(run("c", 9), run("a", 5), run("b", 5));
    }

    @Test
    void slicesAreFinishedAndTheLastWordCounts() {
        runs().add(run("may", 5), SLICES);
        runs().add(run("june", 5), SLICES);
        runs().finishSlice("may", 2, new Counts(1, 1, 0, 0));
        runs().finishSlice("may", 2, new Counts(4, 3, 2, 1));
        runs().finishSlice("may", 9, Counts.NONE);
        runs().finishSlice("july", 1, Counts.NONE);

        assertThat(runs().slices("may")).containsExactly(SLICES.get(0), SLICES.get(1).done(new Counts(4, 3, 2, 1)),
                SLICES.get(2));
        assertThat(runs().slices("june")).isEqualTo(SLICES);
        assertThat(runs().slices("july")).isEmpty();
    }

    @Test
    void aRunEndsOnce() {
        runs().add(run("may", 5), SLICES);
        runs().add(run("june", 5), SLICES);
        runs().finish("may", Instant.ofEpochMilli(77));
        runs().finish("may", Instant.ofEpochMilli(78));
        runs().finish("july", Instant.ofEpochMilli(79));

        assertThat(runs().find("may").orElseThrow().finishedAt()).isEqualTo(Instant.ofEpochMilli(77));
        assertThat(runs().find("june").orElseThrow().finishedAt()).isNull();
        assertThat(runs().list()).hasSize(2);
    }
}
