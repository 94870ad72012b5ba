package dev.tailsampling.store;

import static dev.tailsampling.store.RedisScript.bytes;
import static java.nio.charset.StandardCharsets.UTF_8;

import dev.tailsampling.selector.PriorDecision;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Stream;

/** Reads and writes the hashes that segments consist of. Every key gets its end together with its content. Thread-safe. */
final class RedisBuckets {

    /** The field beside the kinds that has their number. */
    static final String COUNT = "count";

    /** Fields per script: it holds up everybody else for less than a millisecond, and its arguments fit Lua's stack. */
    private static final int FIELDS = 500;
    /** The arguments of each key are their number, and then they themselves. */
    private static final String EACH_KEY = """
            local out, at = {}, 2
            for k = 1, #KEYS do
              local n = tonumber(ARGV[at])
              %s
              at = at + n + 1
            end
            return out""";
    private static final String EXPIRE = " redis.call('PEXPIRE', KEYS[k], ARGV[1])";
    private static final RedisScript PUT = RedisScript.returningMany(EACH_KEY
            .formatted("redis.call('HSET', KEYS[k], unpack(ARGV, at + 1, at + n))" + EXPIRE));
    private static final RedisScript PUT_IF_ABSENT = RedisScript.returningMany(EACH_KEY.formatted(
            "for i = at + 1, at + n, 2 do redis.call('HSETNX', KEYS[k], ARGV[i], ARGV[i + 1]) end" + EXPIRE));
    private static final RedisScript GET = RedisScript.returningMany(EACH_KEY.formatted("""
            local got = redis.call('HMGET', KEYS[k], unpack(ARGV, at + 1, at + n))
              for i = 1, n do out[#out + 1] = got[i] end"""));
    private static final RedisScript REMOVE = RedisScript.returningMany(
            EACH_KEY.formatted("redis.call('HDEL', KEYS[k], unpack(ARGV, at + 1, at + n))"));
    private static final RedisScript ADD_KINDS = RedisScript.returningNumber("""
            local count = redis.call('HINCRBY', KEYS[1], 'count', #ARGV - 1)
            local first = count - #ARGV + 1
            for i = 2, #ARGV do redis.call('HSET', KEYS[1], first + i - 2, ARGV[i]) end
            redis.call('PEXPIRE', KEYS[1], ARGV[1])
            return first""");
    private static final long NO_END = 0;

    /** Where rows are written: a segment of a source, and how long it still lasts. */
    record Target(String prefix, RedisSegment segment, long endsInMillis) {}

    /** Some traces of one bucket. */
    private record Lookup(RedisSegment segment, int bucket, List<RedisTraceKey> traces) {

        byte[] key(String prefix) {
            return segment.bucketKey(prefix, bucket);
        }

        List<byte[]> fields() {
            return traces.stream().map(trace -> trace.field(segment.bucketBits())).toList();
        }

        List<byte[]> fieldsAnd(Map<RedisTraceKey, String> values) {
            return traces.stream()
                    .flatMap(trace -> Stream.of(trace.field(segment.bucketBits()),
                            bytes(String.valueOf(values.get(trace)))))
                    .toList();
        }
    }

    private record Hit(RedisSegment segment, String value) {}

    private final RedisConnections redis;

    RedisBuckets(RedisConnections redis) {
        this.redis = redis;
    }

    /**
     * Gives kinds of decisions their numbers.
     *
     * @return the number of the first one; the others follow
     */
    long addKinds(Target target, List<RedisDecisionKind> kinds) {
        List<byte[]> arguments = new ArrayList<>(List.of(bytes(target.endsInMillis())));
        kinds.forEach(kind -> arguments.add(bytes(kind.text())));
        return redis.callInSeries(ADD_KINDS.<Long>on(List.of(target.segment().kindsKey(target.prefix())), arguments));
    }

    void put(Target target, Map<RedisTraceKey, String> values) {
        run(PUT, target.prefix(), target.endsInMillis(), lookups(List.of(target.segment()), values.keySet()),
                lookup -> lookup.fieldsAnd(values));
    }

    void putIfAbsent(Target target, Map<RedisTraceKey, String> values) {
        run(PUT_IF_ABSENT, target.prefix(), target.endsInMillis(),
                lookups(List.of(target.segment()), values.keySet()), lookup -> lookup.fieldsAnd(values));
    }

    void remove(String prefix, List<RedisSegment> segments, Set<RedisTraceKey> traces) {
        run(REMOVE, prefix, NO_END, lookups(segments, traces), Lookup::fields);
    }

    /** Runs a script on all lookups, some hundred fields at a time; returns the answers one after another. */
    private List<Object> run(RedisScript script, String prefix, long endsInMillis, List<Lookup> lookups,
            Function<Lookup, List<byte[]>> arguments) {
        List<RedisConnections.Call<List<Object>>> calls = new ArrayList<>();
        for (List<Lookup> some : chunks(lookups)) {
            calls.add(commands -> {
                List<byte[]> all = new ArrayList<>(List.of(bytes(endsInMillis)));
                for (Lookup lookup : some) {
                    List<byte[]> own = arguments.apply(lookup);
                    all.add(bytes(own.size()));
                    all.addAll(own);
                }
                return script.<List<Object>>on(some.stream().map(lookup -> lookup.key(prefix)).toList(), all)
                        .apply(commands);
            });
        }
        List<Object> answers = new ArrayList<>();
        redis.callAll(calls).forEach(answers::addAll);
        return answers;
    }

    /** Of at most that many fields each. */
    private static List<List<Lookup>> chunks(List<Lookup> lookups) {
        List<List<Lookup>> chunks = new ArrayList<>();
        int begin = 0;
        int fields = 0;
        for (int i = 0; i < lookups.size(); i++) {
            int more = lookups.get(i).traces().size();
            if (fields + more > FIELDS) {
                chunks.add(lookups.subList(begin, i));
                begin = i;
                fields = 0;
            }
            fields += more;
        }
        if (begin < lookups.size()) {
            chunks.add(lookups.subList(begin, lookups.size()));
        }
        return chunks;
    }

    private static List<Lookup> lookups(List<RedisSegment> segments, Collection<RedisTraceKey> traces) {
        List<Lookup> lookups = new ArrayList<>();
        for (RedisSegment segment : segments) {
            Map<Integer, List<RedisTraceKey>> byBucket = new LinkedHashMap<>();
            for (RedisTraceKey trace : traces) {
                byBucket.computeIfAbsent(trace.bucket(segment.bucketBits()), bucket -> new ArrayList<>(1)).add(trace);
            }
            byBucket.forEach((bucket, all) -> {
                for (int from = 0; from < all.size(); from += FIELDS) {
                    lookups.add(new Lookup(segment, bucket, all.subList(from, Math.min(all.size(), from + FIELDS))));
                }
            });
        }
        return lookups;
    }

    /** What stands of these traces in the first of the segments that has them. */
    Map<RedisTraceKey, PriorDecision> find(String prefix, List<RedisSegment> segments, Set<RedisTraceKey> traces) {
        if (traces.isEmpty() || segments.isEmpty()) {
            return Map.of();
        }
        return resolve(prefix, hits(prefix, segments, traces));
    }

    private Map<RedisTraceKey, Hit> hits(String prefix, List<RedisSegment> segments, Set<RedisTraceKey> traces) {
        List<Lookup> lookups = lookups(segments, traces);
        Iterator<Object> values = run(GET, prefix, NO_END, lookups, Lookup::fields).iterator();
        Map<RedisTraceKey, Hit> hits = new HashMap<>();
        for (Lookup lookup : lookups) {
            for (RedisTraceKey trace : lookup.traces()) {
                if (values.next() instanceof byte[] value) {
                    hits.putIfAbsent(trace, new Hit(lookup.segment(), new String(value, UTF_8)));
                }
            }
        }
        return hits;
    }

    private Map<RedisTraceKey, PriorDecision> resolve(String prefix, Map<RedisTraceKey, Hit> hits) {
        Map<RedisSegment, Set<String>> numbers = new HashMap<>();
        hits.values().forEach(hit -> numbers.computeIfAbsent(hit.segment(), segment -> new TreeSet<>())
                .add(RedisDecisionKind.number(hit.value())));
        Map<RedisSegment, Map<String, RedisDecisionKind>> kinds = new HashMap<>();
        numbers.forEach((segment, wanted) -> kinds.put(segment, kinds(prefix, segment, List.copyOf(wanted))));
        Map<RedisTraceKey, PriorDecision> found = new HashMap<>();
        hits.forEach((trace, hit) -> {
            RedisDecisionKind kind = kinds.getOrDefault(hit.segment(), Map.of())
                    .get(RedisDecisionKind.number(hit.value()));
            // Its segment may have ended in between.
            if (kind != null) {
                found.put(trace, kind.decision(hit.value()));
            }
        });
        return found;
    }

    private Map<String, RedisDecisionKind> kinds(String prefix, RedisSegment segment, List<String> numbers) {
        Map<String, RedisDecisionKind> kinds = new HashMap<>();
        byte[][] fields = numbers.stream().map(RedisScript::bytes).toArray(byte[][]::new);
        var texts = redis.callInSeries(commands -> commands.hmget(segment.kindsKey(prefix), fields));
        for (int i = 0; i < numbers.size(); i++) {
            String number = numbers.get(i);
            texts.get(i).map(text -> RedisDecisionKind.parse(new String(text, UTF_8)))
                    .ifHasValue(kind -> kinds.put(number, kind));
        }
        return kinds;
    }
}
