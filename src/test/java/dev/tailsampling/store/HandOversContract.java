package dev.tailsampling.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tailsampling.policy.SummaryBytes;
import dev.tailsampling.policy.TraceSummary;
import dev.tailsampling.selector.HandOvers;
import dev.tailsampling.selector.HandOvers.HandOver;
import dev.tailsampling.trace.TraceId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What every store of hand-overs must do. */
abstract class HandOversContract {

    static final String TOPIC = "otel-traces/3@1f2e";
    static final String POLICIES = "0123456789ab";
    static final TraceId A = TraceId.parse("0af7651916cd43dd8448eb211c80319c");
    static final TraceId B = TraceId.parse("ffffffffffffffffffffffffffffffff");
    static final TraceId C = TraceId.parse("00000000000000000000000000000001");

    /** The store under test, empty at first and the same for one test. */
    abstract HandOvers handOvers();

    /** Goes on with what another process would find. */
    void restart() {
        // A store without a process of its own has nothing to do.
    }

    static TraceSummary part(TraceId id, int spans, int... locations) {
        TraceSummary part = new TraceSummary(id.high(), id.low());
        part.restore(spans, spans * 400L, 1_790_000_000_000_000_000L, 1_790_000_000_500_000_000L, 1, part.randomness());
        for (int location : locations) {
            part.arrived(1_790_000_000_000L + location, location);
        }
        return part;
    }

    private Map<TraceId, HandOver> load(String source, long throughCycle) {
        return handOvers().load(source, throughCycle).stream()
                .collect(Collectors.toMap(trace -> trace.summary().traceId(), trace -> trace));
    }

    @Test
    void anUnknownSourceHasNone() {
        handOvers().remove(TOPIC, List.of(A));

        assertThat(handOvers().load(TOPIC, 9)).isEmpty();
        assertThat(handOvers().size(TOPIC)).isZero();
    }

    @Test
    void aSummaryComesBackAsItWas() {
        TraceSummary whole = part(A, 3, 7, 5);
        whole.restore(2, null, "checkout", "POST /pay");
        whole.restoreConditionWord(0, 5);
        whole.restoreConditionWord(3, Long.MIN_VALUE);
        byte[] bytes = SummaryBytes.encode(whole);
        handOvers().append(TOPIC, 1, POLICIES, List.of(whole));
        // The flow goes on folding into what it has handed over.
        whole.merge(part(A, 9, 9));
        restart();

        HandOver found = load(TOPIC, 1).get(A);
        assertThat(found.policySet()).isEqualTo(POLICIES);
        assertThat(SummaryBytes.encode(found.summary())).isEqualTo(bytes);
    }

    @Test
    void partsAreMergedInTheirOrderAcrossRestarts() {
        handOvers().append(TOPIC, 1, POLICIES, List.of(part(A, 2, 30), part(B, 1, 30)));
        handOvers().append(TOPIC, 2, POLICIES, List.of(part(A, 1, 31)));
        restart();
        assertThat(load(TOPIC, 2).get(A).summary().spanCount()).isEqualTo(3);
        handOvers().append(TOPIC, 10, POLICIES, List.of(part(A, 4, 29, 30)));
        restart();

        Map<TraceId, HandOver> found = load(TOPIC, 10);
        assertThat(found).containsOnlyKeys(A, B);
        assertThat(found.get(A).summary().spanCount()).isEqualTo(7);
        assertThat(found.get(A).summary().locations()).containsExactly(30, 31, 29);
        assertThat(found.get(A).policySet()).isEqualTo(POLICIES);
        assertThat(found.get(B).summary().spanCount()).isEqualTo(1);
        assertThat(handOvers().size(TOPIC)).isEqualTo(2);
    }

    @Test
    void appendsOfOneCycleAllCount() {
        handOvers().append(TOPIC, 1, "older", List.of(part(A, 1, 1), part(B, 2, 1)));
        handOvers().append(TOPIC, 1, POLICIES, List.of(part(A, 4, 2)));
        handOvers().append(TOPIC, 1, POLICIES, List.of(part(A, 8, 3)));
        handOvers().append(TOPIC, 1, POLICIES, List.of());

        assertThat(load(TOPIC, 1).get(A).summary().spanCount()).isEqualTo(13);
    }

    @Test
    void partsOfSeveralPolicySetsBelongToNone() {
        handOvers().append(TOPIC, 1, "older", List.of(part(A, 1, 1), part(B, 1, 1), part(C, 1, 1)));
        handOvers().append(TOPIC, 2, POLICIES, List.of(part(A, 1, 2)));
        handOvers().append(TOPIC, 3, "older", List.of(part(A, 1, 3), part(B, 1, 3)));

        Map<TraceId, HandOver> found = load(TOPIC, 3);
        assertThat(found.get(A).policySet()).isNull();
        assertThat(found.get(A).summary().locations()).containsExactly(1, 2, 3);
        assertThat(found.get(B).policySet()).isEqualTo("older");
        assertThat(found.get(C).policySet()).isEqualTo("older");
    }

    @Test
    void partsOfCyclesThatWereNeverRecordedAreGone() {
        handOvers().append(TOPIC, 1, POLICIES, List.of(part(A, 1, 1)));
        handOvers().append(TOPIC, 2, POLICIES, List.of(part(A, 2, 2), part(B, 2, 2)));
        handOvers().append(TOPIC, 3, POLICIES, List.of(part(C, 4, 3)));
        restart();

        Map<TraceId, HandOver> found = load(TOPIC, 1);
        assertThat(found).containsOnlyKeys(A);
        assertThat(found.get(A).summary().spanCount()).isEqualTo(1);
        assertThat(handOvers().size(TOPIC)).isEqualTo(1);
        // The next process counts on from there, with other traces in the same cycles.
        handOvers().append(TOPIC, 2, POLICIES, List.of(part(B, 16, 2)));
        assertThat(load(TOPIC, 3)).containsOnlyKeys(A, B);
        assertThat(load(TOPIC, 3).get(B).summary().spanCount()).isEqualTo(16);
    }

    @Test
    void whatWasDecidedIsForgotten() {
        handOvers().append(TOPIC, 1, POLICIES, List.of(part(A, 1, 1), part(B, 1, 1), part(C, 1, 1)));
        handOvers().append(TOPIC, 2, POLICIES, List.of(part(A, 1, 2), part(B, 1, 2)));

        handOvers().remove(TOPIC, List.of(A, C, new TraceId(5, 5)));
        handOvers().remove(TOPIC, List.of(A));

        assertThat(handOvers().size(TOPIC)).isEqualTo(1);
        assertThat(load(TOPIC, 2)).containsOnlyKeys(B);
        // A trace may be handed over again: it was decided, and spans came again with the same id much later.
        handOvers().append(TOPIC, 3, POLICIES, List.of(part(A, 8, 9)));
        assertThat(load(TOPIC, 3).get(A).summary().spanCount()).isEqualTo(8);
    }

    @Test
    void sourcesAreApart() {
        String other = "otel-traces/4@1f2e";
        handOvers().append(TOPIC, 5, POLICIES, List.of(part(A, 1, 1)));
        handOvers().append(other, 7, POLICIES, List.of(part(A, 2, 1), part(B, 2, 1)));

        assertThat(load(TOPIC, 5).get(A).summary().spanCount()).isEqualTo(1);
        assertThat(handOvers().size(other)).isEqualTo(2);
        assertThat(load(TOPIC, 0)).isEmpty();
        handOvers().remove(TOPIC, List.of(B));
        assertThat(load(other, 7)).containsOnlyKeys(A, B);
    }

    @Test
    void aTraceMayHaveManyLocationsAndManyParts() {
        TraceSummary large = part(A, 1_000_000, IntStream.range(0, 20_000).map(i -> 3 * i).toArray());
        handOvers().append(TOPIC, 1, POLICIES, List.of(large, part(B, 1, 1)));
        for (int cycle = 2; cycle <= 700; cycle++) {
            handOvers().append(TOPIC, cycle, POLICIES, List.of(part(B, 1, cycle)));
        }

        Map<TraceId, HandOver> found = load(TOPIC, 600);
        assertThat(found.get(A).summary().locations()).isEqualTo(large.locations());
        assertThat(found.get(B).summary().locations()).isEqualTo(IntStream.rangeClosed(1, 600).toArray());
        assertThat(found.get(B).summary().spanCount()).isEqualTo(600);
        handOvers().remove(TOPIC, List.of(A, B));
        assertThat(load(TOPIC, 600)).isEmpty();
    }

    @Test
    void thereMayBeVeryManyTraces() {
        SplittableRandom random = new SplittableRandom(7);
        List<TraceId> ids = IntStream.range(0, 100_000)
                .mapToObj(i -> new TraceId(random.nextLong(), random.nextLong())).toList();
        for (int cycle = 1; cycle <= 4; cycle++) {
            List<TraceSummary> parts = new ArrayList<>();
            for (TraceId id : ids.subList(0, cycle == 1 ? ids.size() : 10_000)) {
                parts.add(part(id, 1, cycle));
            }
            handOvers().append(TOPIC, cycle, POLICIES, parts);
        }
        restart();

        assertThat(handOvers().size(TOPIC)).isEqualTo(ids.size());
        Map<Integer, Integer> tracesBySpans = new HashMap<>();
        handOvers().load(TOPIC, 3).forEach(trace -> tracesBySpans.merge(trace.summary().spanCount(), 1, Integer::sum));
        assertThat(tracesBySpans).isEqualTo(Map.of(1, 90_000, 3, 10_000));
        handOvers().remove(TOPIC, ids.subList(0, 99_990));
        assertThat(new TreeSet<>(load(TOPIC, 3).keySet())).isEqualTo(new TreeSet<>(ids.subList(99_990, 100_000)));
    }
}
