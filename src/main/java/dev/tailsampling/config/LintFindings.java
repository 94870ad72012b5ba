package dev.tailsampling.config;

import dev.tailsampling.config.LintFinding.Severity;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;

/** Collects findings; what an alias repeats is found once. */
final class LintFindings {

    private final SortedSet<LintFinding> all = new TreeSet<>(LintFinding.BY_PLACE);

    void warn(Origin origin, String code, String sentence) {
        add(Severity.WARNING, origin, code, sentence);
    }

    void hint(Origin origin, String code, String sentence) {
        add(Severity.HINT, origin, code, sentence);
    }

    private void add(Severity severity, Origin origin, String code, String sentence) {
        all.add(new LintFinding(severity, code, origin.source(), origin.line(), origin.column(), sentence));
    }

    /** In the order of the file. */
    List<LintFinding> sorted() {
        return List.copyOf(all);
    }
}
