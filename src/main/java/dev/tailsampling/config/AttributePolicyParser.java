package dev.tailsampling.config;

import dev.tailsampling.config.YamlNode.Scalar;
import dev.tailsampling.config.YamlNode.Sequence;
import dev.tailsampling.ottl.OttlCondition;
import dev.tailsampling.ottl.OttlException;
import dev.tailsampling.policy.SamplingPolicy;
import dev.tailsampling.policy.SamplingPolicy.BooleanAttribute;
import dev.tailsampling.policy.SamplingPolicy.NumericAttribute;
import dev.tailsampling.policy.SamplingPolicy.OttlConditions;
import dev.tailsampling.policy.SamplingPolicy.Reading;
import dev.tailsampling.policy.SamplingPolicy.StringAttribute;
import dev.tailsampling.policy.SamplingPolicy.TraceState;
import dev.tailsampling.policy.ValueTest;
import dev.tailsampling.trace.AttributeKey;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Reads the policies that look at an attribute of spans and their resources. */
final class AttributePolicyParser {

    /** The Collector's own limit on an entry of tracestate. */
    private static final int MAX_TRACE_STATE_ENTRY = 256;

    private final PolicyContext context;

    AttributePolicyParser(PolicyContext context) {
        this.context = context;
    }

    private Reading reading() {
        return context.compat().isCollector() ? Reading.COLLECTOR : Reading.TYPED;
    }

    SamplingPolicy string(PolicyFields fields) {
        AttributeKey key = key(fields);
        List<String> values = values(fields);
        // Only the Collector needs a cache; the number is checked and not used.
        fields.whole("cache_max_size", 0);
        if (Boolean.TRUE.equals(fields.flag("enabled_regex_matching"))) {
            return new StringAttribute(key, Set.of(), ValueTest.StringMatches.of(values).patterns(), reading());
        }
        if (values.contains("")) {
            context.warn(
                    fields.owner() + ": the empty text among string_attribute.values matches empty attributes here; "
                            + "the Collector leaves it out");
        }
        return new StringAttribute(key, Set.copyOf(values), List.of(), reading());
    }

    /** An empty list matches nothing, in the Collector as well. */
    private List<String> values(PolicyFields fields) {
        context.require(fields, "values");
        YamlNode node = fields.find("values");
        if (node == null || node instanceof Sequence list && list.items().isEmpty()) {
            context.warn(fields.owner() + ": values is empty, so the policy never matches");
            return List.of();
        }
        List<String> values = fields.texts("values");
        return context.compat().isCollector() ? values.stream().filter(value -> !value.isEmpty()).toList() : values;
    }

    SamplingPolicy numeric(PolicyFields fields) {
        AttributeKey key = key(fields);
        return new NumericAttribute(key, bound(fields, "min_value"), bound(fields, "max_value"), reading());
    }

    private @Nullable BigDecimal bound(PolicyFields fields, String name) {
        BigDecimal bound = fields.number(name);
        if (bound == null || bound.signum() != 0) {
            return bound;
        }
        if (context.compat().isCollector()) {
            return null;
        }
        context.warn(fields.owner() + ": numeric_attribute." + name + " 0 is a bound here; "
                + "the Collector takes it for no bound");
        return bound;
    }

    SamplingPolicy bool(PolicyFields fields) {
        AttributeKey key = key(fields);
        context.require(fields, "value");
        return new BooleanAttribute(key, Boolean.TRUE.equals(fields.flag("value")), reading());
    }

    SamplingPolicy traceState(PolicyFields fields) {
        String key = fields.text("key");
        List<String> values = values(fields).stream()
                .filter(value -> !context.compat().isCollector()
                        || key.length() + value.length() < MAX_TRACE_STATE_ENTRY)
                .toList();
        return new TraceState(key, Set.copyOf(values));
    }

    SamplingPolicy ottl(PolicyFields fields) {
        List<OttlCondition> conditions = new ArrayList<>();
        conditions(fields, "span", OttlCondition::parseSpan, conditions);
        conditions(fields, "spanevent", OttlCondition::parseSpanEvent, conditions);
        return new OttlConditions(conditions, errorMode(fields));
    }

    private static void conditions(PolicyFields fields, String name, Function<String, OttlCondition> parser,
            List<OttlCondition> into) {
        if (!(fields.find(name) instanceof Sequence list)) {
            if (fields.find(name) != null) {
                fields.items(name);
            }
            return;
        }
        for (YamlNode item : list.items()) {
            if (!(item instanceof Scalar scalar)) {
                throw fields.refuse(item.origin(), "ottl_condition." + name + " must hold conditions, not "
                        + item.kind());
            }
            if (scalar.text().isBlank()) {
                throw fields.refuse(item.origin(), "ottl_condition." + name + " must not hold an empty condition");
            }
            try {
                into.add(parser.apply(scalar.text()));
            } catch (OttlException e) {
                throw fields.refuse(item.origin(), "ottl_condition." + name + ": " + e.getMessage());
            }
        }
    }

    private static OttlConditions.ErrorMode errorMode(PolicyFields fields) {
        if (fields.find("error_mode") == null) {
            return OttlConditions.ErrorMode.IGNORE;
        }
        String mode = fields.text("error_mode");
        for (OttlConditions.ErrorMode known : OttlConditions.ErrorMode.values()) {
            if (known.name().equalsIgnoreCase(mode)) {
                return known;
            }
        }
        throw fields.refuse(fields.get("error_mode").origin(),
                "ottl_condition.error_mode must be ignore, silent or propagate, not " + mode);
    }

    private static AttributeKey key(PolicyFields fields) {
        return AttributeKey.of(fields.text("key"));
    }
}
