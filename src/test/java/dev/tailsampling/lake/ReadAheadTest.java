package dev.tailsampling.lake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tailsampling.parquet.ByteRange;
import dev.tailsampling.parquet.FileBytes;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ReadAheadTest {

    private static final Executor AT_ONCE = Runnable::run;
    private static final int MEBIBYTE = 1 << 20;

    private final CountedBytes file = new CountedBytes(24 * MEBIBYTE);
    private final ReadBudget budget = new ReadBudget(16 * MEBIBYTE);

    @Test
    void neighboursAreOneRequest() {
        ReadAhead ahead = new ReadAhead(file, budget, AT_ONCE);
        ahead.expect(List.of(new ByteRange(300_000, 100), new ByteRange(0, 1_000), new ByteRange(200_000, 100)));

        assertRead(ahead, 200_000, 100);
        assertRead(ahead, 0, 1_000);
        assertRead(ahead, 300_000, 100);
        assertThat(file.requests).hasValue(1);
        assertThat(budget.available()).isEqualTo(16 * MEBIBYTE);
    }

    @Test
    void distantRangesAreRequestsOfTheirOwn() {
        ReadAhead ahead = new ReadAhead(file, budget, AT_ONCE);
        ahead.expect(List.of(new ByteRange(0, 1_000), new ByteRange(5 * MEBIBYTE, 1_000)));

        assertRead(ahead, 0, 1_000);
        assertRead(ahead, 5 * MEBIBYTE, 1_000);
        assertThat(file.requests).hasValue(2);
    }

    @Test
    void whatTheBudgetDoesNotAllowIsReadWhenItIsAskedFor() {
        ReadAhead ahead = new ReadAhead(file, new ReadBudget(0), AT_ONCE);
        ahead.expect(List.of(new ByteRange(0, 1_000)));
        assertThat(file.requests).hasValue(0);

        assertRead(ahead, 10, 100);
        assertRead(ahead, 110, 890);
        assertThat(file.requests).hasValue(2);
    }

    @Test
    void readingOnMakesRoomForTheNextBlocks() {
        ReadBudget small = new ReadBudget(4 * MEBIBYTE);
        ReadAhead ahead = new ReadAhead(file, small, AT_ONCE);
        ahead.expect(List.of(new ByteRange(0, 12 * MEBIBYTE)));
        assertThat(file.requests).hasValue(1);

        for (int position = 0; position < 12 * MEBIBYTE; position += MEBIBYTE) {
            assertRead(ahead, position, MEBIBYTE);
        }
        assertThat(file.requests).hasValue(3);
        assertThat(small.available()).isEqualTo(4 * MEBIBYTE);
    }

    @Test
    void closingGivesTheBudgetBack() {
        ReadAhead ahead = new ReadAhead(file, budget, AT_ONCE);
        ahead.expect(List.of(new ByteRange(0, 10 * MEBIBYTE)));
        assertRead(ahead, 0, 10);
        assertThat(budget.available()).isLessThan(16 * MEBIBYTE);

        ahead.close();

        assertThat(budget.available()).isEqualTo(16 * MEBIBYTE);
    }

    @Test
    void aFailedLoadIsToldToWhoNeedsIt() {
        FileBytes broken = new CountedBytes(1_000) {
            @Override
            public void readFully(long position, byte[] into, int offset, int length) {
                throw new UncheckedIOException("the store is away", new IOException());
            }
        };
        ReadAhead ahead = new ReadAhead(broken, budget, AT_ONCE);
        ahead.expect(List.of(new ByteRange(0, 1_000)));

        assertThatThrownBy(() -> ahead.readFully(0, new byte[10], 0, 10)).isInstanceOf(UncheckedIOException.class)
                .hasMessage("the store is away");
        ahead.close();
        assertThat(budget.available()).isEqualTo(16 * MEBIBYTE);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 3, 64})
    void readsTheSameBytesWhateverWasExpected(int budgetMebibytes) throws InterruptedException {
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (long seed = 0; seed < 40; seed++) {
                Random random = new Random(seed);
                ReadBudget some = new ReadBudget((long) budgetMebibytes * MEBIBYTE);
                try (ReadAhead ahead = new ReadAhead(file, some, threads)) {
                    List<ByteRange> ranges = randomRanges(random);
                    ahead.expect(ranges);
                    for (ByteRange range : ranges) {
                        int length = (int) Math.min(range.length(), 1 + random.nextInt(2 * MEBIBYTE));
                        assertThat(read(ahead, range.position(), length)).as("seed %d, %s", seed, range)
                                .isEqualTo(file.expected(range.position(), length));
                    }
                }
                assertThat(some.available()).as("seed %d", seed).isEqualTo((long) budgetMebibytes * MEBIBYTE);
            }
        }
    }

    private static List<ByteRange> randomRanges(Random random) {
        List<ByteRange> ranges = new ArrayList<>();
        long position = 0;
        while (position < 20 * MEBIBYTE) {
            long length = 1 + random.nextInt(random.nextBoolean() ? 100_000 : 3 * MEBIBYTE);
            ranges.add(new ByteRange(position, length));
            position += length + random.nextInt(random.nextBoolean() ? 10_000 : MEBIBYTE);
        }
        return ranges;
    }

    private void assertRead(ReadAhead ahead, long position, int length) {
        assertThat(read(ahead, position, length)).isEqualTo(file.expected(position, length));
    }

    private static byte[] read(ReadAhead ahead, long position, int length) {
        byte[] into = new byte[length + 2];
        ahead.readFully(position, into, 1, length);
        return Arrays.copyOfRange(into, 1, 1 + length);
    }

    /** A file of random bytes that counts how often it is asked. */
    private static class CountedBytes implements FileBytes {

        private final byte[] content;
        private final AtomicInteger requests = new AtomicInteger();

        CountedBytes(int length) {
            content = new byte[length];
            new Random(7).nextBytes(content);
        }

        byte[] expected(long position, int length) {
            return Arrays.copyOfRange(content, (int) position, (int) position + length);
        }

        @Override
        public String location() {
            return "counted";
        }

        @Override
        public long length() {
            return content.length;
        }

        @Override
        public void readFully(long position, byte[] into, int offset, int length) {
            requests.incrementAndGet();
            System.arraycopy(content, (int) position, into, offset, length);
        }
    }
}
