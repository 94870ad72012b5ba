package dev.tailsampling.config;

import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Values that were given for keys, by one file or by the environment, and where. */
final class Settings {

    private record Given(@Nullable Object value, Origin origin) {}

    private final Map<ConfigKey, Given> given = new HashMap<>();

    /**
     * Notes a value.
     *
     * @param name the name it was given under, the key's own or an alias
     * @throws ConfigException if it has the wrong type, is out of range or contradicts what the same file said before
     */
    void give(ConfigKey key, String name, YamlNode node) {
        Given now = new Given(new ValueParser(key, name).parse(node), node.origin());
        Given before = given.putIfAbsent(key, now);
        if (before != null && !Objects.equals(before.value(), now.value())) {
            throw new ConfigException(now.origin() + ": " + name + " contradicts " + before.origin()
                    + ", which gives the same setting another value; keep one of them");
        }
    }

    /** All of these, and the others where they say something: theirs win. */
    Settings overriddenBy(Settings others) {
        Settings both = new Settings();
        both.given.putAll(given);
        both.given.putAll(others.given);
        return both;
    }

    /** The value of a key: what was given, else the default. */
    @Nullable
    Object valueOf(ConfigKey key) {
        Given value = given.get(key);
        return value == null ? key.standardValue() : value.value();
    }

    /** Where a key's value was given; null if it has its default. */
    @Nullable
    Origin originOf(ConfigKey key) {
        Given value = given.get(key);
        return value == null ? null : value.origin();
    }
}
