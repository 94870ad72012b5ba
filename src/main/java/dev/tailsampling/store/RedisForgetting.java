package dev.tailsampling.store;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;

/** Takes decisions out of the segments of one source before Redis drops them: a walk over all of its buckets. */
final class RedisForgetting {

    /** Buckets read at once; bounds memory. */
    private static final int BUCKETS = 256;

    private final RedisConnections redis;
    private final RedisBuckets buckets;
    private final String prefix;
    private final List<RedisSegment> newestFirst;

    RedisForgetting(RedisConnections redis, String prefix, List<RedisSegment> newestFirst) {
        this.redis = redis;
        this.buckets = new RedisBuckets(redis);
        this.prefix = prefix;
        this.newestFirst = newestFirst;
    }

    /** Forgets decisions taken before; returns how many. A newer decision on a trace hides those in older segments. */
    long forgetOlderThan(long decidedBeforeMillis) {
        long forgotten = 0;
        for (int i = 0; i < newestFirst.size(); i++) {
            RedisSegment segment = newestFirst.get(i);
            Set<String> old = kindsBefore(segment, decidedBeforeMillis);
            for (int from = 0; from < segment.bucketCount() && !old.isEmpty(); from += BUCKETS) {
                Set<RedisTraceKey> traces = tracesOf(segment, from, old);
                traces.removeAll(buckets.find(prefix, newestFirst.subList(0, i), traces).keySet());
                buckets.remove(prefix, newestFirst.subList(i, newestFirst.size()), traces);
                forgotten += traces.size();
            }
        }
        return forgotten;
    }

    private Set<String> kindsBefore(RedisSegment segment, long decidedBeforeMillis) {
        Set<String> numbers = new HashSet<>();
        texts(redis.callInSeries(commands -> commands.hgetall(segment.kindsKey(prefix)))).forEach((number, kind) -> {
            if (!number.equals(RedisBuckets.COUNT)
                    && RedisDecisionKind.parse(kind).decidedAtMillis() < decidedBeforeMillis) {
                numbers.add(number);
            }
        });
        return numbers;
    }

    private static Map<String, String> texts(Map<byte[], byte[]> fields) {
        Map<String, String> texts = new HashMap<>();
        fields.forEach((field, value) -> texts.put(new String(field, UTF_8), new String(value, UTF_8)));
        return texts;
    }

    private Set<RedisTraceKey> tracesOf(RedisSegment segment, int fromBucket, Set<String> kinds) {
        int end = Math.min(segment.bucketCount(), fromBucket + BUCKETS);
        List<Integer> numbers = IntStream.range(fromBucket, end).boxed().toList();
        var contents = redis.callAll(numbers.stream().map(bucket -> RedisConnections.command(
                commands -> commands.hgetall(segment.bucketKey(prefix, bucket)))).toList());
        Set<RedisTraceKey> traces = new HashSet<>();
        for (int i = 0; i < numbers.size(); i++) {
            int bucket = numbers.get(i);
            contents.get(i).forEach((field, value) -> {
                if (kinds.contains(RedisDecisionKind.number(new String(value, UTF_8)))) {
                    traces.add(RedisTraceKey.of(bucket, segment.bucketBits(), field));
                }
            });
        }
        return traces;
    }
}
