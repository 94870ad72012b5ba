package dev.tailsampling.lake;

import dev.tailsampling.selector.CycleGroup.ReadUpTo;
import dev.tailsampling.selector.SourceOffsets;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.StringJoiner;
import java.util.TreeMap;

/**
 * How far cycles had read, as text: in "7@0:100,1:40;+20,0;+2@5,5" these are the cycles 7, 8, which read 20 rows of
 * partition 0 more, and 10. A plus sign marks differences to the cycle before, for the same partitions in their order; the
 * number of the next cycle is left out.
 */
final class EarlierCycles {

    private static final ReadUpTo NOTHING = new ReadUpTo(0, SourceOffsets.NONE);

    private EarlierCycles() {}

    static String text(List<ReadUpTo> ascending) {
        StringJoiner text = new StringJoiner(";");
        ReadUpTo before = NOTHING;
        for (ReadUpTo cycle : ascending) {
            text.add(isOfSamePartitions(before, cycle)
                    ? "+" + since(before, cycle)
                    : cycle.cycle() + "@" + cycle.nextOffsets().text());
            before = cycle;
        }
        return text.toString();
    }

    private static boolean isOfSamePartitions(ReadUpTo one, ReadUpTo other) {
        return one.nextOffsets().byPartition().keySet().equals(other.nextOffsets().byPartition().keySet());
    }

    private static String since(ReadUpTo before, ReadUpTo cycle) {
        StringJoiner rows = new StringJoiner(",");
        cycle.nextOffsets().byPartition().forEach(
                (partition, offset) -> rows.add(Long.toString(offset - before.nextOffsets().of(partition))));
        long cycles = cycle.cycle() - before.cycle();
        return cycles == 1 ? rows.toString() : cycles + "@" + rows;
    }

    static List<ReadUpTo> parse(String text) {
        List<ReadUpTo> cycles = new ArrayList<>();
        if (!text.isEmpty()) {
            ReadUpTo before = NOTHING;
            for (String cycle : text.split(";", -1)) {
                before = cycle.startsWith("+") ? after(before, cycle.substring(1)) : readUpTo(cycle);
                cycles.add(before);
            }
        }
        return cycles;
    }

    private static ReadUpTo readUpTo(String text) {
        int at = text.indexOf('@');
        return new ReadUpTo(Long.parseLong(text.substring(0, at)), SourceOffsets.parse(text.substring(at + 1)));
    }

    private static ReadUpTo after(ReadUpTo before, String differences) {
        int at = differences.indexOf('@');
        Iterator<String> rows = List.of(differences.substring(at + 1).split(",", -1)).iterator();
        SortedMap<Integer, Long> offsets = new TreeMap<>();
        for (Map.Entry<Integer, Long> entry : before.nextOffsets().byPartition().entrySet()) {
            offsets.put(entry.getKey(), entry.getValue() + Long.parseLong(rows.next()));
        }
        long cycles = at < 0 ? 1 : Long.parseLong(differences.substring(0, at));
        return new ReadUpTo(before.cycle() + cycles, new SourceOffsets(offsets));
    }
}
