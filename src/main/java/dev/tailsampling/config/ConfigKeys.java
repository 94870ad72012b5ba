package dev.tailsampling.config;

import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The table of all keys, read off a tree of configuration records. */
final class ConfigKeys {

    private final List<ConfigKey> keys = new ArrayList<>();
    private final Map<String, ConfigKey> byName = new LinkedHashMap<>();
    private final Set<String> sections = new LinkedHashSet<>();

    /** The keys of a record and the sections below it, whose names begin with that prefix. */
    static ConfigKeys of(Class<? extends Record> type, String prefix) {
        ConfigKeys table = new ConfigKeys();
        table.collect(type, prefix);
        return table;
    }

    private void collect(Class<?> type, String prefix) {
        for (RecordComponent component : type.getRecordComponents()) {
            Section section = component.getAnnotation(Section.class);
            Setting setting = component.getAnnotation(Setting.class);
            if (section != null) {
                sections.add(prefix + section.value());
                collect(component.getType(), prefix + section.value() + ".");
            } else if (setting != null) {
                add(new ConfigKey(prefix + setting.key(), setting, component));
            }
        }
    }

    private void add(ConfigKey key) {
        keys.add(key);
        for (String name : key.names()) {
            if (byName.put(name, key) != null) {
                throw new IllegalStateException("two keys of one name: " + name);
            }
        }
    }

    /** Every key, in the order of the reference. */
    List<ConfigKey> all() {
        return keys;
    }

    /** The key of this full name, its own or an alias; null if there is none. */
    @Nullable
    ConfigKey find(String name) {
        return byName.get(name);
    }

    /** The key of this full name, which must exist. */
    ConfigKey get(String name) {
        ConfigKey key = find(name);
        if (key == null) {
            throw new IllegalStateException("no such key: " + name);
        }
        return key;
    }

    /** Names of all keys, aliases included. */
    Collection<String> names() {
        return byName.keySet();
    }

    /** Full names of all sections. */
    Set<String> sections() {
        return sections;
    }
}
