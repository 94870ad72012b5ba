package dev.tailsampling.config;

import dev.tailsampling.config.YamlNode.Scalar;
import dev.tailsampling.config.YamlNode.Sequence;
import dev.tailsampling.policy.NamedPolicy;
import dev.tailsampling.policy.NumberRange;
import dev.tailsampling.policy.RefineryComparison;
import dev.tailsampling.policy.RefineryComparison.Datatype;
import dev.tailsampling.policy.RefineryComparison.Operator;
import dev.tailsampling.policy.SamplingPolicy;
import dev.tailsampling.policy.TraceNumber;
import dev.tailsampling.trace.AttributeValue;
import dev.tailsampling.trace.AttributeValue.BoolValue;
import dev.tailsampling.trace.AttributeValue.DoubleValue;
import dev.tailsampling.trace.AttributeValue.LongValue;
import dev.tailsampling.trace.AttributeValue.StringValue;
import java.math.BigDecimal;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/** Reads the conditions of Refinery's rules. */
final class RefineryConditionParser {

    private static final String HAS_ROOT_SPAN = "has-root-span";
    private static final String COMPUTED = "?.";
    private static final String DESCENDANTS = "?.NUM_DESCENDANTS";
    private static final Set<String> KNOWN_META = Set.of("meta.signal_type", "meta.trace_id", "meta.annotation_type",
            "meta.refinery.root");

    private final boolean nested;
    private final RefineryDifferences differences;

    /**
     * Reads for a sampler.
     *
     * @param nested its {@code CheckNestedFields}
     */
    RefineryConditionParser(boolean nested, RefineryDifferences differences) {
        this.nested = nested;
        this.differences = differences;
    }

    /**
     * The condition in a map.
     *
     * @throws PolicyException if Refinery would refuse it, or it cannot be had here
     */
    RefineryCondition parse(PolicyFields fields, RefineryRuleParser.Scope scope) {
        String operator = fields.text("Operator");
        RefineryCondition condition;
        if (operator.equals(HAS_ROOT_SPAN)) {
            condition = hasRoot(fields, scope);
        } else {
            try {
                condition = comparison(fields, operator);
            } catch (IllegalArgumentException e) {
                throw fields.refuse(fields.get("Operator").origin(), String.valueOf(e.getMessage()));
            }
        }
        fields.finish();
        return condition;
    }

    private RefineryCondition hasRoot(PolicyFields fields, RefineryRuleParser.Scope scope) {
        boolean wanted = RefineryComparison
                .of(Operator.EQ, Datatype.BOOL, List.of(value(fields, "Value", fields.get("Value"))))
                .test(new BoolValue(true));
        fields.find("Field");
        fields.find("Fields");
        fields.find("Datatype");
        if (scope == RefineryRuleParser.Scope.SPAN) {
            differences.warn(fields, "Operator", "has-root-span never holds under Scope span, in Refinery as here");
            return new RefineryCondition(List.of());
        }
        SamplingPolicy hasRoot = new SamplingPolicy.HasRoot();
        return RefineryCondition
                .ofTrace(wanted ? hasRoot : new SamplingPolicy.Not(NamedPolicy.of(HAS_ROOT_SPAN, hasRoot)));
    }

    private RefineryCondition comparison(PolicyFields fields, String label) {
        Operator operator = Operator.ofLabel(label);
        if (operator == null) {
            List<String> known = Stream.concat(Arrays.stream(Operator.values()).map(Operator::label),
                    Stream.of(HAS_ROOT_SPAN)).toList();
            throw fields.refuse(fields.get("Operator").origin(), "Operator must be of " + String.join(", ", known)
                    + ", not \"" + label + "\"");
        }
        List<String> names = names(fields);
        RefineryComparison comparison =
                RefineryComparison.of(operator, datatype(fields, "Datatype"), values(fields, operator));
        if (names.contains(DESCENDANTS)) {
            return descendants(fields, comparison);
        }
        for (String name : names) {
            check(fields, name);
        }
        return RefineryCondition.ofFields(names, nested, comparison);
    }

    private static List<String> names(PolicyFields fields) {
        boolean one = fields.find("Field") != null;
        if (one == (fields.find("Fields") != null)) {
            throw fields.refuse(one ? "Field and Fields must not both be set" : "Field or Fields is missing");
        }
        return one ? List.of(fields.text("Field")) : fields.texts("Fields");
    }

    private void check(PolicyFields fields, String name) {
        String owner = fields.find("Field") == null ? "Fields" : "Field";
        if (name.startsWith(COMPUTED)) {
            throw fields.refuse(fields.get(owner).origin(),
                    "unknown computed field " + name + "; there is only " + DESCENDANTS + ", in Field");
        }
        String plain = name.startsWith("root.") ? name.substring("root.".length()) : name;
        if (plain.startsWith("meta.") && !KNOWN_META.contains(plain)) {
            differences.warn(fields, owner,
                    plain + " is looked for among attributes only: Refinery's own fields of that "
                            + "kind are not available");
        }
    }

    /** The datatype under that name; none when it is left out. */
    static Datatype datatype(PolicyFields fields, String name) {
        String label = fields.find(name) == null ? "" : fields.text(name);
        Datatype datatype = Datatype.ofLabel(label);
        if (datatype == null) {
            throw fields.refuse(fields.get(name).origin(),
                    name + " must be of string, int, float, bool, not \"" + label + "\"");
        }
        return datatype;
    }

    private static List<AttributeValue> values(PolicyFields fields, Operator operator) {
        YamlNode node = switch (operator) {
            case EXISTS, NOT_EXISTS -> fields.find("Value");
            default -> fields.get("Value");
        };
        if (node == null || operator == Operator.EXISTS || operator == Operator.NOT_EXISTS) {
            return List.of();
        }
        boolean several = operator == Operator.IN || operator == Operator.NOT_IN;
        return node instanceof Sequence list && several
                ? list.items().stream().map(item -> value(fields, "Value", item)).toList()
                : List.of(value(fields, "Value", node));
    }

    /** As YAML has it: a number with a point or an exponent is a double. */
    static AttributeValue value(PolicyFields fields, String name, YamlNode node) {
        if (!(node instanceof Scalar scalar) || scalar.isNull()) {
            throw fields.refuse(node.origin(), name + " must be a text, a number, true or false, not " + node.kind());
        }
        if (scalar.isBoolean()) {
            return new BoolValue(Boolean.parseBoolean(scalar.text()));
        }
        if (!scalar.isNumber()) {
            return new StringValue(scalar.text());
        }
        boolean whole = scalar.text().matches("[-+]?\\d{1,18}");
        return whole
                ? new LongValue(Long.parseLong(scalar.text()))
                : new DoubleValue(Double.parseDouble(scalar.text()));
    }

    /** The number of items, an integer that is always there. */
    private static RefineryCondition descendants(PolicyFields fields, RefineryComparison comparison) {
        if (!comparison.operator().isOrdering() || fields.find("Field") == null) {
            throw fields.refuse(DESCENDANTS + " is a number: use it in Field, with =, !=, <, <=, > or >=");
        }
        BigDecimal bound = switch (comparison.values().getFirst()) {
            case LongValue number -> BigDecimal.valueOf(number.value());
            case DoubleValue number when Double.isFinite(number.value()) -> BigDecimal.valueOf(number.value());
            default -> throw fields.refuse(fields.get("Value").origin(), DESCENDANTS
                    + " is a number: compare it with one, without Datatype or with int or float");
        };
        return RefineryCondition.ofTrace(switch (comparison.operator()) {
            case EQ -> items(NumberRange.exactly(bound));
            case NE -> new SamplingPolicy.Not(NamedPolicy.of(DESCENDANTS, items(NumberRange.exactly(bound))));
            case LT -> items(NumberRange.below(bound));
            case LE -> items(NumberRange.atMost(bound));
            case GT -> items(NumberRange.above(bound));
            default -> items(NumberRange.atLeast(bound));
        });
    }

    private static SamplingPolicy items(NumberRange range) {
        return new SamplingPolicy.TraceNumberIn(TraceNumber.ITEM_COUNT, range);
    }
}
