package dev.tailsampling.config;

import dev.tailsampling.config.YamlNode.Mapping;
import dev.tailsampling.config.YamlNode.Scalar;
import dev.tailsampling.config.YamlNode.Sequence;
import dev.tailsampling.policy.Matcher;
import dev.tailsampling.policy.Matcher.Operator;
import dev.tailsampling.trace.AttributeValue;
import java.math.BigDecimal;
import java.util.Arrays;
import java.util.List;

/**
 * Reads lists of matchers, {@code {key, op, value}} or {@code {key, op, values}}. An unquoted number or truth value is
 * one, everything else is a text.
 */
final class MatcherParser {

    static final int MAX_MATCHERS = 100;
    static final int MAX_VALUES = 1_000;
    static final int MAX_LENGTH = 4_096;

    private final String owner;

    /**
     * Reads for a policy or rule.
     *
     * @param owner whose matchers they are, for messages: "policy 'slow'"
     */
    MatcherParser(String owner) {
        this.owner = owner;
    }

    /**
     * The matchers in a list.
     *
     * @param field full name of the list within the owner, for messages: "match.resource"
     * @throws PolicyException if it is no list of matchers, or has too many of them
     */
    List<Matcher> parse(String field, YamlNode list) {
        if (!(list instanceof Sequence sequence)) {
            throw refuse(list, field + " must be a list of matchers, not " + list.kind());
        }
        if (sequence.items().size() > MAX_MATCHERS) {
            throw refuse(list, field + " must have at most " + MAX_MATCHERS + " matchers, not "
                    + sequence.items().size());
        }
        return sequence.items().stream().map(item -> matcher(field, item)).toList();
    }

    private Matcher matcher(String field, YamlNode item) {
        if (!(item instanceof Mapping mapping)) {
            throw refuse(item, field + " must hold matchers with key, op and value, not " + item.kind());
        }
        PolicyFields fields = new PolicyFields(owner, field + ".", mapping);
        String key = fields.text("key");
        limit(fields.get("key"), field + ".key", key);
        Operator operator = operator(fields, field);
        List<AttributeValue> values = values(fields, field, operator);
        fields.finish();
        try {
            return new Matcher(key, operator, values);
        } catch (IllegalArgumentException e) {
            throw fields.refuse(field + ": " + e.getMessage());
        }
    }

    private static Operator operator(PolicyFields fields, String field) {
        String label = fields.text("op");
        Operator operator = Operator.ofLabel(label);
        if (operator == null) {
            List<String> known = Arrays.stream(Operator.values()).map(Operator::label).toList();
            throw fields.refuse(fields.get("op").origin(), field + ".op must be of " + String.join(", ", known)
                    + ", not \"" + label + "\"" + new NearestName(known).hint(label));
        }
        return operator;
    }

    private List<AttributeValue> values(PolicyFields fields, String field, Operator operator) {
        return switch (operator) {
            case EXISTS, NOT_EXISTS -> {
                YamlNode superfluous = fields.find("value") == null ? fields.find("values") : fields.find("value");
                if (superfluous != null) {
                    throw refuse(superfluous, field + ": " + operator.label() + " takes no value: leave it out");
                }
                yield List.of();
            }
            case IN, NOT_IN -> {
                List<YamlNode> items = fields.items("values");
                if (items.size() > MAX_VALUES) {
                    throw refuse(fields.get("values"), field + ".values must have at most " + MAX_VALUES
                            + " values, not " + items.size());
                }
                yield items.stream().map(item -> value(field + ".values", item)).toList();
            }
            case EQ, NEQ, NEQ_OR_ABSENT, CONTAINS, STARTS_WITH, ENDS_WITH, REGEX, GT, GTE, LT, LTE ->
                List.of(value(field + ".value", fields.get("value")));
        };
    }

    private AttributeValue value(String field, YamlNode node) {
        if (!(node instanceof Scalar scalar) || scalar.isNull()) {
            throw refuse(node, field + " must be a text, a number, true or false, not " + node.kind());
        }
        limit(node, field, scalar.text());
        if (scalar.isBoolean()) {
            return new AttributeValue.BoolValue(Boolean.parseBoolean(scalar.text()));
        }
        return scalar.isNumber() ? number(field, scalar) : new AttributeValue.StringValue(scalar.text());
    }

    private AttributeValue number(String field, Scalar scalar) {
        BigDecimal number = new BigDecimal(scalar.text()).stripTrailingZeros();
        boolean whole = number.scale() <= 0;
        if (whole && number.toBigInteger().bitLength() >= Long.SIZE || !Double.isFinite(number.doubleValue())) {
            throw refuse(scalar, field + " must be a number of at most 64 bits: write " + scalar.text()
                    + " in quotes to compare it as a text");
        }
        return whole
                ? new AttributeValue.LongValue(number.longValue())
                : new AttributeValue.DoubleValue(number.doubleValue());
    }

    private void limit(YamlNode node, String field, String text) {
        int length = text.codePointCount(0, text.length());
        if (length > MAX_LENGTH) {
            throw refuse(node, field + " must have at most " + MAX_LENGTH + " characters, not " + length);
        }
    }

    private PolicyException refuse(YamlNode node, String problem) {
        return new PolicyException(node.origin() + ": " + owner + ": " + problem);
    }
}
