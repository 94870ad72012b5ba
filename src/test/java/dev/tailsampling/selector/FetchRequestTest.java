package dev.tailsampling.selector;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tailsampling.assembly.CompletionReason;
import dev.tailsampling.policy.Decision;
import dev.tailsampling.policy.Outcome;
import dev.tailsampling.policy.TraceSummary;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is asked for, for a decision. */
class FetchRequestTest {

    private static final Decision KEEP = new Decision(Outcome.SAMPLED, "errors", "sampled by errors", null, List.of());

    /** Late spans share their time with those of the decision before, so as many of those must not end the search. */
    @ParameterizedTest
    @CsvSource({"QUIET, 7", "MAX_DURATION, 7", "DRAINED, 7", "LATE_SPANS, 0"})
    void theNumberOfSpansIsThatWithinTheArrivals(CompletionReason completion, int spanCount) {
        TraceSummary summary = new TraceSummary(1, 2);
        summary.restore(7, 100, 0, 0, 0, 0);
        DecidedTrace decided = new DecidedTrace(summary, completion, KEEP);
        DecisionRecord logged = new DecisionRecord("default.spans", 1, "run", "set", Instant.EPOCH, 0, completion,
                TraceFacts.of(summary, 1), KEEP);

        assertThat(FetchRequest.of(decided).spanCount()).isEqualTo(spanCount);
        assertThat(FetchRequest.of(logged).spanCount()).isEqualTo(spanCount);
        assertThat(ExportRequest.of(logged)).as("what is in memory is whole or not").extracting(
                ExportRequest::spanCount).isEqualTo(7);
    }
}
