package dev.tailsampling.config;

import dev.tailsampling.config.YamlNode.Form;
import dev.tailsampling.config.YamlNode.Scalar;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
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
 *
 * <p>A secret may stand in a file instead, as Docker and Kubernetes mount them: {@code TSS_REDIS_PASSWORD_FILE} names a
 * file of what {@code TSS_REDIS_PASSWORD} would hold.
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
    private final Map<String, String> nameByFileVariable = new TreeMap<>();
    private final ConfigKeys keys;

    EnvironmentReader(ConfigKeys keys) {
        this.keys = keys;
        for (String name : keys.names()) {
            for (String variable : variables(name)) {
                if (nameByVariable.put(variable, name) != null) {
                    throw new IllegalStateException("two keys share the variable " + variable);
                }
                nameByFileVariable.put(variable + "_FILE", name);
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
     * @throws ConfigException on a {@code TSS_} variable that is no key, a value that the key does not take, or a file
     *     that cannot be read or is not for secrets
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
        String nameInFile = nameByFileVariable.get(variable);
        if (name != null) {
            give(name, variable, value, settings);
        } else if (nameInFile != null) {
            refuseUnlessSecret(nameInFile, variable);
            give(nameInFile, variable, value.isBlank() ? "" : secretIn(value.strip(), variable), settings);
        } else if (!KUBERNETES.matcher(variable).matches()) {
            throw new ConfigException(Origin.ofVariable(variable) + " is not a setting"
                    + new NearestName(nameByVariable.keySet()).hint(variable));
        }
    }

    private void give(String name, String variable, String value, Settings settings) {
        if (!value.isBlank()) {
            settings.give(keys.get(name), name, new Scalar(Origin.ofVariable(variable), value, Form.QUOTED));
        }
    }

    private void refuseUnlessSecret(String name, String variable) {
        if (!keys.get(name).mayHoldSecret()) {
            throw new ConfigException(Origin.ofVariable(variable) + ": " + name
                    + " holds no secret, so it is not read from a file; set " + variables(name).getFirst()
                    + " to its value");
        }
    }

    private static String secretIn(String file, String variable) {
        String text;
        try {
            text = TextFile.read(Path.of(file));
        } catch (InvalidPathException | ConfigException e) {
            throw new ConfigException(Origin.ofVariable(variable) + ": " + e.getMessage(), e);
        }
        if (text.isBlank()) {
            throw new ConfigException(Origin.ofVariable(variable) + ": " + file
                    + " is empty; write the secret into it, or unset the variable");
        }
        return text;
    }
}
