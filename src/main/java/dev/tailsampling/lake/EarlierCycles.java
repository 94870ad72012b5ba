package dev.tailsampling.lake;

import dev.tailsampling.selector.CycleGroup.ReadUpTo;
import dev.tailsampling.selector.SourceOffsets;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.StringJoiner;
import java.util.TreeMap;
import java.util.function.LongBinaryOperator;

/**
 * How far cycles had read, as text: "7@0:100,1:40;+1@0:20,1:0" are cycle 7 and cycle 8, which read 20 rows of partition 0
 * more. A plus sign marks differences to the cycle before it; without it the numbers stand for themselves.
 */
final class EarlierCycles {

    private EarlierCycles() {}

    static String text(List<ReadUpTo> ascending) {
        StringJoiner text = new StringJoiner(";");
        ReadUpTo before = new ReadUpTo(0, SourceOffsets.NONE);
        for (ReadUpTo cycle : ascending) {
            boolean differs = isOfSamePartitions(before, cycle);
            text.add(differs ? "+" + text(since(before, cycle)) : text(cycle));
            before = cycle;
        }
        return text.toString();
    }

    private static String text(ReadUpTo cycle) {
        return cycle.cycle() + "@" + cycle.nextOffsets().text();
    }

    private static boolean isOfSamePartitions(ReadUpTo one, ReadUpTo other) {
        return one.nextOffsets().byPartition().keySet().equals(other.nextOffsets().byPartition().keySet());
    }

    private static ReadUpTo since(ReadUpTo before, ReadUpTo cycle) {
        return combined(cycle, before, (number, earlier) -> number - earlier);
    }

    static List<ReadUpTo> parse(String text) {
        List<ReadUpTo> cycles = new ArrayList<>();
        if (!text.isEmpty()) {
            ReadUpTo before = new ReadUpTo(0, SourceOffsets.NONE);
            for (String cycle : text.split(";", -1)) {
                before = cycle.startsWith("+")
                        ? combined(readUpTo(cycle.substring(1)), before, Long::sum)
                        : readUpTo(cycle);
                cycles.add(before);
            }
        }
        return cycles;
    }

    private static ReadUpTo readUpTo(String text) {
        int at = text.indexOf('@');
        return new ReadUpTo(Long.parseLong(text.substring(0, at)), SourceOffsets.parse(text.substring(at + 1)));
    }

    private static ReadUpTo combined(ReadUpTo cycle, ReadUpTo before, LongBinaryOperator operator) {
        SortedMap<Integer, Long> offsets = new TreeMap<>();
        cycle.nextOffsets().byPartition().forEach((partition, offset) -> offsets.put(partition,
                operator.applyAsLong(offset, before.nextOffsets().of(partition))));
        return new ReadUpTo(operator.applyAsLong(cycle.cycle(), before.cycle()), new SourceOffsets(offsets));
    }
}
