package dev.tailsampling.backfill;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tailsampling.backfill.Backfills.Message;
import dev.tailsampling.config.ForceRuleJson;
import dev.tailsampling.policy.CompiledPolicies;
import dev.tailsampling.policy.ForceRule;
import dev.tailsampling.policy.NamedPolicy;
import dev.tailsampling.policy.PolicySet;
import dev.tailsampling.policy.SamplingPolicy;
import dev.tailsampling.selector.SourceCursor;
import dev.tailsampling.selector.SourceException;
import dev.tailsampling.trace.StatusCode;
import dev.tailsampling.trace.TraceId;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Policies are tried on what arrived lately, and nothing comes of it but numbers. */
class RecentTracesTest {

    private static final long END = Backfills.BASE + 40_000;

    private final MemoryHistory history = new MemoryHistory();
    private final List<Message> messages = Backfills.calm(new Random(11), 200);

    RecentTracesTest() {
        messages.forEach(message -> history.add(message.arrivalMillis(), message.value()));
        history.completeUntil(END);
    }

    private RecentTraces recent() {
        return new RecentTraces(history, Long.MAX_VALUE);
    }

    @Test
    void theWindowEndsWhereTheTableIsComplete() {
        TrialTraces trial = new TrialTraces(Backfills.POLICIES, Backfills.QUIET);

        RecentTraces.Window window = recent().fold(Duration.ofSeconds(25), List.of(trial));

        assertThat(window).isEqualTo(new RecentTraces.Window(END - 25_000, END));
        Set<TraceId> expected = messages.stream().filter(message -> message.arrivalMillis() >= END - 25_000)
                .map(Message::traceId).collect(Collectors.toSet());
        assertThat(trial.size()).isEqualTo(expected.size()).isPositive().isLessThan(200);
    }

    @Test
    void aLargerShareKeepsAllThatTheSmallerOneKeeps() {
        TrialTraces some = new TrialTraces(Backfills.policies(0.3), Backfills.QUIET);
        TrialTraces more = new TrialTraces(Backfills.policies(0.6), Backfills.QUIET);

        recent().fold(Duration.ofMinutes(1), List.of(some, more));

        assertThat(some.size()).isEqualTo(more.size()).isEqualTo(200);
        assertThat(more.sampled()).containsAll(some.sampled()).hasSizeGreaterThan(some.sampled().size() + 30);
        assertThat(some.sampled()).hasSizeBetween(40, 140);
    }

    @Test
    void aRuleMatchesTheTracesOfWhichSomeSpanSatisfiesIt() {
        TrialTraces errors = new TrialTraces(CompiledPolicies.of(new PolicySet(List.of(
                NamedPolicy.of("errors", new SamplingPolicy.StatusCodes(Set.of(StatusCode.ERROR)))))), Backfills.QUIET);
        TrialTraces rule = new TrialTraces(CompiledPolicies.of(Backfills.POLICIES.set().withForceRules(
                List.of(rule("{key: span.status, op: eq, value: ERROR}")))), Backfills.QUIET);

        recent().fold(Duration.ofMinutes(1), List.of(errors, rule));

        assertThat(rule.matchedByRules()).hasSizeBetween(1, 100).containsExactlyInAnyOrderElementsOf(errors.sampled());
    }

    private static ForceRule rule(String matcher) {
        return ForceRuleJson
                .request("rule", "{duration_secs: 60, action: force_drop, match: {span: [" + matcher + "]}}")
                .create("r", Instant.EPOCH);
    }

    @Test
    void aTableWithoutTimeHasNoRecentTraces() {
        history.completeUntil(SourceCursor.NO_TABLE_TIME);
        TrialTraces trial = new TrialTraces(Backfills.POLICIES, Backfills.QUIET);

        assertThat(recent().fold(Duration.ofHours(1), List.of(trial))).isEqualTo(new RecentTraces.Window(0, 0));
        assertThat(trial.size()).isZero();
    }

    @Test
    void aWindowThatHoldsTooMuchIsRefusedBeforeAnythingIsRead() {
        TrialTraces trial = new TrialTraces(Backfills.POLICIES, Backfills.QUIET);

        assertThatThrownBy(() -> new RecentTraces(history, 100).fold(Duration.ofMinutes(1), List.of(trial)))
                .isInstanceOf(SourceException.class).hasMessageContaining("ask for fewer minutes");
        assertThat(trial.size()).isZero();
    }
}
