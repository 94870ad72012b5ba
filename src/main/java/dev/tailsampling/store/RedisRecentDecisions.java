package dev.tailsampling.store;

import static dev.tailsampling.store.RedisScript.bytes;
import static java.nio.charset.StandardCharsets.UTF_8;

import dev.tailsampling.assembly.CompletionReason;
import dev.tailsampling.selector.DecisionRecord;
import dev.tailsampling.selector.PriorDecision;
import dev.tailsampling.selector.RecentDecisions;
import dev.tailsampling.trace.Threshold;
import dev.tailsampling.trace.TraceId;
import io.lettuce.core.KeyScanCursor;
import io.lettuce.core.ScanArgs;
import io.lettuce.core.ScanCursor;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/**
 * Recent decisions in Redis, about 23 bytes for one that was not sampled (docs/REDIS.md). Redis drops them by itself, in
 * segments: each is remembered for the time to live, and at most an eighth longer. One instance at a time writes what it
 * decided on a source; if two do, the later one fails. Thread-safe.
 */
public final class RedisRecentDecisions implements RecentDecisions {

    /** Of the time to live; more segments waste less memory and take longer to search. */
    private static final int SEGMENTS = 8;
    private static final int KEYS_PER_SCAN = 1_000;
    private static final String PREFIX = "tss:{";
    private static final String SUFFIX = "}:d:";
    private static final String INDEX = "index";
    private static final RedisScript REPLACE_INDEX = RedisScript.returningNumber("""
            if (redis.call('GET', KEYS[1]) or '') ~= ARGV[1] then return 0 end
            redis.call('SET', KEYS[1], ARGV[2], 'PX', ARGV[3])
            return 1""");

    private record Row(RedisTraceKey key, RedisDecisionKind kind, @Nullable Threshold threshold, boolean late) {

        static Row of(DecisionRecord decision) {
            return new Row(RedisTraceKey.of(decision.trace().traceId()), RedisDecisionKind.of(decision),
                    decision.decision().threshold(), decision.completion() == CompletionReason.LATE_SPANS);
        }
    }

    private final RedisConnections redis;
    private final RedisBuckets buckets;
    private final Duration timeToLive;
    private final Duration segmentLength;
    private final InstantSource clock;

    RedisRecentDecisions(RedisConnections redis, Duration timeToLive, InstantSource clock) {
        this.redis = redis;
        this.buckets = new RedisBuckets(redis);
        this.timeToLive = timeToLive;
        this.segmentLength = timeToLive.dividedBy(SEGMENTS);
        this.clock = clock;
    }

    /** All keys of a source lie in one slot of a cluster, so that they are lost together or not at all. */
    private static String prefix(String source) {
        return PREFIX + source + SUFFIX;
    }

    private static byte[] indexKey(String source) {
        return bytes(prefix(source) + INDEX);
    }

    private String indexText(String source) {
        byte[] text = redis.callInSeries(commands -> commands.get(indexKey(source)));
        return text == null ? "" : new String(text, UTF_8);
    }

    @Override
    public long newestCycle(String source) {
        return RedisIndex.parse(indexText(source)).newestCycle();
    }

    @Override
    public Map<TraceId, PriorDecision> find(String source, Collection<TraceId> traceIds) {
        List<RedisSegment> segments = RedisIndex.parse(indexText(source)).segments().reversed();
        Map<RedisTraceKey, TraceId> ids = new HashMap<>();
        traceIds.forEach(id -> ids.put(RedisTraceKey.of(id), id));
        Map<TraceId, PriorDecision> found = new HashMap<>();
        buckets.find(prefix(source), segments, ids.keySet())
                .forEach((key, decision) -> found.put(ids.get(key), decision));
        return found;
    }

    /** Reads all decisions before it writes any: they may come from a ledger that goes away meanwhile. */
    @Override
    public void remember(String source, long cycle, Iterable<DecisionRecord> decisions) {
        List<Row> rows = new ArrayList<>();
        decisions.forEach(decision -> rows.add(Row.of(decision)));
        String before = indexText(source);
        RedisIndex index = RedisIndex.parse(before);
        long now = clock.millis();
        RedisSegment segment = index.writable(newSegmentId(), now, segmentLength);
        write(source, index, segment, rows);
        long openedBefore = now - timeToLive.plus(segmentLength).toMillis();
        replaceIndex(source, cycle, before,
                index.with(cycle, segment.withMoreRows(rows.size()), openedBefore));
    }

    private static String newSegmentId() {
        return Integer.toString(ThreadLocalRandom.current().nextInt(Integer.MAX_VALUE), Character.MAX_RADIX);
    }

    private void write(String source, RedisIndex index, RedisSegment segment, List<Row> rows) {
        if (rows.isEmpty()) {
            return;
        }
        long endsInMillis = Math.clamp(segment.openedMillis() - clock.millis(), -segmentLength.toMillis(), 0)
                + timeToLive.plus(segmentLength).toMillis();
        RedisBuckets.Target target = new RedisBuckets.Target(prefix(source), segment, endsInMillis);
        Map<RedisDecisionKind, Long> numbers = numberKinds(target, rows);
        Map<RedisTraceKey, String> decided = new LinkedHashMap<>();
        Map<RedisTraceKey, String> late = new LinkedHashMap<>();
        for (Row row : rows) {
            String value = RedisDecisionKind.value(Objects.requireNonNull(numbers.get(row.kind())), row.threshold());
            if (row.late()) {
                late.putIfAbsent(row.key(), value);
            } else {
                decided.put(row.key(), value);
            }
        }
        late.keySet().removeAll(buckets.find(prefix(source), index.others(segment), late.keySet()).keySet());
        buckets.put(target, decided);
        buckets.putIfAbsent(target, late);
    }

    private Map<RedisDecisionKind, Long> numberKinds(RedisBuckets.Target target, List<Row> rows) {
        Map<RedisDecisionKind, Long> numbers = new LinkedHashMap<>();
        rows.forEach(row -> numbers.putIfAbsent(row.kind(), (long) numbers.size()));
        List<RedisDecisionKind> kinds = List.copyOf(numbers.keySet());
        long first = buckets.addKinds(target, kinds);
        numbers.replaceAll((kind, position) -> first + position);
        return numbers;
    }

    private void replaceIndex(String source, long cycle, String before, RedisIndex after) {
        long keptMillis = timeToLive.plus(segmentLength.multipliedBy(2)).toMillis();
        Long replaced = redis.callInSeries(REPLACE_INDEX.<Long>on(List.of(indexKey(source)),
                List.of(bytes(before), bytes(after.text()), bytes(keptMillis))));
        if (replaced == 0) {
            throw new DecisionsChangedException(redis.name() + ": the decisions of " + source
                    + " were changed or lost while cycle " + cycle
                    + " was being remembered; they will be completed from the ledger");
        }
    }

    /**
     * What the time to live makes Redis drop anyhow is not looked for; to forget sooner than that reads all decisions of
     * all sources.
     */
    @Override
    public long forgetOlderThan(Instant decidedBefore) {
        if (!decidedBefore.isAfter(clock.instant().minus(timeToLive))) {
            return 0;
        }
        long forgotten = 0;
        for (String source : sources()) {
            List<RedisSegment> segments = RedisIndex.parse(indexText(source)).segments().reversed();
            forgotten += new RedisForgetting(redis, prefix(source), segments)
                    .forgetOlderThan(decidedBefore.toEpochMilli());
        }
        return forgotten;
    }

    private Set<String> sources() {
        ScanArgs everyIndex = ScanArgs.Builder.limit(KEYS_PER_SCAN).match(PREFIX + "*" + SUFFIX + INDEX);
        Set<String> sources = new TreeSet<>();
        ScanCursor cursor = ScanCursor.INITIAL;
        while (!cursor.isFinished()) {
            ScanCursor from = cursor;
            KeyScanCursor<byte[]> page = redis.callInSeries(commands -> commands.scan(from, everyIndex));
            page.getKeys().stream().map(key -> new String(key, UTF_8))
                    .map(key -> key.substring(PREFIX.length(), key.length() - SUFFIX.length() - INDEX.length()))
                    .forEach(sources::add);
            cursor = page;
        }
        return sources;
    }
}
