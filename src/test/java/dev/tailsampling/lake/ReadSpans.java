package dev.tailsampling.lake;

import dev.tailsampling.trace.SpanField;
import dev.tailsampling.trace.SpanView;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Function;

/** All rows of a table, read without a selector around. */
final class ReadSpans {

    private ReadSpans() {}

    /** What is said of each span, in the order of the files; of an undecodable row its reason. */
    static List<String> scanned(PinnedTable table, Set<SpanField> fields, Function<SpanView, String> description) {
        List<String> found = new ArrayList<>();
        table.planner().all(file -> true).forEach(file -> table.spans().scan(file, fields, (p, o, t) -> true,
                new SpanReader.SpanVisitor() {
                    @Override
                    public void span(SpanView span, int partition, long offset, long timestampMillis) {
                        found.add(description.apply(span));
                    }

                    @Override
                    public void undecodable(int partition, long offset, long timestampMillis, String reason) {
                        found.add(reason);
                    }
                }));
        return found;
    }

    /** The same of whole spans. */
    static List<String> fetched(PinnedTable table, Function<SpanView, String> description) {
        List<String> found = new ArrayList<>();
        table.planner().all(file -> true).forEach(file -> table.spans().fetch(file, (p, o, t) -> true,
                (high, low, t) -> true, (span, timestampMillis) -> found.add(description.apply(span))));
        return found;
    }
}
