package dev.tailsampling.backfill;

import com.google.protobuf.ByteString;
import dev.tailsampling.assembly.CompletionReason;
import dev.tailsampling.assembly.QuietRule;
import dev.tailsampling.policy.CompiledPolicies;
import dev.tailsampling.policy.NamedPolicy;
import dev.tailsampling.policy.PolicySet;
import dev.tailsampling.policy.SamplingPolicy;
import dev.tailsampling.selector.BackfillMode;
import dev.tailsampling.selector.BackfillRun;
import dev.tailsampling.selector.DecisionRecord;
import dev.tailsampling.trace.StatusCode;
import dev.tailsampling.trace.Threshold;
import dev.tailsampling.trace.TraceId;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.trace.v1.Span;
import io.opentelemetry.proto.trace.v1.Status;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** What tests of backfills share: policies, random traces, runs, and what of a decision has to be the same. */
public final class Backfills {

    public static final long BASE = 1_700_000_000_000L;
    public static final QuietRule QUIET = new QuietRule(1_000, 5_000);
    public static final CompiledPolicies POLICIES = policies(0.3);

    private Backfills() {}

    /** Errors, and a share of the rest. */
    public static CompiledPolicies policies(double share) {
        return CompiledPolicies.of(new PolicySet(List.of(
                NamedPolicy.of("errors", new SamplingPolicy.StatusCodes(Set.of(StatusCode.ERROR))),
                new NamedPolicy("share", new SamplingPolicy.AlwaysSample(), Threshold.ofProbability(share)))));
    }

    /** A message of one span. */
    public record Message(long arrivalMillis, TraceId traceId, byte[] value) {}

    /**
     * Traces whose spans arrive without a silence that could end them, nor longer than a trace may take; in the order of
     * their arrival.
     */
    public static List<Message> calm(Random random, int traces) {
        return messages(random, traces, 400, 8);
    }

    /** Traces with silences, some of them endless. */
    public static List<Message> wild(Random random, int traces) {
        return messages(random, traces, 1_600, 14);
    }

    private static List<Message> messages(Random random, int traces, int maxGapMillis, int maxSpans) {
        List<Message> all = new ArrayList<>();
        long spanId = 1;
        for (int trace = 0; trace < traces; trace++) {
            TraceId id = new TraceId(7, (trace + 1) * 0x9E3779B97F4A7C15L);
            long arrival = BASE + random.nextInt(30_000);
            int spans = 1 + random.nextInt(maxSpans);
            for (int span = 0; span < spans; span++) {
                all.add(new Message(arrival, id, request(id, spanId++, random.nextInt(20) == 0)));
                arrival += random.nextInt(maxGapMillis);
            }
        }
        all.sort((one, other) -> Long.compare(one.arrivalMillis(), other.arrivalMillis()));
        return all;
    }

    private static byte[] request(TraceId traceId, long spanId, boolean error) {
        var request = ExportTraceServiceRequest.newBuilder();
        request.addResourceSpansBuilder().addScopeSpansBuilder().addSpans(Span.newBuilder()
                .setTraceId(ByteString.copyFrom(
                        ByteBuffer.allocate(16).putLong(traceId.high()).putLong(traceId.low()).array()))
                .setSpanId(ByteString.copyFrom(ByteBuffer.allocate(8).putLong(spanId).array())).setName("work")
                .setStatus(Status.newBuilder().setCodeValue(error ? 2 : 0)));
        return request.build().toByteArray();
    }

    /** A run over a table, times in milliseconds after {@link #BASE}. */
    public static BackfillRun run(String id, String table, long from, long to, BackfillMode mode,
            CompiledPolicies policies) {
        return new BackfillRun(id, table, BASE + from, BASE + to, mode, policies.version(), QUIET, Instant.EPOCH, null);
    }

    /** Slices of that length. */
    public static SlicePlan slices(long millis) {
        return new SlicePlan(1, Duration.ofMillis(millis));
    }

    /** First decisions in words, without what differs between ways to the same decision. */
    public static Set<String> decisions(Collection<DecisionRecord> rows) {
        Set<String> decisions = new TreeSet<>();
        for (DecisionRecord row : rows) {
            if (row.completion() != CompletionReason.LATE_SPANS && !decisions.add(words(row))) {
                throw new AssertionError("decided twice: " + words(row));
            }
        }
        return decisions;
    }

    private static String words(DecisionRecord row) {
        Threshold threshold = row.decision().threshold();
        return row.trace().traceId() + " " + row.decision().outcome() + " " + row.decision().policy() + " "
                + th(threshold) + " " + row.trace().spanCount() + " spans";
    }

    private static @Nullable String th(@Nullable Threshold threshold) {
        return threshold == null ? null : threshold.th();
    }
}
