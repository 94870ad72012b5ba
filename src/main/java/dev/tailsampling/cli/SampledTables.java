package dev.tailsampling.cli;

import dev.tailsampling.lake.SampledSpansTable;
import dev.tailsampling.lake.TablePattern;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * The tables that a command samples.
 *
 * @param patterns names, which need not exist yet, and patterns
 * @param excluded names that they do not mean
 */
record SampledTables(List<TablePattern> patterns, Set<String> excluded) {

    /** All that these mean. */
    SampledTables(List<TablePattern> patterns) {
        this(patterns, Set.of());
    }

    /** Whether there may be more than one. */
    boolean several() {
        return patterns.size() > 1 || mayGrow();
    }

    /** Whether tables may join that do not exist yet: there is a pattern. */
    boolean mayGrow() {
        return !patterns.stream().allMatch(TablePattern::isName);
    }

    /** How many there are at most, if no more than a limit. */
    int count(int limit) {
        return mayGrow() ? limit : Math.min(limit, (int) patterns.stream().distinct().count());
    }

    /**
     * Their names now. A pattern never means a table of our own, the ledger or the one for kept spans, nor a table that we
     * could not name on a command line.
     *
     * @throws java.io.UncheckedIOException if the catalog cannot be asked
     */
    SortedSet<String> names(Workspace workspace) {
        SortedSet<String> names = new TreeSet<>();
        Set<String> ours = ours(workspace);
        for (TablePattern pattern : patterns) {
            if (pattern.isName()) {
                names.add(pattern.text());
            } else {
                workspace.catalog().names(pattern).stream().filter(TableOption::isName)
                        .filter(name -> !ours.contains(name)).forEach(names::add);
            }
        }
        names.removeAll(excluded);
        return names;
    }

    private static Set<String> ours(Workspace workspace) {
        Set<String> tables = new HashSet<>(Set.of(workspace.ledger().table()));
        FurtherDestinations.table(workspace.config(), workspace.catalog()).map(SampledSpansTable::table)
                .ifPresent(tables::add);
        return tables;
    }

    @Override
    public String toString() {
        return String.join(", ", patterns.stream().map(TablePattern::text).toList());
    }
}
