package dev.tailsampling.config;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.RecordComponent;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Builds configuration records from settings. */
final class RecordBinder {

    private final ConfigKeys keys;
    private final Settings settings;

    RecordBinder(ConfigKeys keys, Settings settings) {
        this.keys = keys;
        this.settings = settings;
    }

    /**
     * The record whose keys begin with this prefix. Components that are neither keys nor sections are null.
     *
     * @throws ConfigException if the record refuses its values together
     */
    <R extends Record> R bind(Class<R> type, String prefix) {
        RecordComponent[] components = type.getRecordComponents();
        @Nullable Object[] values = new Object[components.length];
        for (int i = 0; i < components.length; i++) {
            values[i] = value(components[i], prefix);
        }
        return construct(type, components, values);
    }

    private @Nullable Object value(RecordComponent component, String prefix) {
        Section section = component.getAnnotation(Section.class);
        if (section != null) {
            return bind(component.getType().asSubclass(Record.class), prefix + section.value() + ".");
        }
        Setting setting = component.getAnnotation(Setting.class);
        return setting == null ? null : settings.valueOf(keys.get(prefix + setting.key()));
    }

    private <R> R construct(Class<R> type, RecordComponent[] components, @Nullable Object[] values) {
        Class<?>[] parameters = Arrays.stream(components).map(RecordComponent::getType).toArray(Class<?>[]::new);
        try {
            return type.getDeclaredConstructor(parameters).newInstance(values);
        } catch (InvocationTargetException e) {
            if (e.getCause() instanceof IllegalArgumentException refusal) {
                String message = String.valueOf(refusal.getMessage());
                throw new ConfigException(whereGiven(message) + message, refusal);
            }
            throw new IllegalStateException(type + " failed", e);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(type + " is not a configuration record", e);
        }
    }

    /** A record says which keys it refuses by their full names; the first that somebody gave is where to look. */
    private String whereGiven(String refusal) {
        for (String word : refusal.split(" ")) {
            ConfigKey key = keys.find(word);
            Origin origin = key == null ? null : settings.originOf(key);
            if (origin != null) {
                return origin + ": ";
            }
        }
        return "";
    }
}
