package dev.tailsampling.admin;

import dev.tailsampling.selector.ForceRuleRequest;
import dev.tailsampling.trace.TraceId;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/** Tells what a force rule would match, from spans that arrived lately. Thread-safe. */
public interface RulePreview {

    /** At most so many example traces are named. */
    int MAX_EXAMPLES = 10;

    /**
     * What the rule would match on one table.
     *
     * @param table "namespace.table"
     * @param from spans that arrived from then on, inclusive, were looked at
     * @param until spans that arrived before then were looked at
     * @param traces traces with spans among them
     * @param matched traces that the rule matches
     * @param examples some of those, at most {@value #MAX_EXAMPLES}
     */
    record Matches(String table, Instant from, Instant until, long traces, long matched, List<TraceId> examples) {

        public Matches {
            examples = List.copyOf(examples);
        }
    }

    /**
     * Reads the spans that arrived within the window before the newest ones of each sampled table.
     *
     * @throws java.io.UncheckedIOException if a table cannot be read
     */
    List<Matches> preview(ForceRuleRequest request, Duration window);
}
