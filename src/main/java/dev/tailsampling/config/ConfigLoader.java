package dev.tailsampling.config;

import dev.tailsampling.config.YamlNode.Field;
import dev.tailsampling.config.YamlNode.Mapping;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Loads the configuration: defaults, overridden by a YAML file, overridden by {@code TSS_} environment variables. What
 * it does not understand it refuses. Relative paths in the configuration are relative to the working directory.
 */
public final class ConfigLoader {

    private static final Set<String> POLICY_LISTS = Set.of(ListedPolicies.KEY, "sampling." + ListedPolicies.KEY);

    private final Map<String, String> environment;

    /** A loader for that environment, usually {@code System.getenv()}; variables of others are ignored. */
    public ConfigLoader(Map<String, String> environment) {
        this.environment = Map.copyOf(environment);
    }

    /**
     * The configuration of a file and the environment.
     *
     * @throws ConfigException if the file cannot be read, or the file or the environment is not understood; one
     *     sentence with file, line and column, or the variable
     */
    public SelectorConfig load(Path file) {
        return parse(TextFile.read(file), file.toString());
    }

    /** The configuration of the environment alone, over the defaults. */
    public SelectorConfig load() {
        return parse("", "no file");
    }

    /** The configuration of a file's text and the environment; the name is for messages. */
    public SelectorConfig parse(String text, String name) {
        Mapping root;
        try {
            root = YamlReader.read(text, name);
        } catch (YamlException e) {
            throw new ConfigException(String.valueOf(e.getMessage()), e);
        }
        Settings file = new SettingsReader(SelectorConfig.KEYS, POLICY_LISTS).read(root, "").settings();
        Settings variables = new EnvironmentReader(SelectorConfig.KEYS).read(environment);
        SelectorConfig config = SelectorConfig.of(file.overriddenBy(variables));
        Field policies = policyList(root);
        return policies == null ? config : config.withPolicies(ListedPolicies.parse(policies.value()));
    }

    /** The list stands at the top or under {@code sampling}. */
    private static @Nullable Field policyList(Mapping root) {
        Field top = root.fields().get(ListedPolicies.KEY);
        Field sampling = root.fields().get("sampling");
        Field nested = sampling != null && sampling.value() instanceof Mapping section
                ? section.fields().get(ListedPolicies.KEY)
                : null;
        if (top != null && nested != null) {
            throw new ConfigException(nested.origin() + ": a policies list was given before, at " + top.origin());
        }
        return top == null ? nested : top;
    }
}
