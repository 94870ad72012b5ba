package dev.tailsampling.store;

import static dev.tailsampling.store.RedisScript.bytes;
import static java.nio.charset.StandardCharsets.ISO_8859_1;

import dev.tailsampling.policy.SummaryBytes;
import dev.tailsampling.policy.TraceSummary;
import dev.tailsampling.selector.HandOvers;
import dev.tailsampling.trace.TraceId;
import io.lettuce.core.KeyValue;
import io.lettuce.core.MapScanCursor;
import io.lettuce.core.ScanArgs;
import io.lettuce.core.ScanCursor;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Hand-overs in Redis, two hashes for each source: how many parts each trace was given, and the parts. They end when the
 * source has neither appended nor loaded for the time to live, all at once; no trace ends before others. Thread-safe.
 *
 * <p>An append is written in several steps. One that fails, or that Redis forgets, leaves parts of a cycle that is not in
 * the ledger; they are deleted when the source is loaded.
 *
 * <p><b>When Redis has lost its data, nobody here can tell:</b> {@link #load} returns too few traces, or old parts. The
 * spans of what is missing stand in the source before the position of the ledger. Whoever knows of the loss has to
 * fold from an older position: that at which the longest trace that may be open began (table time less the maximal duration
 * of a trace), and skip traces that have been decided. With {@code appendfsync everysec} a crash of Redis may lose the
 * last second, also of a cycle that is in the ledger by then; with {@code always} it does not.
 */
public final class RedisHandOvers implements HandOvers {

    /** Traces asked for at once; bounds memory. */
    private static final int TRACES = 500;
    private static final int TRACE_ID_BYTES = 16;
    private static final RedisScript APPEND = RedisScript.returningNumber("""
            for i = 2, #ARGV, 2 do
              local number = redis.call('HINCRBY', KEYS[1], ARGV[i], 1)
              redis.call('HSET', KEYS[2], ARGV[i] .. number, ARGV[i + 1])
            end
            redis.call('PEXPIRE', KEYS[1], ARGV[1])
            redis.call('PEXPIRE', KEYS[2], ARGV[1])
            return 0""");

    private final RedisConnections redis;
    private final Duration timeToLive;

    RedisHandOvers(RedisConnections redis, Duration timeToLive) {
        this.redis = redis;
        this.timeToLive = timeToLive;
    }

    /** Field by trace id, value the number of parts that it was ever given. */
    private static byte[] countsKey(String source) {
        return bytes("tss:{" + source + "}:h:counts");
    }

    /** Field by trace id and number of the part, from 1. */
    private static byte[] partsKey(String source) {
        return bytes("tss:{" + source + "}:h:parts");
    }

    /** A trace in a field: a character for each byte of its id. */
    private static String name(TraceId id) {
        return new String(DecisionTable.bytes(id), ISO_8859_1);
    }

    private static byte[] field(String name) {
        return name.getBytes(ISO_8859_1);
    }

    private static Stream<List<byte[]>> fields(Collection<String> names) {
        return names.stream().map(name -> List.of(field(name)));
    }

    /** Of all parts that these traces were ever given. */
    private static Stream<List<byte[]>> partFields(Map<String, Integer> counts) {
        return counts.entrySet().stream().flatMap(trace -> IntStream.rangeClosed(1, trace.getValue())
                .mapToObj(number -> List.of(field(trace.getKey() + number))));
    }

    @Override
    public void append(String source, long cycle, String policySet, Collection<TraceSummary> parts) {
        RedisChunks chunks = new RedisChunks(parts.stream().map(part -> List.of(field(name(part.traceId())),
                new RedisHandOverPart(cycle, policySet, SummaryBytes.encode(part)).bytes())));
        redis.callAll(chunks.<Long>calls(arguments -> {
            arguments.addFirst(bytes(timeToLive.toMillis()));
            return APPEND.on(List.of(countsKey(source), partsKey(source)), arguments);
        }));
    }

    @Override
    public List<HandOver> load(String source, long throughCycleInclusive) {
        MergedHandOvers merged = new MergedHandOvers(redis.name());
        Set<String> seen = new HashSet<>();
        ScanCursor cursor = ScanCursor.INITIAL;
        while (!cursor.isFinished()) {
            ScanCursor from = cursor;
            MapScanCursor<byte[], byte[]> page = redis.callInSeries(
                    commands -> commands.hscan(countsKey(source), from, ScanArgs.Builder.limit(TRACES)));
            Map<String, Integer> counts = counts(page.getMap());
            // Redis may name a field twice.
            counts.keySet().removeIf(name -> !seen.add(name));
            load(source, counts, throughCycleInclusive, merged);
            cursor = page;
        }
        renew(source);
        return merged.all();
    }

    private static Map<String, Integer> counts(Map<byte[], byte[]> fields) {
        Map<String, Integer> counts = new LinkedHashMap<>();
        fields.forEach((field, count) -> counts.put(new String(field, ISO_8859_1),
                Integer.valueOf(new String(count, ISO_8859_1))));
        return counts;
    }

    private void load(String source, Map<String, Integer> counts, long throughCycle, MergedHandOvers merged) {
        List<byte[]> later = new ArrayList<>();
        Set<String> empty = new HashSet<>(counts.keySet());
        RedisChunks chunks = new RedisChunks(partFields(counts));
        while (chunks.hasNext()) {
            byte[][] fields = chunks.next().toArray(byte[][]::new);
            for (KeyValue<byte[], byte[]> found : redis
                    .callInSeries(commands -> commands.hmget(partsKey(source), fields))) {
                if (!found.hasValue()) {
                    continue;
                }
                RedisHandOverPart part = merged.parsed(() -> RedisHandOverPart.parse(found.getValue()));
                if (part.cycle() > throughCycle) {
                    later.add(found.getKey());
                } else {
                    merged.add(part.cycle(), part.policySet(), part.summary());
                    empty.remove(new String(found.getKey(), 0, TRACE_ID_BYTES, ISO_8859_1));
                }
            }
        }
        delete(partsKey(source), later.stream().map(List::of));
        delete(countsKey(source), fields(empty));
    }

    private void delete(byte[] key, Stream<List<byte[]>> fields) {
        redis.callAll(new RedisChunks(fields)
                .<Long>calls(names -> commands -> commands.hdel(key, names.toArray(byte[][]::new))));
    }

    private void renew(String source) {
        for (byte[] key : List.of(countsKey(source), partsKey(source))) {
            redis.callInSeries(commands -> commands.pexpire(key, timeToLive));
        }
    }

    /** Parts first: what is interrupted can be done again. */
    @Override
    public void remove(String source, Collection<TraceId> traceIds) {
        RedisChunks chunks = new RedisChunks(fields(traceIds.stream().map(RedisHandOvers::name).toList()));
        while (chunks.hasNext()) {
            byte[][] names = chunks.next().toArray(byte[][]::new);
            Map<byte[], byte[]> found = new HashMap<>();
            redis.callInSeries(commands -> commands.hmget(countsKey(source), names)).stream()
                    .filter(KeyValue::hasValue).forEach(count -> found.put(count.getKey(), count.getValue()));
            Map<String, Integer> counts = counts(found);
            delete(partsKey(source), partFields(counts));
            delete(countsKey(source), fields(counts.keySet()));
        }
    }

    @Override
    public long size(String source) {
        return redis.callInSeries(commands -> commands.hlen(countsKey(source)));
    }
}
