package dev.tailsampling.datadog;

import dev.tailsampling.datadog.ApmKey.Source;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Stats that go to Datadog together: a {@code StatsPayload} in MessagePack, whose keys are those that the Agent's
 * generated code writes (datadog-agent, {@code pkg/proto/pbgo/trace/stats_gen.go}, from {@code stats.proto}).
 */
public final class ApmPayload {

    /** As in datadog-agent, {@code pkg/trace/writer/stats.go}: the intake takes twice as many. */
    private static final int MAX_GROUPS = 4_000;
    private static final String AGENT_VERSION = "tail-sampling-selector";

    /** One group in its ten seconds. */
    private record Entry(long startUnixNano, ApmKey key, ApmCounts counts) {}

    private final Source agent;
    private final boolean split;
    private final List<Entry> entries;

    private ApmPayload(Source agent, boolean split, List<Entry> entries) {
        this.agent = agent;
        this.split = split;
        this.entries = List.copyOf(entries);
    }

    /**
     * The stats in as few payloads as the intake allows.
     *
     * @param hostname host that is said to send them, may be empty
     * @param env environment of that host, may be empty
     */
    public static List<ApmPayload> of(List<ApmBucket> buckets, String hostname, String env) {
        List<Entry> entries = new ArrayList<>();
        buckets.forEach(bucket -> bucket.groups()
                .forEach((key, counts) -> entries.add(new Entry(bucket.startUnixNano(), key, counts))));
        Source agent = new Source(hostname, env, AGENT_VERSION);
        List<ApmPayload> payloads = new ArrayList<>();
        for (int from = 0; from < entries.size(); from += MAX_GROUPS) {
            int to = Math.min(from + MAX_GROUPS, entries.size());
            payloads.add(new ApmPayload(agent, entries.size() > MAX_GROUPS, entries.subList(from, to)));
        }
        return payloads;
    }

    /** Spans that were counted. */
    public long hits() {
        return entries.stream().mapToLong(entry -> entry.counts().hits()).sum();
    }

    /** Whether it cannot be cut. */
    public boolean isSingleGroup() {
        return entries.size() == 1;
    }

    /** Both halves of a payload of several groups, in order. */
    public List<ApmPayload> halves() {
        int middle = entries.size() / 2;
        return List.of(new ApmPayload(agent, true, entries.subList(0, middle)),
                new ApmPayload(agent, true, entries.subList(middle, entries.size())));
    }

    /** The payload in MessagePack. */
    public byte[] toByteArray() {
        Map<Source, Map<Long, List<Entry>>> bySource = new LinkedHashMap<>();
        entries.forEach(entry -> bySource.computeIfAbsent(entry.key().source(), first -> new LinkedHashMap<>())
                .computeIfAbsent(entry.startUnixNano(), first -> new ArrayList<>()).add(entry));
        MsgpackWriter writer = new MsgpackWriter().map(6)
                .string("AgentHostname").string(agent.hostname())
                .string("AgentEnv").string(agent.env())
                .string("Stats").array(bySource.size());
        bySource.forEach((source, buckets) -> writeSource(writer, source, buckets));
        return writer.string("AgentVersion").string(agent.version())
                .string("ClientComputed").bool(false)
                .string("SplitPayload").bool(split).toByteArray();
    }

    /** A {@code ClientStatsPayload}; what is not told is left out. */
    private static void writeSource(MsgpackWriter writer, Source source, Map<Long, List<Entry>> buckets) {
        writer.map(4)
                .string("Hostname").string(source.hostname())
                .string("Env").string(source.env())
                .string("Version").string(source.version())
                .string("Stats").array(buckets.size());
        buckets.forEach((start, groups) -> {
            writer.map(4)
                    .string("Start").uint(start)
                    .string("Duration").uint(ApmBucket.NANOS)
                    .string("Stats").array(groups.size());
            groups.forEach(group -> writeGroup(writer, group.key(), group.counts()));
            writer.string("AgentTimeShift").uint(0);
        });
    }

    /** A {@code ClientGroupedStats}. */
    private static void writeGroup(MsgpackWriter writer, ApmKey key, ApmCounts counts) {
        writer.map(16)
                .string("Service").string(key.service())
                .string("Name").string(key.name())
                .string("Resource").string(key.resource())
                .string("HTTPStatusCode").uint(key.httpStatusCode())
                .string("Type").string(key.type())
                .string("DBType").string("")
                .string("Hits").uint(counts.hits())
                .string("Errors").uint(counts.errors())
                .string("Duration").uint(counts.durationNanos())
                .string("OkSummary").binary(counts.okSummary())
                .string("ErrorSummary").binary(counts.errorSummary())
                .string("Synthetics").bool(false)
                .string("TopLevelHits").uint(counts.topLevelHits())
                .string("SpanKind").string(key.spanKind())
                .string("PeerTags").array(0)
                // TraceRootFlag: 1 is true, 2 is false.
                .string("IsTraceRoot").uint(key.traceRoot() ? 1 : 2);
    }
}
