package dev.tailsampling.lake;

import dev.tailsampling.selector.CycleGroup;
import dev.tailsampling.selector.CycleGroup.ReadUpTo;
import dev.tailsampling.selector.CycleNumbers;
import dev.tailsampling.selector.LoggedCycle;
import dev.tailsampling.selector.SourceCursor;
import dev.tailsampling.selector.SourceOffsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.apache.iceberg.SnapshotUpdate;

/**
 * Groups of cycles as entries of a snapshot's summary, one for each group, in which the values stand in one line: a
 * commit every few seconds tells of many cycles of many sources, and each catalog commit writes all summaries again.
 * Of the cycles before a group's last one their numbers and offsets are told, each as the difference to the one before.
 */
final class GroupSummary {

    private static final String PREFIX = "tss.group.";
    private static final String CARRIED = "tss.carried-group.";
    private static final String SEPARATOR = " ";

    private GroupSummary() {}

    static void write(List<CycleGroup> groups, SnapshotUpdate<?> update) {
        write(PREFIX, groups, update);
    }

    /** States again what older snapshots say: each source's cycles as one group, of which the newest is told in full. */
    static void writeCarried(List<LoggedCycle> newestFirst, SnapshotUpdate<?> update) {
        write(CARRIED, newestFirst.stream()
                .collect(Collectors.groupingBy(LoggedCycle::source, LinkedHashMap::new, Collectors.toList()))
                .values().stream().map(GroupSummary::together).toList(), update);
    }

    private static CycleGroup together(List<LoggedCycle> newestFirst) {
        return new CycleGroup(0, newestFirst.subList(1, newestFirst.size()).reversed().stream()
                .map(cycle -> new ReadUpTo(cycle.cycle(), cycle.cursor().nextOffsets())).toList(),
                newestFirst.getFirst());
    }

    private static void write(String prefix, List<CycleGroup> groups, SnapshotUpdate<?> update) {
        for (int i = 0; i < groups.size(); i++) {
            update.set(prefix + i, text(groups.get(i)));
        }
    }

    /** All cycles of the groups in a summary. */
    static List<LoggedCycle> read(Map<String, String> summary, Predicate<String> wantedSource) {
        List<LoggedCycle> cycles = new ArrayList<>();
        read(summary, PREFIX, wantedSource, cycles);
        read(summary, CARRIED, wantedSource, cycles);
        return cycles;
    }

    private static void read(Map<String, String> summary, String prefix, Predicate<String> wantedSource,
            List<LoggedCycle> cycles) {
        String group = summary.get(prefix + 0);
        for (int i = 1; group != null; i++) {
            if (wantedSource.test(unescaped(group.substring(0, group.indexOf(SEPARATOR))))) {
                addCycles(group, cycles);
            }
            group = summary.get(prefix + i);
        }
    }

    static String text(CycleGroup group) {
        LoggedCycle last = group.last();
        SourceCursor cursor = last.cursor();
        return String.join(SEPARATOR, escaped(last.source()), Long.toString(last.cycle()), escaped(last.cycleId()),
                escaped(last.runId()), escaped(last.policySet()), escaped(cursor.tableId()),
                Long.toString(cursor.sequenceNumberInclusive()), cursor.nextOffsets().text(),
                Long.toString(cursor.tableTimeMillis()), last.replayFrom().text(),
                CycleNumbers.of(last.unconfirmedExports()).text(), Long.toString(last.fencingToken()),
                EarlierCycles.text(group.earlier()));
    }

    private static void addCycles(String text, List<LoggedCycle> cycles) {
        String[] values = text.split(SEPARATOR, -1);
        SourceCursor cursor = new SourceCursor(unescaped(values[5]), Long.parseLong(values[6]),
                SourceOffsets.parse(values[7]), Long.parseLong(values[8]));
        LoggedCycle last = new LoggedCycle(unescaped(values[0]), Long.parseLong(values[1]), unescaped(values[2]),
                unescaped(values[3]), unescaped(values[4]), cursor, SourceOffsets.parse(values[9]),
                CycleNumbers.parse(values[10]), Long.parseLong(values[11]), true);
        cycles.add(last);
        EarlierCycles.parse(values[12]).forEach(earlier -> cycles.add(earlier(last, earlier)));
    }

    /** What is not told of an earlier cycle is as with the last one of its group. */
    private static LoggedCycle earlier(LoggedCycle last, ReadUpTo earlier) {
        SourceCursor cursor = last.cursor();
        return new LoggedCycle(last.source(), earlier.cycle(), last.cycleId() + "/" + earlier.cycle(), last.runId(),
                last.policySet(), new SourceCursor(cursor.tableId(), cursor.sequenceNumberInclusive(),
                        earlier.nextOffsets(), cursor.tableTimeMillis()),
                last.replayFrom(), last.unconfirmedExports(), last.fencingToken(), true);
    }

    private static String escaped(String text) {
        return text.replace("%", "%25").replace(SEPARATOR, "%20");
    }

    private static String unescaped(String text) {
        return text.replace("%20", SEPARATOR).replace("%25", "%");
    }
}
