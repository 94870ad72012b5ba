package dev.tailsampling.assembly;

import static java.util.stream.Collectors.toCollection;
import static java.util.stream.Collectors.toMap;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tailsampling.policy.TraceSummary;
import dev.tailsampling.trace.TestSpan;
import dev.tailsampling.trace.TraceId;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeSet;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Random arrivals, merges and cycles against a model that looks at every open trace each time. */
class OpenTracesModelTest {

    private static final int SEEDS = 150;

    /** What the model knows of an open trace. */
    private static final class Known {
        private long firstArrival = Long.MAX_VALUE;
        private long lastArrival = Long.MIN_VALUE;
        private int spans;
        private final Set<Integer> locations = new HashSet<>();

        void arrived(long millis, int location) {
            firstArrival = Math.min(firstArrival, millis);
            lastArrival = Math.max(lastArrival, millis);
            locations.add(location);
            spans++;
        }
    }

    private static final class Run {

        private final String label;
        private final SplittableRandom random;
        private final long inactivity;
        private final long maxDuration;
        private final long disorder;
        private final OpenTraces traces;
        private final Map<Long, Known> model = new HashMap<>();
        private long now = 1_000_000;

        Run(long seed, long disorder) {
            this.label = "seed " + seed;
            this.random = new SplittableRandom(seed);
            this.disorder = disorder;
            this.inactivity = 1 + random.nextInt(20_000);
            this.maxDuration = 1 + random.nextInt(80_000);
            this.traces = new OpenTraces(new QuietRule(inactivity, maxDuration), OpenTracesTest.POLICIES.folder());
        }

        void steps(int count) {
            for (int i = 0; i < count; i++) {
                now += random.nextInt(3) == 0 ? random.nextInt(3_000) : 0;
                switch (random.nextInt(10)) {
                    case 0, 1 -> cycle();
                    case 2 -> merge();
                    default -> arrive();
                }
                assertThat(traces.size()).as(label).isEqualTo(model.size());
                assertThat(traces.heldLocations()).as(label).isEqualTo(locationsOfModel());
            }
            drain();
        }

        private long arrival() {
            return now - (disorder == 0 ? 0 : random.nextLong(disorder));
        }

        private void arrive() {
            long trace = random.nextInt(20);
            long millis = arrival();
            int location = random.nextInt(8);
            traces.fold(TestSpan.of(new TraceId(0, trace)), millis, location);
            model.computeIfAbsent(trace, unseen -> new Known()).arrived(millis, location);
        }

        /** A summary of several spans, made elsewhere. */
        private void merge() {
            long trace = random.nextInt(20);
            TraceSummary summary = new TraceSummary(0, trace);
            for (int i = 0; i <= random.nextInt(3); i++) {
                long millis = arrival();
                int location = random.nextInt(8);
                OpenTracesTest.POLICIES.folder().fold(summary, TestSpan.of(new TraceId(0, trace)));
                summary.arrived(millis, location);
                model.computeIfAbsent(trace, unseen -> new Known()).arrived(millis, location);
            }
            traces.merge(summary);
        }

        private void cycle() {
            Map<Long, CompletedTrace> taken = byTrace(traces.takeCompleted(now));
            taken.forEach((trace, completed) -> {
                assertThat(completed.reason()).as(label).isEqualTo(reason(model.get(trace)));
                assertThat(completed.summary().spanCount()).as(label).isEqualTo(model.get(trace).spans);
            });
            model.keySet().removeAll(taken.keySet());
            assertThat(model.values()).as(label).allMatch(known -> reason(known) == null);
        }

        private CompletionReason reason(Known known) {
            if (now - known.lastArrival >= inactivity) {
                return CompletionReason.QUIET;
            }
            return now - known.firstArrival >= maxDuration ? CompletionReason.MAX_DURATION : null;
        }

        private void drain() {
            Map<Long, CompletedTrace> drained = byTrace(traces.drain());
            assertThat(drained.keySet()).as(label).isEqualTo(model.keySet());
            assertThat(drained.values()).as(label).allMatch(trace -> trace.reason() == CompletionReason.DRAINED);
            assertThat(traces.size()).as(label).isZero();
        }

        private Map<Long, CompletedTrace> byTrace(List<CompletedTrace> completed) {
            return completed.stream().collect(toMap(trace -> trace.summary().traceIdLow(), t -> t));
        }

        private TreeSet<Integer> locationsOfModel() {
            return model.values().stream().flatMap(known -> known.locations.stream())
                    .collect(toCollection(TreeSet::new));
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {0, 500, 30_000})
    void completesWhatTheModelCompletes(long disorderMillis) {
        for (long seed = 0; seed < SEEDS; seed++) {
            new Run(seed, disorderMillis).steps(400);
        }
    }
}
