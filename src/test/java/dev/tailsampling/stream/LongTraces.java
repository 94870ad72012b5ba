package dev.tailsampling.stream;

import dev.tailsampling.assembly.QuietRule;
import dev.tailsampling.otlp.OtlpSpans;
import dev.tailsampling.otlp.RequestBuilder;
import dev.tailsampling.otlp.TraceBytes;
import dev.tailsampling.policy.CompiledPolicies;
import dev.tailsampling.policy.NamedPolicy;
import dev.tailsampling.policy.PolicySet;
import dev.tailsampling.policy.SamplingPolicy;
import dev.tailsampling.selector.CycleBuffer;
import dev.tailsampling.selector.CycleGroup;
import dev.tailsampling.selector.CycleMetric;
import dev.tailsampling.selector.CycleReport;
import dev.tailsampling.selector.DecisionFilter;
import dev.tailsampling.selector.DecisionLog;
import dev.tailsampling.selector.DecisionRecord;
import dev.tailsampling.selector.ExportOutcome;
import dev.tailsampling.selector.FetchRequest;
import dev.tailsampling.selector.HoldLimits;
import dev.tailsampling.selector.HoldLimits.WhenFull;
import dev.tailsampling.selector.LoggedCycle;
import dev.tailsampling.selector.OffsetLocations;
import dev.tailsampling.selector.PartitionFetcher;
import dev.tailsampling.selector.SampledTrace;
import dev.tailsampling.selector.SelectorPorts;
import dev.tailsampling.selector.SelectorSettings;
import dev.tailsampling.selector.SmallCyclesControlLog;
import dev.tailsampling.selector.SpanFetcher;
import dev.tailsampling.selector.SpanObserver;
import dev.tailsampling.selector.TieredFetcher;
import dev.tailsampling.selector.TraceExporter;
import dev.tailsampling.selector.TraceSelector;
import dev.tailsampling.store.JdbcState;
import dev.tailsampling.trace.TraceId;
import dev.tailsampling.translate.SpanEncoding;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;

/**
 * Six hours of virtual time, to be run with little memory: ten short traces a second, and of a hundred traces one that
 * lasts two to four hours with a span every five minutes. Every record is a function of its offset, so nothing of it has to
 * be kept to be read again. Prints what came of it, and the memory in use at the end of each hour.
 */
public final class LongTraces {

    private static final long START_MILLIS = 1_700_000_000_000L;
    private static final int SECONDS = 6 * 3_600;
    private static final int SHORT_EACH_SECOND = 10;
    private static final int SHORT_SPANS = 3;
    private static final int LONG_EVERY_SECONDS = 10;
    private static final int SILENCE_SECONDS = 300;
    private static final int MAX_LONG_SECONDS = 4 * 3_600;
    private static final long KEPT_FROM_SECONDS = 3 * 3_600;

    private LongTraces() {}

    /** Seconds from the first to the last span of the long trace that begins at this second. */
    static int duration(int start) {
        return 7_200 + Math.floorMod(start * 7_919, 24) * SILENCE_SECONDS;
    }

    static int longSpans(int start) {
        return Math.min(duration(start), SECONDS - 1 - start) / SILENCE_SECONDS + 1;
    }

    private static byte[] value(int second) {
        RequestBuilder request = new RequestBuilder();
        request.beginResource().attribute("service.name", "jobs").beginScope("test", "");
        for (int age = 0; age < SHORT_SPANS && age <= second; age++) {
            for (int i = 0; i < SHORT_EACH_SECOND; i++) {
                span(request, 1, (long) (second - age) * SHORT_EACH_SECOND + i, second, age);
            }
        }
        if (second % LONG_EVERY_SECONDS == 0) {
            for (int start = second; start >= 0 && second - start <= MAX_LONG_SECONDS; start -= SILENCE_SECONDS) {
                if (second - start <= duration(start)) {
                    span(request, 2, start, second, (second - start) / SILENCE_SECONDS);
                }
            }
        }
        return request.take();
    }

    private static void span(RequestBuilder request, long kind, long number, int second, int index) {
        long nano = (START_MILLIS + second * 1_000L) * 1_000_000;
        request.beginSpan(kind, number * 0x9E3779B97F4A7C15L + 1, number << 16 | index + 1).name("step")
                .times(nano, nano + 1_000_000).attribute("job.step", "a step of a job that has much to tell");
    }

    private static ConsumerRecord<byte[], byte[]> record(int second) {
        byte[] value = value(second);
        return new ConsumerRecord<>("spans", 0, second, START_MILLIS + second * 1_000L, TimestampType.CREATE_TIME, 0,
                value.length, new byte[0], value, new RecordHeaders(), Optional.empty());
    }

    /** Makes records again. */
    private static final class Again implements PartitionFetcher {

        @Override
        public long endOffsetExclusive(int partition) {
            return SECONDS;
        }

        @Override
        public void fetch(int partition, List<FetchRequest> requests, long fromInclusive, long untilExclusive,
                SpanFetcher.Receiver receiver) {
            Map<TraceId, TraceBytes> found = new LinkedHashMap<>();
            Set<TraceId> wanted = new HashSet<>();
            TreeSet<Integer> locations = new TreeSet<>();
            requests.forEach(request -> {
                wanted.add(request.traceId());
                locations.addAll(request.locations());
            });
            for (int location : locations) {
                for (long at = OffsetLocations.firstOffset(location); at < Math.min(untilExclusive,
                        OffsetLocations.endOffsetExclusive(location)); at++) {
                    byte[] value = value((int) at);
                    new OtlpSpans().forEach(value, 0, value.length, span -> {
                        if (wanted.contains(span.traceId())) {
                            found.computeIfAbsent(span.traceId(), unseen -> new TraceBytes()).add(span);
                        }
                    });
                }
            }
            found.forEach((traceId, bytes) -> {
                int spans = bytes.spanCount();
                receiver.spans(traceId, Objects.requireNonNull(bytes.take()), spans);
            });
        }
    }

    /** Counts decisions and forgets them. */
    private static final class Counting implements DecisionLog {

        private LoggedCycle latest;
        private long shortTraces;
        private long longTraces;
        private long spans;

        void recordTogether(CycleGroup group, List<DecisionRecord> decisions) {
            latest = group.last();
            for (DecisionRecord decision : decisions) {
                spans += decision.trace().spanCount();
                if (decision.trace().traceId().high() == 1) {
                    shortTraces++;
                } else {
                    longTraces++;
                }
            }
        }

        @Override
        public String identity() {
            return "counting";
        }

        @Override
        public void record(LoggedCycle cycle, Iterable<DecisionRecord> decisions) {
            throw new IllegalStateException("cycles are recorded together");
        }

        @Override
        public Optional<LoggedCycle> latest(String source) {
            return Optional.ofNullable(latest);
        }

        @Override
        public long fencingToken(String source) {
            return 0;
        }

        @Override
        public void fence(String source, long token, String runId) {
            throw new IllegalStateException("there is no lease");
        }

        @Override
        public List<LoggedCycle> cycles(String source, long fromCycleInclusive) {
            return List.of();
        }

        @Override
        public void forEach(DecisionFilter filter, Consumer<DecisionRecord> action) {
            throw new IllegalStateException("nothing is to be recovered");
        }
    }

    /** Counts spans. */
    private static final class Destination implements TraceExporter {

        private long spans;

        @Override
        public String name() {
            return "counting";
        }

        @Override
        public ExportOutcome export(List<SampledTrace> batch) {
            batch.forEach(trace -> spans += trace.spanCount());
            return new ExportOutcome.Exported(0, "");
        }

        @Override
        public ExportOutcome flush() {
            return new ExportOutcome.Exported(0, "");
        }

        @Override
        public void close() {
            // Nothing is open.
        }
    }

    /** Runs it with the state in this folder. */
    public static void main(String[] arguments) {
        long[] now = {START_MILLIS};
        RecordQueue queue = new RecordQueue();
        queue.open();
        Counting ledger = new Counting();
        Destination destination = new Destination();
        CycleReport total = CycleReport.NONE;
        try (JdbcState state = JdbcState.openSqlite(Path.of(arguments[0]).resolve("state.db"),
                () -> Instant.ofEpochMilli(now[0]))) {
            CycleBuffer buffer = new CycleBuffer(ledger, state);
            TopicPartitionSource source = new TopicPartitionSource("spans", 0, queue,
                    (partition, from, until, handler) -> {}, new RecordDecoder(SpanEncoding.OTLP_PROTO),
                    () -> Instant.ofEpochMilli(now[0]));
            SelectorPorts ports = new SelectorPorts(source, new TieredFetcher(0, null, new Again()), buffer, buffer,
                    new SmallCyclesControlLog(state), destination, SpanObserver.NONE, state.handOvers(),
                    () -> Instant.ofEpochMilli(now[0]));
            SelectorSettings settings = new SelectorSettings("run",
                    QuietRule.of(Duration.ofSeconds(400), Duration.ofHours(5)), 1 << 20, 32 << 20)
                    .withHold(new HoldLimits(20_000, 200_000, Duration.ofMinutes(10), WhenFull.HAND_OVER));
            CompiledPolicies policies = CompiledPolicies.of(new PolicySet(List.of(NamedPolicy.of("slow",
                    new SamplingPolicy.Latency(Duration.ofSeconds(KEPT_FROM_SECONDS).toMillis(), Long.MAX_VALUE)))));
            TraceSelector selector = new TraceSelector(ports, policies, settings);
            selector.recover();
            for (int second = 0; second < SECONDS; second++) {
                now[0] = START_MILLIS + second * 1_000L;
                queue.add(List.of(record(second)));
                total = total.then(selector.cycle());
                if (second % 30 == 29) {
                    commit(buffer, selector, ledger);
                }
                if (second % 3_600 == 3_599) {
                    System.gc();
                    Runtime runtime = Runtime.getRuntime();
                    System.out.println("hour " + (second + 1) / 3_600 + " open " + selector.openTraces() + " used "
                            + (runtime.totalMemory() - runtime.freeMemory()));
                }
            }
            now[0] += Duration.ofHours(1).toMillis();
            queue.idleTime(now[0]);
            total = total.then(selector.cycle());
            commit(buffer, selector, ledger);
            System.out.println("short " + ledger.shortTraces + " long " + ledger.longTraces + " spans " + ledger.spans
                    + " exported " + destination.spans + " forced " + total.get(CycleMetric.TRACES_FORCED)
                    + " late " + total.get(CycleMetric.TRACES_LATE) + " handed-over "
                    + total.get(CycleMetric.TRACES_HANDED_OVER) + " open " + selector.openTraces() + " left "
                    + state.handOvers().size("spans/0@counting"));
        }
    }

    private static void commit(CycleBuffer buffer, TraceSelector selector, Counting ledger) {
        buffer.next(selector.cycleNumber()).ifPresent(batch -> {
            ledger.recordTogether(batch.group(), batch.decisions());
            buffer.recorded();
            selector.recorded(batch.group().last().cycle());
        });
    }
}
