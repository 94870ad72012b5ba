package dev.tailsampling.config;

import static dev.tailsampling.config.PeerCase.map;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tailsampling.sampler.BatchThreshold;
import dev.tailsampling.sampler.Candidates;
import dev.tailsampling.sampler.CompositeAllocation;
import dev.tailsampling.sampler.CompositeBudget;
import dev.tailsampling.sampler.Fnv1a64Sampler;
import dev.tailsampling.sampler.KeyText;
import dev.tailsampling.sampler.KeyedRates;
import dev.tailsampling.sampler.KeyedSampler;
import dev.tailsampling.sampler.MovingAverage;
import dev.tailsampling.sampler.RateLimit;
import dev.tailsampling.sampler.SamplerKey;
import dev.tailsampling.sampler.Sha1Sampler;
import dev.tailsampling.sampler.TokenBucket;
import dev.tailsampling.trace.TraceId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The peers' cases that are about arithmetic alone, held against the {@code sampler} package. */
class SamplerCasesTest {

    private static final List<String> KINDS =
            List.of("hash-vector", "rate-computation", "sampler-key", "sequence", "batch");

    static Stream<PeerCase> cases() throws Exception {
        return PeerCase.all().filter(peer -> KINDS.contains(peer.kind())
                || peer.policy().getOrDefault("type", "").equals("composite_allocation"));
    }

    @Test
    void noCaseIsLeftOut() throws Exception {
        assertThat(cases()).hasSize(25);
    }

    @ParameterizedTest
    @MethodSource("cases")
    void computesAsThePeer(PeerCase peer) {
        switch (peer.policy().get("type").toString()) {
            case "probabilistic" -> assertFnv(peer);
            case "deterministic" -> assertSha1(peer);
            case "sampler_key" -> assertKey(peer);
            case "ema_dynamic", "total_throughput" -> assertRates(peer);
            case "rate_limiting", "bytes_limiting" -> assertLimit(peer);
            case "composite" -> assertComposite(peer);
            case "composite_allocation" -> assertAllocation(peer);
            default -> throw new AssertionError("cannot run " + peer.json());
        }
    }

    private static void assertFnv(PeerCase peer) {
        String salt = peer.policy().get("hash_salt").toString();
        peer.traces().forEach(trace -> {
            assertThat(Long.toHexString(new Fnv1a64Sampler(salt, 1).hash(trace.id())))
                    .isEqualTo(peer.expected().get("fnv1a64_hex").toString().replaceFirst("^0+", ""));
            map(peer.expected().get("keep_at_percent")).forEach((percent, kept) -> assertThat(
                    new Fnv1a64Sampler(salt, Double.parseDouble(percent)).keeps(trace.id())).as(percent)
                    .isEqualTo(kept));
        });
    }

    private static void assertSha1(PeerCase peer) {
        Map<String, Object> keptAtRate = peer.expected().containsKey("keep_at_rate")
                ? map(peer.expected().get("keep_at_rate"))
                : Map.of(peer.policy().get("sample_rate").toString(), peer.expected().get("decision").equals("keep"));
        peer.traces().map(trace -> trace.json().get("trace_id").toString())
                .forEach(id -> keptAtRate.forEach((rate, kept) -> {
                    assertThat(new Sha1Sampler(Integer.parseInt(rate)).keeps(id)).as(rate).isEqualTo(kept);
                    if (id.length() == 32) {
                        assertThat(new Sha1Sampler(Integer.parseInt(rate)).keeps(TraceId.parse(id))).isEqualTo(kept);
                    }
                }));
    }

    private static void assertKey(PeerCase peer) {
        List<String> fields = ((List<?>) peer.policy().get("fields")).stream().map(Object::toString).toList();
        SamplerKey key = SamplerKey.of(fields, peer.policy().get("use_trace_length").equals(true));
        peer.traces().forEach(trace -> {
            List<?> spans = (List<?>) trace.json().get("spans");
            Map<String, List<String>> values = new HashMap<>();
            spans.forEach(span -> map(map(span).get("attributes")).forEach((field, value) -> values
                    .computeIfAbsent(field, name -> new ArrayList<>())
                    .add(KeyText.ofSpanValue(PeerCase.value(value)))));
            assertThat(key.build(values, Map.of(), spans.size())).isEqualTo(new SamplerKey.Built(
                    peer.expected().get("key").toString(), number(peer.expected(), "distinct_values").intValue()));
        });
    }

    /** The cases state the rates of a settled average, which is also the rate after one interval without memory. */
    private static void assertRates(PeerCase peer) {
        if (peer.expected().containsKey("rate_for_first_key")) {
            assertThat(KeyedSampler.EmaDynamic.of(number(peer.policy(), "goal_sample_rate").intValue()).start()
                    .rate("key", 1, 0)).isEqualTo(number(peer.expected(), "rate_for_first_key").intValue());
            return;
        }
        KeyedRates rates = sampler(peer.policy()).start();
        Map<String, Object> counts = map(peer.json().get("counts"));
        for (int interval = 0; interval <= 100; interval++) {
            long time = interval * 30_000L;
            counts.forEach((key, count) -> rates.rate(key, ((Number) count).longValue(), time));
        }
        if (!counts.isEmpty()) {
            rates.rate("next", 1, 101 * 30_000L);
        }
        Map<String, Integer> expected = new HashMap<>();
        map(peer.expected().get("rates")).forEach((key, rate) -> expected.put(key, ((Number) rate).intValue()));
        assertThat(rates.ratesInForce()).isEqualTo(expected);
    }

    private static KeyedSampler sampler(Map<String, Object> policy) {
        Duration interval = Duration.ofSeconds(30);
        return policy.get("type").equals("total_throughput")
                ? new KeyedSampler.TotalThroughput(number(policy, "goal_throughput_per_sec").doubleValue(), interval,
                        500)
                : new KeyedSampler.EmaDynamic(number(policy, "goal_sample_rate").intValue(),
                        new MovingAverage(interval, number(policy, "weight").doubleValue(),
                                number(policy, "age_out").doubleValue(), -1, 0),
                        500);
    }

    private static void assertLimit(PeerCase peer) {
        Map<String, Object> policy = peer.policy();
        long perSecond =
                number(policy, policy.containsKey("spans_per_second") ? "spans_per_second" : "bytes_per_second")
                        .longValue();
        RateLimit limit = policy.containsKey("burst_capacity")
                ? new RateLimit(perSecond, number(policy, "burst_capacity").longValue())
                : RateLimit.of(perSecond);
        if (policy.get("mode").equals("batch_threshold")) {
            assertBatch(peer, limit);
        } else {
            TokenBucket bucket = limit.start();
            steps(peer).forEach(step -> assertThat(bucket.tryTake(cost(step), number(step, "at_ms").longValue()))
                    .isEqualTo(isKept(step)));
        }
    }

    private static void assertBatch(PeerCase peer, RateLimit limit) {
        TokenBucket bucket = limit.start();
        bucket.refill(0);
        Candidates candidates = new Candidates();
        peer.traces().forEach(trace -> candidates.add(number(trace.json(), "randomness").longValue(), spans(trace)));
        BatchThreshold found = BatchThreshold.of(candidates, bucket.availableTokens(), bucket.burstCapacity());
        peer.traces().forEach(trace -> {
            assertThat(found.keeps(number(trace.json(), "randomness").longValue(), spans(trace)))
                    .isEqualTo(isKept(trace.json()));
            if (map(trace.json().get("expected")).get("threshold_unsigned") instanceof Number threshold) {
                assertThat(found.threshold()).isEqualTo(threshold.longValue());
            }
        });
    }

    /** In these cases it is the last sub-policy that samples. */
    private static void assertComposite(PeerCase peer) {
        List<Long> allocated = ((List<?>) peer.policy().get("sub")).stream()
                .map(sub -> number(map(sub), "max_spans_per_second").longValue()).toList();
        CompositeBudget budget =
                new CompositeAllocation(number(peer.policy(), "max_total_spans_per_second").longValue(), allocated)
                        .start();
        steps(peer).forEach(step -> assertThat(budget.tryKeep(allocated.size() - 1, cost(step),
                1000 * number(step, "second").longValue())).isEqualTo(isKept(step)));
    }

    private static void assertAllocation(PeerCase peer) {
        List<Long> percents = ((List<?>) peer.policy().get("rate_allocation")).stream()
                .map(allocation -> number(map(allocation), "percent").longValue()).toList();
        Map<String, Object> expected = map(peer.expected().get("allocations"));
        assertThat(CompositeAllocation
                .ofPercents(number(peer.policy(), "max_total_spans_per_second").longValue(), percents).subSpans())
                .isEqualTo(((List<?>) peer.policy().get("sub_names")).stream()
                        .map(name -> number(expected, name.toString()).longValue()).toList());
    }

    /** Every step as often as it says. */
    private static List<Map<String, Object>> steps(PeerCase peer) {
        List<Map<String, Object>> steps = new ArrayList<>();
        ((List<?>) peer.json().get("steps")).forEach(step -> {
            for (int i = number(map(step), "repeat").intValue(); i > 0; i--) {
                steps.add(map(step));
            }
        });
        return steps;
    }

    private static long cost(Map<String, Object> step) {
        return step.containsKey("trace_size_bytes")
                ? number(step, "trace_size_bytes").longValue()
                : spans(new PeerCase.Trace(map(step.get("trace"))));
    }

    private static long spans(PeerCase.Trace trace) {
        return ((List<?>) trace.json().get("spans")).size();
    }

    private static boolean isKept(Map<String, Object> json) {
        return map(json.get("expected")).get("decision").equals("keep");
    }

    private static Number number(Map<String, Object> json, String key) {
        return (Number) json.get(key);
    }
}
