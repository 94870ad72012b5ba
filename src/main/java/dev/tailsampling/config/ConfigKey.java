package dev.tailsampling.config;

import java.lang.reflect.RecordComponent;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A configuration key: one component of a configuration record.
 *
 * @param name full name, "kafka.brokers"
 * @param setting what the component says of it
 * @param component the record component that holds its value
 */
record ConfigKey(String name, Setting setting, RecordComponent component) {

    KeyType type() {
        return typeUnder(name);
    }

    /** The type under this name, the key's own or an alias: the unit of a duration differs. */
    KeyType typeUnder(String nameUsed) {
        return KeyType.of(component, nameUsed);
    }

    /** The own name, then the aliases. */
    List<String> names() {
        return Stream.concat(Stream.of(name), Arrays.stream(setting.aliases())).toList();
    }

    /** Whether the value is null when nobody gives one. */
    boolean isOptional() {
        return setting.standard().isEmpty() && switch (type()) {
            case TEXT, SECRET, PATH, CHOICE, SECONDS, MILLIS -> true;
            case LIST, ROUTES, MAP, SECRET_MAP, SECONDS_MAP, BOOLEAN, INT, LONG, DOUBLE -> false;
        };
    }

    /** Whether the value is a secret or may have one in it. */
    boolean mayHoldSecret() {
        return type() == KeyType.SECRET || type() == KeyType.SECRET_MAP || setting.mayHoldSecret();
    }

    /** The value when nobody gives one. */
    @Nullable
    Object standardValue() {
        Origin origin = new Origin("default");
        return new ValueParser(this, name)
                .parse(new YamlNode.Scalar(origin, setting.standard(), YamlNode.Form.QUOTED));
    }

    /** What is allowed, for the reference and messages: "at least 1", "one of a, b", or nothing. */
    String allowed() {
        if (component.getType().isEnum()) {
            return "one of " + choices().collect(Collectors.joining(", "));
        }
        boolean hasMin = setting.min() != Long.MIN_VALUE;
        boolean hasMax = setting.max() != Long.MAX_VALUE;
        if (hasMin && hasMax) {
            return "from " + setting.min() + " to " + setting.max();
        }
        return hasMin ? "at least " + setting.min() : hasMax ? "at most " + setting.max() : "";
    }

    /** The names of an enum's values as users write them. */
    Stream<String> choices() {
        return Arrays.stream(component.getType().getEnumConstants())
                .map(choice -> choice.toString().toLowerCase(Locale.ROOT));
    }
}
