package dev.tailsampling.config;

import dev.tailsampling.policy.NamedPolicy;
import dev.tailsampling.policy.SamplingPolicy;
import dev.tailsampling.policy.SpanTest;
import dev.tailsampling.policy.TraceNumber;
import dev.tailsampling.trace.Threshold;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Policies as the plain values of a {@code match} block, the opposite of {@link MatchPolicyParser}. */
final class MatchTree {

    /** In the order in which they are read; of the last ones, a block has one each. */
    private static final List<String> KEYS =
            List.of("trace", "any_span", "all_spans", "root", "has_root", "any_of", "not");
    private static final int FIRST_SINGLE = KEYS.indexOf("has_root");
    private static final BigDecimal NANOS_PER_MILLI = BigDecimal.valueOf(1_000_000);

    private MatchTree() {}

    /** The block; null if the policy is another one than those that match blocks stand for. */
    static @Nullable Map<String, Object> of(SamplingPolicy policy) {
        return switch (policy) {
            case SamplingPolicy.TraceNumberIn number -> trace(number);
            case SamplingPolicy.Spans spans ->
                Map.of(spans.quantifier().name().toLowerCase(Locale.ROOT), List.of(span(spans.test())));
            case SamplingPolicy.HasRoot ignored -> Map.of("has_root", true);
            case SamplingPolicy.Or or -> {
                List<Map<String, Object>> blocks = blocks(or.policies());
                yield blocks == null ? null : Map.of("any_of", blocks);
            }
            case SamplingPolicy.Not not -> {
                List<Map<String, Object>> block = blocks(List.of(not.policy()));
                yield block == null ? null : Map.of("not", block.getFirst());
            }
            case SamplingPolicy.And and -> {
                List<Map<String, Object>> blocks = and.policies().size() < 2 ? null : blocks(and.policies());
                yield blocks == null ? null : together(blocks);
            }
            default -> null;
        };
    }

    private static @Nullable List<Map<String, Object>> blocks(List<NamedPolicy> policies) {
        List<Map<String, Object>> blocks = new ArrayList<>();
        for (NamedPolicy named : policies) {
            Map<String, Object> block = named.rate().equals(Threshold.ALWAYS) ? of(named.policy()) : null;
            if (block == null) {
                return null;
            }
            blocks.add(block);
        }
        return blocks;
    }

    /** One block with all their keys, if that is read in the same order. */
    private static Map<String, Object> together(List<Map<String, Object>> blocks) {
        Map<String, Object> merged = new LinkedHashMap<>();
        int last = -1;
        for (Map<String, Object> block : blocks) {
            String key = block.keySet().iterator().next();
            int place = KEYS.indexOf(key);
            if (block.size() != 1 || place < 0 || place < last || place == last && place >= FIRST_SINGLE) {
                return Map.of("all_of", blocks);
            }
            merged.merge(key, block.get(key), MatchTree::concat);
            last = place;
        }
        return merged;
    }

    private static Object concat(Object first, Object second) {
        List<Object> all = new ArrayList<>((List<?>) first);
        all.addAll((List<?>) second);
        return all;
    }

    private static @Nullable Map<String, Object> trace(SamplingPolicy.TraceNumberIn number) {
        boolean nanos = number.number() == TraceNumber.DURATION_NANOS;
        String key = switch (number.number()) {
            case DURATION_NANOS -> "duration_ms";
            case SPAN_COUNT -> "span_count";
            case BYTE_COUNT -> "byte_count";
            case ITEM_COUNT -> "item_count";
        };
        Map<String, Object> matcher =
                MatcherTree.range(key, number.range(), nanos ? NANOS_PER_MILLI : BigDecimal.ONE);
        return matcher == null ? null : Map.of("trace", List.of(matcher));
    }

    private static Map<String, Object> span(SpanTest test) {
        Map<String, Object> refinery = RefineryMatchers.write(test);
        return refinery == null ? MatcherTree.groups(test) : refinery;
    }
}
