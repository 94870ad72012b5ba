package dev.tailsampling.config;

import dev.tailsampling.config.PolicyType.Group;
import dev.tailsampling.config.YamlNode.Mapping;
import dev.tailsampling.config.YamlNode.Scalar;
import dev.tailsampling.config.YamlNode.Sequence;
import dev.tailsampling.policy.NamedPolicy;
import dev.tailsampling.policy.SamplingPolicy;
import dev.tailsampling.policy.TraceNumber;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Reads one policy: {@code name}, {@code type}, and a block of fields under the type's name. A new type needs a
 * constant in {@link PolicyType}, a line in {@link #read} (the compiler asks for it) and a method that reads its
 * fields.
 */
final class PolicyParser {

    /** Where a policy may stand, with the Collector's rules of nesting; {@code not} around {@code and} is ours. */
    enum Place {
        TOP, AND, DROP, NOT, COMPOSITE, BUDGET;

        boolean admits(Group group) {
            return switch (this) {
                case TOP -> true;
                case AND -> group == Group.SIMPLE || group == Group.NOT || group == Group.LIMIT;
                case DROP -> group == Group.SIMPLE || group == Group.NOT;
                case NOT -> group == Group.SIMPLE || group == Group.AND;
                case COMPOSITE, BUDGET -> group == Group.SIMPLE || group == Group.AND || group == Group.NOT;
            };
        }

        String label() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    private final PolicyContext context;
    private final TracePolicyParser ofTraces;
    private final AttributePolicyParser ofAttributes;
    private final PolicyRates rates = new PolicyRates();

    PolicyParser(PolicyContext context) {
        this.context = context;
        this.ofTraces = new TracePolicyParser(context);
        this.ofAttributes = new AttributePolicyParser(context);
    }

    /**
     * The policy in a map.
     *
     * @param which policy it is while its name is not known: "policy number 3"
     * @throws PolicyException if it cannot be used
     */
    NamedPolicy parse(Mapping mapping, String which) {
        String name = new PolicyFields(which, "", mapping).text("name");
        return parse(mapping, "policy '" + name + "'", name, Place.TOP);
    }

    private NamedPolicy parse(Mapping mapping, String owner, String name, Place place) {
        PolicyFields fields = new PolicyFields(owner, "", mapping);
        fields.find("name");
        rates.claim(fields);
        if (place == Place.BUDGET) {
            // The budget reads it.
            fields.find("percent");
        }
        PolicyType type = type(fields, place);
        refuseOtherFields(fields, type);
        PolicyFields block = new PolicyFields(owner, type.label() + ".", block(fields, type, mapping.origin()));
        try {
            SamplingPolicy policy = inverted(read(type, block), name, block, place);
            block.finish();
            return rates.apply(fields, name, policy);
        } catch (IllegalArgumentException e) {
            // The policy itself refused its values; it names the field.
            throw block.refuse(type.label() + ": " + e.getMessage());
        }
    }

    private static PolicyType type(PolicyFields fields, Place place) {
        String label = fields.text("type");
        PolicyType type = PolicyType.ofLabel(label);
        if (type == null) {
            throw fields.refuse(fields.get("type").origin(),
                    "unknown type " + label + new NearestName(PolicyType.labels()).hint(label));
        }
        if (type.group() == Group.FOREIGN) {
            throw fields.refuse(fields.get("type").origin(), "type " + label
                    + " runs code of the Collector, which cannot be done here; say what it does by a match policy");
        }
        if (!place.admits(type.group())) {
            throw fields.refuse(fields.get("type").origin(),
                    "type " + label + " cannot stand inside " + place.label());
        }
        return type;
    }

    private static Mapping block(PolicyFields fields, PolicyType type, Origin origin) {
        YamlNode block = fields.find(type.label());
        if (block == null) {
            return new Mapping(origin, Map.of());
        }
        if (block instanceof Mapping mapping) {
            return mapping;
        }
        throw fields.refuse(block.origin(), type.label() + " must hold fields, not " + block.kind());
    }

    /** The Collector passes over the block of another type. We do, too, but not in silence. */
    private void refuseOtherFields(PolicyFields fields, PolicyType type) {
        for (PolicyType other : PolicyType.values()) {
            YamlNode block = fields.find(other.label());
            boolean isFlag = other == PolicyType.DROP && block instanceof Scalar;
            if (block != null && other != type && !isFlag) {
                context.warn(fields.owner() + ": the block " + other.label() + " is not used, because the type is "
                        + type.label());
            }
        }
        fields.finish();
    }

    private SamplingPolicy read(PolicyType type, PolicyFields block) {
        return switch (type) {
            case ALWAYS_SAMPLE -> new SamplingPolicy.AlwaysSample();
            case LATENCY -> ofTraces.latency(block);
            case STATUS_CODE -> ofTraces.statusCode(block);
            case PROBABILISTIC -> ofTraces.probabilistic(block);
            case SPAN_COUNT -> ofTraces.spanCount(block);
            case TRACE_STATE -> ofAttributes.traceState(block);
            case TRACE_FLAGS -> new SamplingPolicy.TraceFlags();
            case OTTL_CONDITION -> ofAttributes.ottl(block);
            case RATE_LIMITING -> ofTraces.rateLimiting(block, TraceNumber.SPAN_COUNT, "spans_per_second");
            case BYTES_LIMITING -> ofTraces.rateLimiting(block, TraceNumber.BYTE_COUNT, "bytes_per_second");
            case STRING_ATTRIBUTE -> ofAttributes.string(block);
            case NUMERIC_ATTRIBUTE -> ofAttributes.numeric(block);
            case BOOLEAN_ATTRIBUTE -> ofAttributes.bool(block);
            case MATCH -> MatchPolicyParser.parse(block);
            case AND -> new SamplingPolicy.And(allOf(block, "and_sub_policy", Place.AND));
            case DROP -> new SamplingPolicy.Drop(allOf(block, "drop_sub_policy", Place.DROP));
            case NOT ->
                new SamplingPolicy.Not(subPolicy(block, block.get("not_sub_policy"), "not_sub_policy", Place.NOT));
            case COMPOSITE -> new CompositeParser(context).composite(block,
                    subPolicies(block, "composite_sub_policy", Place.COMPOSITE));
            case BUDGET -> new CompositeParser(context).budget(block, subPolicies(block, "policies", Place.BUDGET));
            case EXTENSION -> throw new IllegalStateException("refused before");
        };
    }

    /** Natively at least one; in the Collector all of none match every trace. */
    private List<NamedPolicy> allOf(PolicyFields block, String field, Place place) {
        YamlNode list = block.find(field);
        boolean empty = list == null || list instanceof Sequence items && items.items().isEmpty();
        if (!context.compat().isCollector() || !empty) {
            return subPolicies(block, field, place);
        }
        context.warn(block.owner() + ": " + field + " is empty, so every trace matches");
        return List.of(NamedPolicy.of("every trace", new SamplingPolicy.AlwaysSample()));
    }

    private List<NamedPolicy> subPolicies(PolicyFields block, String field, Place place) {
        List<NamedPolicy> policies = new ArrayList<>();
        for (YamlNode item : block.items(field)) {
            policies.add(subPolicy(block, item, field, place));
        }
        return policies;
    }

    /** A sub-policy needs no name: only messages use it. */
    private NamedPolicy subPolicy(PolicyFields block, YamlNode node, String field, Place place) {
        if (!(node instanceof Mapping mapping)) {
            throw block.refuse(node.origin(), field + " must hold policies with fields, not " + node.kind());
        }
        PolicyFields fields = new PolicyFields(block.owner(), field + ".", mapping);
        String name = fields.find("name") == null ? fields.text("type") : fields.text("name");
        return parse(mapping, block.owner() + ", sub-policy '" + name + "'", name, place);
    }

    /** Attribute policies can be asked for their opposite. */
    private SamplingPolicy inverted(SamplingPolicy policy, String name, PolicyFields block, Place place) {
        boolean invertible = switch (policy) {
            case SamplingPolicy.StringAttribute ignored -> true;
            case SamplingPolicy.NumericAttribute ignored -> true;
            case SamplingPolicy.BooleanAttribute ignored -> true;
            default -> false;
        };
        if (!invertible || !Boolean.TRUE.equals(block.flag("invert_match"))) {
            return policy;
        }
        if (place != Place.TOP) {
            return new SamplingPolicy.Not(NamedPolicy.of(name, policy));
        }
        if (context.compat() == Compat.OTEL_LEGACY) {
            return new SamplingPolicy.Inverted(NamedPolicy.of(name, policy));
        }
        context.warn(block.owner() + ": invert_match keeps every trace without a match; it does not keep other "
                + "policies from sampling, as it did in old Collectors: a drop policy does that");
        return new SamplingPolicy.Not(NamedPolicy.of(name, policy));
    }
}
