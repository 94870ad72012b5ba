package dev.tailsampling.config;

import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** What kind of value a key takes; it follows from the Java type of its component and the unit in its name. */
enum KeyType {
    TEXT("text"), SECRET("secret text"), PATH("path"), CHOICE("word"), BOOLEAN("true or false"), INT("whole number"),
    LONG("whole number"), DOUBLE("number"), SECONDS("seconds"), MILLIS("milliseconds"), LIST("list of texts"),
    MAP("map of texts"), SECRET_MAP("map of secret texts"), SECONDS_MAP("map of seconds"),
    ROUTES("list of routes");

    private static final Map<Class<?>, KeyType> BY_CLASS = Map.of(String.class, TEXT, Secret.class, SECRET,
            Path.class, PATH, boolean.class, BOOLEAN, int.class, INT, long.class, LONG, double.class, DOUBLE,
            List.class, LIST);

    private final String label;

    KeyType(String label) {
        this.label = label;
    }

    /** Name in the reference. */
    String label() {
        return label;
    }

    /** The type of a component under one of its names. */
    static KeyType of(RecordComponent component, String name) {
        Class<?> type = component.getType();
        if (component.getGenericType() instanceof ParameterizedType list
                && list.getActualTypeArguments()[0] == ExportRoute.class) {
            return ROUTES;
        }
        KeyType known = BY_CLASS.get(type);
        if (known != null) {
            return known;
        }
        if (type.isEnum()) {
            return CHOICE;
        }
        if (type == Duration.class) {
            return unitOf(name);
        }
        if (type == Map.class && component.getGenericType() instanceof ParameterizedType map) {
            return mapOf(map.getActualTypeArguments()[1]);
        }
        throw new IllegalStateException("no key can be of type " + type + ": " + name);
    }

    private static KeyType mapOf(Type values) {
        if (values == Duration.class) {
            return SECONDS_MAP;
        }
        return values == Secret.class ? SECRET_MAP : MAP;
    }

    private static KeyType unitOf(String name) {
        if (name.endsWith("_secs")) {
            return SECONDS;
        }
        if (name.endsWith("_ms")) {
            return MILLIS;
        }
        throw new IllegalStateException("the name of a duration must end in its unit, _secs or _ms: " + name);
    }
}
