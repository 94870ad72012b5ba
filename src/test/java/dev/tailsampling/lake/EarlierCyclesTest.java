package dev.tailsampling.lake;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tailsampling.selector.CycleGroup.ReadUpTo;
import dev.tailsampling.selector.SourceOffsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class EarlierCyclesTest {

    private static ReadUpTo cycle(long number, String offsets) {
        return new ReadUpTo(number, SourceOffsets.parse(offsets));
    }

    @Test
    void differencesAreMarked() {
        List<ReadUpTo> cycles = List.of(cycle(7, "0:100,1:40"), cycle(8, "0:120,1:40"), cycle(10, "1:41"),
                cycle(12, "1:30"));

        assertThat(EarlierCycles.text(cycles)).isEqualTo("7@0:100,1:40;+20,0;10@1:41;+2@-11");
        assertThat(EarlierCycles.parse("7@0:100,1:40;+20,0;10@1:41;+2@-11")).isEqualTo(cycles);
        assertThat(EarlierCycles.parse(EarlierCycles.text(List.of()))).isEmpty();
    }

    @Test
    void whatIsWrittenIsRead() {
        for (long seed = 1; seed <= 200; seed++) {
            Random random = new Random(seed);
            List<ReadUpTo> cycles = new ArrayList<>();
            for (int i = random.nextInt(8); i > 0; i--) {
                TreeMap<Integer, Long> offsets = new TreeMap<>();
                for (int partition = 0; partition < 3; partition++) {
                    if (random.nextInt(4) > 0) {
                        offsets.put(partition, random.nextLong(1L << random.nextInt(1, 60)));
                    }
                }
                cycles.add(new ReadUpTo(random.nextLong(1_000), new SourceOffsets(offsets)));
            }
            assertThat(EarlierCycles.parse(EarlierCycles.text(cycles))).as("seed %d", seed).isEqualTo(cycles);
        }
    }
}
