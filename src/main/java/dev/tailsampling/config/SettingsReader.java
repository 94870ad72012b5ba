package dev.tailsampling.config;

import dev.tailsampling.config.YamlNode.Field;
import dev.tailsampling.config.YamlNode.Mapping;
import dev.tailsampling.config.YamlNode.Scalar;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** Reads settings from a file's tree of keys. */
final class SettingsReader {

    private final ConfigKeys keys;
    private final Set<String> others;
    private final Settings settings = new Settings();

    /**
     * A reader for keys of this table.
     *
     * @param others full names in the file that are somebody else's to read
     */
    SettingsReader(ConfigKeys keys, Set<String> others) {
        this.keys = keys;
        this.others = others;
    }

    /**
     * Takes in all keys of a map.
     *
     * @param prefix what comes before their names, with a dot at its end unless empty
     * @throws ConfigException on an unknown key or a value that the key does not take
     */
    SettingsReader read(Mapping mapping, String prefix) {
        for (Field field : mapping.fields().values()) {
            String name = prefix + field.name();
            if (!others.contains(name)) {
                read(field, name);
            }
        }
        return this;
    }

    private void read(Field field, String name) {
        ConfigKey key = keys.find(name);
        if (keys.sections().contains(name)) {
            readSection(field, name);
        } else if (key == null) {
            throw unknown(field, name);
        } else if (!(field.value() instanceof Scalar scalar && scalar.isNull())) {
            settings.give(key, name, field.value());
        }
    }

    private void readSection(Field field, String name) {
        switch (field.value()) {
            case Mapping section -> read(section, name + ".");
            // A section whose keys are all commented out.
            case Scalar scalar when scalar.isNull() -> {
            }
            default -> throw new ConfigException(
                    field.value().origin() + ": " + name + " must hold keys with values, not " + field.value().kind());
        }
    }

    private ConfigException unknown(Field field, String name) {
        List<String> known = new ArrayList<>(keys.sections());
        known.addAll(others);
        known.addAll(keys.names());
        return new ConfigException(field.origin() + ": unknown key " + name + new NearestName(known).hint(name));
    }

    /** What was read. */
    Settings settings() {
        return settings;
    }
}
