package dev.tailsampling.config;

import dev.tailsampling.config.YamlNode.Form;
import dev.tailsampling.config.YamlNode.Scalar;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * Reads settings from environment variables. {@code kafka.brokers} is {@code TSS_KAFKA_BROKERS}; the forms of older
 * releases, {@code TSS_KAFKA__BROKERS} and {@code TSS__KAFKA__BROKERS}, mean the same. An empty variable counts as not
 * set.
 */
final class EnvironmentReader {

    private static final String PREFIX = "TSS_";

    /** Variables for the start script and the seed program's choice of a file; they are no keys. */
    private static final Set<String> NOT_KEYS =
            Set.of("TSS_HOME", "TSS_CONFIG", "TSS_JAVA_OPTS", "TSS_JAVA_HOME", "TSS_ENVIRONMENT", "TSS_AOT");

    /** What Kubernetes sets in every container for a service named tss or tss-…: not meant for us. */
    private static final Pattern KUBERNETES =
            Pattern.compile("TSS_(.*_)?(SERVICE_HOST|SERVICE_PORT(_.*)?|PORT(_\\d+_(TCP|UDP|SCTP)(_[A-Z]+)?)?)");

    private final Map<String, String> nameByVariable = new TreeMap<>();
    private final ConfigKeys keys;

    EnvironmentReader(ConfigKeys keys) {
        this.keys = keys;
        for (String name : keys.names()) {
            for (String variable : variables(name)) {
                if (nameByVariable.put(variable, name) != null) {
                    throw new IllegalStateException("two keys share the variable " + variable);
                }
            }
        }
    }

    /** The variables of a key, the documented one first. */
    static List<String> variables(String name) {
        String upper = name.toUpperCase(Locale.ROOT);
        String parted = upper.replace(".", "__");
        return List.of(PREFIX + upper.replace('.', '_'), PREFIX + parted, PREFIX + "_" + parted);
    }

    /**
     * The settings in an environment.
     *
     * @throws ConfigException on a {@code TSS_} variable that is no key, or a value that the key does not take
     */
    Settings read(Map<String, String> environment) {
        Settings settings = new Settings();
        new TreeMap<>(environment).forEach((variable, value) -> {
            if (variable.startsWith(PREFIX) && !NOT_KEYS.contains(variable)) {
                read(variable, value, settings);
            }
        });
        return settings;
    }

    private void read(String variable, String value, Settings settings) {
        String name = nameByVariable.get(variable);
        if (name != null) {
            if (!value.isBlank()) {
                settings.give(keys.get(name), name, new Scalar(Origin.ofVariable(variable), value, Form.QUOTED));
            }
        } else if (!KUBERNETES.matcher(variable).matches()) {
            throw new ConfigException(Origin.ofVariable(variable) + " is not a setting"
                    + new NearestName(nameByVariable.keySet()).hint(variable));
        }
    }
}
