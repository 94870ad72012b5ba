package dev.tailsampling.lake;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tailsampling.lake.CountingFileIO.Counts;
import dev.tailsampling.selector.SourceCursor;
import dev.tailsampling.selector.SourceRead;
import java.nio.file.Path;
import org.assertj.core.data.Percentage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a cycle over one new minute opens follows from that minute, not from what the table has seen. */
class SteadyCycleTest {

    /** Iceberg merges manifests into ones of at most this size. */
    private static final long MANIFEST_TARGET_BYTES = 8 << 20;
    /** A manifest list has one entry for each manifest, and Iceberg merges them from a hundred on. */
    private static final long MANIFEST_LIST_BYTES = 40_000;

    @TempDir
    private Path home;

    private static Counts steadyCycle(LongHistory history) {
        SourceCursor cursor = history.cursorAtEnd();
        history.appendRealMinute();
        CollectedSpans spans = new CollectedSpans();
        CountingFileIO.reset();
        SourceRead read = history.reader().readNew(cursor, spans);
        Counts counts = CountingFileIO.counts();
        assertThat(read.caughtUp()).isTrue();
        assertThat(read.rows()).isEqualTo(1);
        return counts;
    }

    @Test
    void anHourAndAMonthOfHistoryCostTheSame() {
        Counts afterAnHour;
        try (LongHistory hour = new LongHistory(home.resolve("hour"))) {
            hour.append(58, 4);
            afterAnHour = steadyCycle(hour);
        }
        try (LongHistory month = new LongHistory(home.resolve("month"))) {
            month.append(160, 63);
            Counts afterAMonth = steadyCycle(month);

            assertThat(afterAMonth.manifests()).isEqualTo(afterAnHour.manifests()).isEqualTo(1);
            assertThat(afterAMonth.manifestBytes()).isCloseTo(afterAnHour.manifestBytes(),
                    Percentage.withPercentage(5));
            assertThat(afterAMonth.metadataFiles()).isEqualTo(afterAnHour.metadataFiles()).isEqualTo(1);
            assertThat(afterAMonth.metadataBytes()).isLessThan(3 * afterAnHour.metadataBytes());
            assertThat(afterAMonth.manifestLists()).isEqualTo(afterAnHour.manifestLists()).isEqualTo(1);
            assertThat(afterAMonth.manifestListBytes()).isLessThan(MANIFEST_LIST_BYTES);
        }
    }

    /** The commit that merges a hundred manifests has its own files among the old ones: one cycle in a hundred. */
    @Test
    void aCycleAfterManifestsWereMergedReadsOneBoundedManifest() {
        try (LongHistory history = new LongHistory(home)) {
            history.append(1, 10_000);
            while (history.manifests() < 99) {
                history.append(1, 1);
            }
            Counts merged = steadyCycle(history);

            assertThat(history.manifests()).isEqualTo(1);
            assertThat(merged.manifests()).isEqualTo(1);
            assertThat(merged.manifestBytes()).isGreaterThan(100_000).isLessThan(MANIFEST_TARGET_BYTES);
        }
    }
}
