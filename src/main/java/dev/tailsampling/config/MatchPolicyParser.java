package dev.tailsampling.config;

import dev.tailsampling.config.YamlNode.Mapping;
import dev.tailsampling.config.YamlNode.Sequence;
import dev.tailsampling.policy.Matcher;
import dev.tailsampling.policy.NamedPolicy;
import dev.tailsampling.policy.NumberRange;
import dev.tailsampling.policy.Quantifier;
import dev.tailsampling.policy.SamplingPolicy;
import dev.tailsampling.policy.SpanMatch;
import dev.tailsampling.policy.SpanTest;
import dev.tailsampling.policy.TraceNumber;
import dev.tailsampling.policy.ValueSource;
import dev.tailsampling.policy.ValueTest;
import java.util.ArrayList;
import java.util.List;

/**
 * Reads a {@code match} block. All its keys must hold: {@code trace} (numbers of the whole trace), {@code any_span},
 * {@code all_spans} and {@code root} (matchers of one span, in groups {@code resource}, {@code scope}, {@code span},
 * {@code any}, {@code event}, {@code link}, or as Refinery does, see {@link RefineryMatchers}), {@code has_root},
 * {@code all_of}, {@code any_of} and {@code not} (further match blocks).
 */
final class MatchPolicyParser {

    private static final long NANOS_PER_MILLI = 1_000_000;
    private static final List<String> TRACE_KEYS = List.of("duration_ms", "root_duration_ms", "longest_span_ms",
            "span_count", "byte_count", "item_count");

    private MatchPolicyParser() {}

    /** What the block stands for. */
    static SamplingPolicy parse(PolicyFields block) {
        List<SamplingPolicy> parts = new ArrayList<>();
        list(block, "trace", item -> new MatcherParser(block.owner())
                .parse("match.trace", new Sequence(item.origin(), List.of(item)))
                .forEach(matcher -> parts.add(ofTrace(block, item, matcher))));
        spans(block, "any_span", Quantifier.ANY_SPAN, parts);
        spans(block, "all_spans", Quantifier.ALL_SPANS, parts);
        spans(block, "root", Quantifier.ROOT, parts);
        Boolean hasRoot = block.flag("has_root");
        if (hasRoot != null) {
            parts.add(hasRoot ? new SamplingPolicy.HasRoot() : not(new SamplingPolicy.HasRoot()));
        }
        list(block, "all_of", item -> parts.add(nested(block, "all_of", item)));
        List<NamedPolicy> alternatives = new ArrayList<>();
        list(block, "any_of", item -> alternatives.add(named(nested(block, "any_of", item))));
        if (!alternatives.isEmpty()) {
            parts.add(new SamplingPolicy.Or(alternatives));
        }
        YamlNode opposite = block.find("not");
        if (opposite != null) {
            parts.add(not(nested(block, "not", opposite)));
        }
        if (parts.isEmpty()) {
            throw block.refuse("match needs trace, any_span, all_spans, root, has_root, all_of, any_of or not");
        }
        return all(parts);
    }

    private static SamplingPolicy all(List<SamplingPolicy> parts) {
        return parts.size() == 1
                ? parts.getFirst()
                : new SamplingPolicy.And(parts.stream().map(MatchPolicyParser::named).toList());
    }

    private static NamedPolicy named(SamplingPolicy policy) {
        return NamedPolicy.of("match", policy);
    }

    private static SamplingPolicy not(SamplingPolicy policy) {
        return new SamplingPolicy.Not(named(policy));
    }

    private interface ItemReader {
        void read(YamlNode item);
    }

    /** A list, or one item as such. */
    private static void list(PolicyFields block, String name, ItemReader reader) {
        switch (block.find(name)) {
            case null -> {
                // Nothing is asked.
            }
            case Sequence ignored -> block.items(name).forEach(reader::read);
            case YamlNode one -> reader.read(one);
        }
    }

    private static SamplingPolicy nested(PolicyFields block, String name, YamlNode node) {
        PolicyFields fields = fields(block, name, node);
        SamplingPolicy policy = parse(fields);
        fields.finish();
        return policy;
    }

    private static PolicyFields fields(PolicyFields block, String name, YamlNode node) {
        if (!(node instanceof Mapping mapping)) {
            throw block.refuse(node.origin(), name + " must hold keys, not " + node.kind());
        }
        return new PolicyFields(block.owner(), name + ".", mapping);
    }

    private static void spans(PolicyFields block, String name, Quantifier quantifier, List<SamplingPolicy> parts) {
        list(block, name, item -> {
            PolicyFields fields = fields(block, name, item);
            try {
                SpanTest refinery = RefineryMatchers.read(fields);
                SpanTest test = refinery == null ? match(fields).test() : refinery;
                fields.finish();
                parts.add(new SamplingPolicy.Spans(quantifier, test));
            } catch (IllegalArgumentException e) {
                throw fields.refuse(name + ": " + e.getMessage());
            }
        });
    }

    private static SpanMatch match(PolicyFields fields) {
        return new SpanMatch(group(fields, "resource"), group(fields, "scope"), group(fields, "span"),
                group(fields, "any"), group(fields, "event"), group(fields, "link"));
    }

    private static List<Matcher> group(PolicyFields fields, String name) {
        YamlNode node = fields.find(name);
        return node == null ? List.of() : new MatcherParser(fields.owner()).parse("match." + name, node);
    }

    private static SamplingPolicy ofTrace(PolicyFields block, YamlNode item, Matcher matcher) {
        try {
            NumberRange range = matcher.range();
            return switch (matcher.key()) {
                case "duration_ms" ->
                    new SamplingPolicy.TraceNumberIn(TraceNumber.DURATION_NANOS, range.times(NANOS_PER_MILLI));
                case "span_count" -> new SamplingPolicy.TraceNumberIn(TraceNumber.SPAN_COUNT, range);
                case "byte_count" -> new SamplingPolicy.TraceNumberIn(TraceNumber.BYTE_COUNT, range);
                case "item_count" -> new SamplingPolicy.TraceNumberIn(TraceNumber.ITEM_COUNT, range);
                case "root_duration_ms" -> new SamplingPolicy.Spans(Quantifier.ROOT, duration(range));
                case "longest_span_ms" -> longestSpan(range);
                default -> throw block.refuse(item.origin(), "unknown key " + matcher.key() + " of trace"
                        + new NearestName(TRACE_KEYS).hint(matcher.key()));
            };
        } catch (IllegalArgumentException e) {
            throw block.refuse(item.origin(), "trace: " + e.getMessage());
        }
    }

    private static SpanTest duration(NumberRange millis) {
        return new SpanTest.Value(ValueSource.Field.DURATION_NANOS,
                new ValueTest.NumberIn(millis.times(NANOS_PER_MILLI)));
    }

    /** The longest span is at least so long when some span is, and at most so long when all are. */
    private static SamplingPolicy longestSpan(NumberRange range) {
        List<SamplingPolicy> parts = new ArrayList<>();
        if (range.min() != null) {
            parts.add(new SamplingPolicy.Spans(Quantifier.ANY_SPAN,
                    duration(new NumberRange(range.min(), range.minInclusive(), null, false))));
        }
        if (range.max() != null) {
            parts.add(new SamplingPolicy.Spans(Quantifier.ALL_SPANS,
                    duration(new NumberRange(null, false, range.max(), range.maxInclusive()))));
        }
        return all(parts);
    }
}
