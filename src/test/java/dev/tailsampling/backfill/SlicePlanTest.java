package dev.tailsampling.backfill;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tailsampling.assembly.QuietRule;
import dev.tailsampling.selector.BackfillSlice;
import dev.tailsampling.selector.SpanHistory.Portion;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class SlicePlanTest {

    private static final BackfillRange RANGE = new BackfillRange(10_000, 20_000, new QuietRule(1_000, 3_000));

    private static List<Long> ends(SlicePlan plan, BackfillRange range, Portion... portions) {
        List<BackfillSlice> slices = plan.slices(range, List.of(portions));
        long from = range.fromMillisInclusive();
        for (BackfillSlice slice : slices) {
            assertThat(slice.fromMillisInclusive()).as("no gap").isEqualTo(from);
            from = slice.untilMillisExclusive();
        }
        assertThat(slices.getLast().number()).isEqualTo(slices.size());
        return slices.stream().map(BackfillSlice::untilMillisExclusive).toList();
    }

    /** After the range slices are short, and the last one ends when every trace of it must be complete. */
    @Test
    void aSmallRangeIsOneSlice() {
        assertThat(ends(new SlicePlan(100, null), RANGE, new Portion(0, 30_000, 100)))
                .containsExactly(20_000L, 21_000L, 22_000L, 23_000L, 24_000L);
        assertThat(ends(new SlicePlan(100, null), RANGE)).startsWith(20_000L);
    }

    @Test
    void slicesHoldAboutAsManyBytesAsAreAllowed() {
        assertThat(ends(new SlicePlan(100, null), RANGE, new Portion(10_000, 19_999, 400)))
                .startsWith(12_500L, 15_000L, 17_500L, 20_000L, 21_000L);
        assertThat(ends(new SlicePlan(100, null), RANGE, new Portion(0, 19_999, 400), new Portion(18_000, 21_999, 200)))
                .startsWith(15_000L, 18_571L, 20_000L);
    }

    @Test
    void noSliceIsShorterThanSilence() {
        assertThat(ends(new SlicePlan(1, null), RANGE, new Portion(10_000, 19_999, 400))).hasSize(14)
                .startsWith(11_000L, 12_000L);
        assertThat(ends(new SlicePlan(100, null), RANGE, new Portion(15_000, 15_000, 400)))
                .startsWith(15_000L, 16_000L, 20_000L);
    }

    @Test
    void filesThatDoNotTellTheirTimesCountForAllOfIt() {
        assertThat(ends(new SlicePlan(100, null), RANGE, new Portion(Long.MIN_VALUE, Long.MAX_VALUE, 200)))
                .startsWith(15_000L, 20_000L);
    }

    @Test
    void slicesOfAGivenLengthEndAtTheEndOfTheRange() {
        assertThat(ends(new SlicePlan(1, Duration.ofSeconds(4)), RANGE)).containsExactly(14_000L, 18_000L, 20_000L,
                21_000L, 22_000L, 23_000L, 24_000L);
        assertThat(ends(new SlicePlan(1, Duration.ofMillis(500)), RANGE)).hasSize(28);
    }

    @Test
    void thereAreNotTooMany() {
        BackfillRange year = new BackfillRange(0, Duration.ofDays(365).toMillis(), new QuietRule(1, 300_000));

        assertThatThrownBy(() -> new SlicePlan(1, Duration.ofSeconds(1)).slices(year, List.of()))
                .isInstanceOf(BackfillException.class).hasMessageContaining("make --slice longer");
        assertThat(new SlicePlan(1, null).slices(year, List.of())).hasSize(1 + 100);
    }
}
