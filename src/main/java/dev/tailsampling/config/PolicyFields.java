package dev.tailsampling.config;

import dev.tailsampling.config.YamlNode.Field;
import dev.tailsampling.config.YamlNode.Mapping;
import dev.tailsampling.config.YamlNode.Scalar;
import dev.tailsampling.config.YamlNode.Sequence;
import java.math.BigDecimal;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The fields of one map in a policy, taken by name and type. A field that is null counts as absent. When all are taken,
 * {@link #finish} refuses those that nobody asked for: so what a policy type knows is what its parser reads.
 */
final class PolicyFields {

    private final String owner;
    private final String block;
    private final Mapping mapping;
    private final Set<String> known = new LinkedHashSet<>();

    /**
     * The fields of a map.
     *
     * @param owner whose they are, for messages: "policy 'slow'"
     * @param block name of the map within the policy with a dot at its end, empty for the policy itself
     */
    PolicyFields(String owner, String block, Mapping mapping) {
        this.owner = owner;
        this.block = block;
        this.mapping = mapping;
    }

    String owner() {
        return owner;
    }

    /** Where the map begins. */
    Origin origin() {
        return mapping.origin();
    }

    /** The fields of the map under a field, null if it is absent. */
    @Nullable
    PolicyFields block(String name) {
        YamlNode value = find(name);
        return value == null ? null : block(name, value);
    }

    /** The fields of each map in the list under a field; none if it is absent. */
    List<PolicyFields> blocks(String name) {
        return switch (find(name)) {
            case null -> List.of();
            case Sequence list -> list.items().stream().map(item -> block(name, item)).toList();
            case YamlNode other ->
                throw refuse(other.origin(), block + name + " must be a list, not " + other.kind());
        };
    }

    private PolicyFields block(String name, YamlNode value) {
        if (!(value instanceof Mapping map)) {
            throw refuse(value.origin(), block + name + " must hold fields, not " + value.kind());
        }
        return new PolicyFields(owner, block + name + ".", map);
    }

    /** Names of the fields, as written. */
    Set<String> names() {
        return mapping.fields().keySet();
    }

    /** The value of a field, null if it is absent. */
    @Nullable
    YamlNode find(String name) {
        known.add(name);
        Field field = mapping.fields().get(name);
        return field == null || field.value() instanceof Scalar scalar && scalar.isNull() ? null : field.value();
    }

    /** The value of a field that must be there. */
    YamlNode get(String name) {
        YamlNode value = find(name);
        if (value == null) {
            throw refuse(mapping.origin(), block + name + " is missing" + lookAlike(name));
        }
        return value;
    }

    /** The field that was probably meant to be this one. */
    private String lookAlike(String name) {
        Set<String> others = new LinkedHashSet<>(mapping.fields().keySet());
        others.removeAll(known);
        String nearest = new NearestName(others).of(name);
        return nearest == null ? "" : "; did you mean it by " + nearest + "?";
    }

    /** A text, which must not be empty. */
    String text(String name) {
        YamlNode value = get(name);
        String text = text(value, name);
        if (text.isBlank()) {
            throw refuse(value.origin(), block + name + " must not be empty");
        }
        return text;
    }

    /** Texts, at least one. */
    List<String> texts(String name) {
        return items(name).stream().map(item -> text(item, name)).toList();
    }

    /** The items of a list, at least one. */
    List<YamlNode> items(String name) {
        YamlNode value = get(name);
        if (!(value instanceof Sequence sequence)) {
            throw refuse(value.origin(), block + name + " must be a list, not " + value.kind());
        }
        if (sequence.items().isEmpty()) {
            throw refuse(value.origin(), block + name + " must not be empty");
        }
        return sequence.items();
    }

    private String text(YamlNode value, String name) {
        if (!(value instanceof Scalar scalar)) {
            throw refuse(value.origin(), block + name + " must be a text, not " + value.kind());
        }
        if (scalar.isNull() || scalar.isBoolean() || scalar.isNumber()) {
            throw refuse(value.origin(), block + name + " must be a text: write \"" + scalar.text() + "\" in quotes");
        }
        return scalar.text();
    }

    /** A truth value; null if the field is absent. */
    @Nullable
    Boolean flag(String name) {
        YamlNode value = find(name);
        if (value == null) {
            return null;
        }
        if (!(value instanceof Scalar scalar) || !scalar.isBoolean()) {
            throw refuse(value.origin(), block + name + " must be true or false, not " + value.kind());
        }
        return scalar.text().equalsIgnoreCase("true");
    }

    /** A number; null if the field is absent. */
    @Nullable
    BigDecimal number(String name) {
        YamlNode value = find(name);
        if (value == null) {
            return null;
        }
        if (!(value instanceof Scalar scalar) || !scalar.isNumber()) {
            throw refuse(value.origin(), block + name + " must be a number, not " + value.kind() + hint(value));
        }
        return new BigDecimal(scalar.text());
    }

    private static String hint(YamlNode value) {
        return value instanceof Scalar scalar && scalar.text().startsWith("${")
                ? "; variables are not replaced in policies"
                : "";
    }

    /** A whole number of 64 bits; the fallback if the field is absent. */
    long whole(String name, long fallback) {
        BigDecimal number = number(name);
        try {
            return number == null ? fallback : number.longValueExact();
        } catch (ArithmeticException e) {
            throw refuse(get(name).origin(),
                    block + name + " must be a whole number of at most 64 bits, not " + number);
        }
    }

    /** A whole number of 32 bits; the fallback if the field is absent. */
    int count(String name, int fallback) {
        long number = whole(name, fallback);
        if (number != (int) number) {
            throw refuse(get(name).origin(),
                    block + name + " must be a whole number of at most 32 bits, not " + number);
        }
        return (int) number;
    }

    /** Refuses what nobody asked for. */
    void finish() {
        for (Field field : mapping.fields().values()) {
            if (!known.contains(field.name())) {
                String nearest = new NearestName(known).of(field.name());
                throw refuse(field.origin(), "unknown field " + block + field.name() + (nearest != null
                        ? "; did you mean " + block + nearest + "?"
                        : known.isEmpty() ? "; there are none"
                        : "; known are " + String.join(", ", known)));
            }
        }
    }

    /** The exception for a value of these fields. */
    PolicyException refuse(Origin origin, String problem) {
        return new PolicyException(origin + ": " + owner + ": " + problem);
    }

    /** The exception for these fields together. */
    PolicyException refuse(String problem) {
        return refuse(mapping.origin(), problem);
    }
}
