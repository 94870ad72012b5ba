package dev.tailsampling.config;

import dev.tailsampling.policy.SamplingPolicy;
import dev.tailsampling.policy.SamplingPolicy.BooleanAttribute;
import dev.tailsampling.policy.SamplingPolicy.NumericAttribute;
import dev.tailsampling.policy.SamplingPolicy.StringAttribute;
import dev.tailsampling.trace.AttributeKey;
import java.math.BigDecimal;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads the policies that look at an attribute of spans and their resources. */
final class AttributePolicyParser {

    private final PolicyWarnings warnings;

    AttributePolicyParser(PolicyWarnings warnings) {
        this.warnings = warnings;
    }

    SamplingPolicy string(PolicyFields fields) {
        AttributeKey key = key(fields);
        List<String> values = fields.texts("values");
        // Only the Collector needs a cache; the number is checked and not used.
        fields.whole("cache_max_size", 0);
        if (Boolean.TRUE.equals(fields.flag("enabled_regex_matching"))) {
            return StringAttribute.matching(key, values);
        }
        if (values.contains("")) {
            warnings.add(
                    fields.owner() + ": the empty text among string_attribute.values matches empty attributes here; "
                            + "the Collector leaves it out");
        }
        return new StringAttribute(key, Set.copyOf(values), List.of());
    }

    SamplingPolicy numeric(PolicyFields fields) {
        AttributeKey key = key(fields);
        return new NumericAttribute(key, bound(fields, "min_value"), bound(fields, "max_value"));
    }

    private @Nullable BigDecimal bound(PolicyFields fields, String name) {
        BigDecimal bound = fields.number(name);
        if (bound != null && bound.signum() == 0) {
            warnings.add(fields.owner() + ": numeric_attribute." + name + " 0 is a bound here; "
                    + "the Collector takes it for no bound");
        }
        return bound;
    }

    SamplingPolicy bool(PolicyFields fields) {
        AttributeKey key = key(fields);
        fields.get("value");
        return new BooleanAttribute(key, Boolean.TRUE.equals(fields.flag("value")));
    }

    private static AttributeKey key(PolicyFields fields) {
        return AttributeKey.of(fields.text("key"));
    }
}
