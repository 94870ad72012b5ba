package dev.tailsampling.config;

import java.math.BigDecimal;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** A YAML value and where it stands. A scalar keeps its text: what it means is for the reader of the key to say. */
sealed interface YamlNode {

    /** Where it begins. */
    Origin origin();

    /** What it is, with an article, for messages. */
    default String kind() {
        return switch (this) {
            case Scalar scalar -> scalar.isNull() ? "nothing" : "\"" + scalar.text() + "\"";
            case Sequence ignored -> "a list";
            case Mapping ignored -> "a map";
        };
    }

    /** It as lists, maps and texts, for showing it. Unquoted numbers and truth values stay what they are. */
    default @Nullable Object plain() {
        return switch (this) {
            case Scalar scalar -> scalar.isNull() ? null : scalar.plainValue();
            case Sequence sequence -> sequence.items().stream().map(YamlNode::plain).toList();
            case Mapping mapping -> {
                Map<String, @Nullable Object> plain = new LinkedHashMap<>();
                mapping.fields().forEach((name, field) -> plain.put(name, field.value().plain()));
                yield plain;
            }
        };
    }

    /** How a scalar was written. A quoted one is a text whatever it looks like. */
    enum Form {
        PLAIN, QUOTED
    }

    /** A single value. */
    record Scalar(Origin origin, String text, Form form) implements YamlNode {

        // At most 400 digits and a small exponent: nobody needs more, and sums with more take long.
        private static final Pattern NUMBER =
                Pattern.compile("[+-]?(\\d{1,400}(\\.\\d{0,400})?|\\.\\d{1,400})([eE][+-]?\\d{1,3})?");

        /** Whether it is YAML's null: an unquoted nothing, {@code ~} or {@code null}. */
        boolean isNull() {
            return form == Form.PLAIN && (text.isEmpty() || text.equals("~") || text.equalsIgnoreCase("null"));
        }

        /** Whether it is an unquoted true or false. */
        boolean isBoolean() {
            return form == Form.PLAIN && (text.equalsIgnoreCase("true") || text.equalsIgnoreCase("false"));
        }

        /** Whether it is an unquoted decimal number. */
        boolean isNumber() {
            return form == Form.PLAIN && NUMBER.matcher(text).matches();
        }

        /** A whole number as such: YAML would not write it back as one otherwise. */
        private Number plainNumber() {
            BigDecimal number = new BigDecimal(text);
            return number.scale() <= 0 ? number.toBigIntegerExact() : number;
        }

        private Object plainValue() {
            if (isBoolean()) {
                return Boolean.valueOf(text);
            }
            return isNumber() ? plainNumber() : text;
        }
    }

    /** A list. */
    record Sequence(Origin origin, List<YamlNode> items) implements YamlNode {}

    /** A map, in the order of the text; keys are unique. */
    record Mapping(Origin origin, Map<String, Field> fields) implements YamlNode {}

    /** One key of a map and its value; the origin is that of the key. */
    record Field(Origin origin, String name, YamlNode value) {}
}
