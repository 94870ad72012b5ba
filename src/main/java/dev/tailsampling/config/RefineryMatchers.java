package dev.tailsampling.config;

import dev.tailsampling.config.YamlNode.Sequence;
import dev.tailsampling.policy.RefineryComparison;
import dev.tailsampling.policy.RefineryComparison.Datatype;
import dev.tailsampling.policy.RefineryComparison.Operator;
import dev.tailsampling.policy.RefineryFields;
import dev.tailsampling.policy.SpanTest;
import dev.tailsampling.policy.SpanTest.FieldTest;
import dev.tailsampling.policy.ValueTest;
import dev.tailsampling.trace.AttributeValue;
import dev.tailsampling.trace.AttributeValue.BoolValue;
import dev.tailsampling.trace.AttributeValue.DoubleValue;
import dev.tailsampling.trace.AttributeValue.LongValue;
import dev.tailsampling.trace.AttributeValue.StringValue;
import java.math.BigDecimal;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Matchers with Refinery's operators, fields and datatypes, {@code {key, op, value, datatype}}, read and written. They
 * stand alone in the group {@code refinery}, for the span itself, or {@code item}, for it or one of its events or links.
 * {@code keys} instead of {@code key} are tried in order, {@code values} go with {@code in} and {@code not-in}, and
 * {@code nested: true} looks into maps for a key that is nowhere.
 */
final class RefineryMatchers {

    private static final String OF_SPAN = "refinery";
    private static final String OF_ITEM = "item";

    private RefineryMatchers() {}

    /** The test in these fields, null if neither group is among them. */
    static @Nullable SpanTest read(PolicyFields fields) {
        if (fields.find(OF_ITEM) != null) {
            return new SpanTest.AnyItem(fields.blocks(OF_ITEM).stream().map(RefineryMatchers::matcher).toList());
        }
        if (fields.find(OF_SPAN) != null) {
            return SpanTest.allOf(fields.blocks(OF_SPAN).stream().map(RefineryMatchers::matcher)
                    .<SpanTest>map(test -> new SpanTest.Value(test.fields(), test.test())).toList());
        }
        return null;
    }

    private static FieldTest matcher(PolicyFields fields) {
        String label = fields.text("op");
        Operator operator = Operator.ofLabel(label);
        if (operator == null) {
            throw fields.refuse(fields.get("op").origin(), "unknown operator " + label + " of Refinery");
        }
        List<String> keys = fields.find("keys") == null ? List.of(fields.text("key")) : fields.texts("keys");
        RefineryFields source = RefineryFields.of(keys, Boolean.TRUE.equals(fields.flag("nested")));
        RefineryComparison comparison =
                RefineryComparison.of(operator, RefineryConditionParser.datatype(fields, "datatype"), values(fields));
        fields.finish();
        return new FieldTest(source, comparison);
    }

    private static List<AttributeValue> values(PolicyFields fields) {
        YamlNode values = fields.find("values");
        YamlNode value = fields.find("value");
        if (values instanceof Sequence list) {
            return list.items().stream().map(item -> RefineryConditionParser.value(fields, "values", item)).toList();
        }
        return value == null ? List.of() : List.of(RefineryConditionParser.value(fields, "value", value));
    }

    /** The group that stands for the test, null if it has another form. */
    static @Nullable Map<String, Object> write(SpanTest test) {
        return switch (test) {
            case SpanTest.AnyItem item -> Map.of(OF_ITEM, item.tests().stream()
                    .map(part -> write(part.fields(), part.test())).toList());
            case SpanTest.Value value when value.source() instanceof RefineryFields fields ->
                Map.of(OF_SPAN, List.of(write(fields, value.test())));
            case SpanTest.AllOf all when all.tests().stream().allMatch(RefineryMatchers::isField) ->
                Map.of(OF_SPAN, all.tests().stream().map(part -> (SpanTest.Value) part)
                        .map(part -> write((RefineryFields) part.source(), part.test())).toList());
            default -> null;
        };
    }

    private static boolean isField(SpanTest test) {
        return test instanceof SpanTest.Value value && value.source() instanceof RefineryFields;
    }

    private static Map<String, Object> write(RefineryFields fields, ValueTest test) {
        if (!(test instanceof RefineryComparison comparison)) {
            throw new UnwritableException("a field of Refinery's with another operator than Refinery's");
        }
        Map<String, Object> matcher = new LinkedHashMap<>();
        List<String> keys = fields.keys().stream().map(key -> key.name()).toList();
        matcher.put(keys.size() == 1 ? "key" : "keys", keys.size() == 1 ? keys.getFirst() : keys);
        Operator operator = comparison.operator();
        matcher.put("op", operator.label());
        if (isSaid(comparison)) {
            matcher.put("datatype", comparison.datatype().label());
        }
        List<Object> values = comparison.values().stream().map(RefineryMatchers::plain).toList();
        if (operator == Operator.IN || operator == Operator.NOT_IN) {
            matcher.put("values", values);
        } else if (!values.isEmpty()) {
            matcher.put("value", values.getFirst());
        }
        if (fields.nested()) {
            matcher.put("nested", true);
        }
        return matcher;
    }

    /** Whether the operator has a choice, and it is not the usual one. */
    private static boolean isSaid(RefineryComparison comparison) {
        return switch (comparison.operator()) {
            case EQ, NE, LT, LE, GT, GE -> comparison.datatype() != Datatype.UNTYPED;
            case IN, NOT_IN -> comparison.datatype() != Datatype.STRING;
            case STARTS_WITH, CONTAINS, DOES_NOT_CONTAIN, MATCHES, EXISTS, NOT_EXISTS -> false;
        };
    }

    private static Object plain(AttributeValue value) {
        return switch (value) {
            case StringValue text -> text.value();
            case BoolValue bool -> bool.value();
            case LongValue number -> number.value();
            case DoubleValue number -> decimal(number.value());
            default -> throw new UnwritableException("a value that is no text, number or truth value");
        };
    }

    /** With a point, by which it is read as a double again. */
    private static BigDecimal decimal(double number) {
        BigDecimal decimal = new BigDecimal(Double.toString(number));
        return decimal.scale() < 1 ? decimal.setScale(1) : decimal;
    }
}
