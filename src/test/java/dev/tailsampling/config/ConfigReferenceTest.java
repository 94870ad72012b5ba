package dev.tailsampling.config;

import static java.util.stream.Collectors.joining;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tailsampling.config.Setting.Use;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** docs/CONFIG.md and config/default.yaml follow from the table of keys. */
class ConfigReferenceTest {

    private static final String INTRODUCTION =
            """
                    # Configuration

                    Generated from the records in `dev.tailsampling.config` by `ConfigReferenceTest`; do not edit.

                    Each key has a default. A YAML file overrides the defaults, and environment variables override
                    the file. [`config/default.yaml`](../config/default.yaml) names every key. What is not understood
                    is refused: an unknown key or `TSS_` variable, a value of the wrong type or out of range, a key
                    given twice.

                    - The variable of a key is `TSS_` and the key in upper case with `_` for each dot: that of
                      `kafka.brokers` is `TSS_KAFKA_BROKERS`. `TSS_KAFKA__BROKERS` and `TSS__KAFKA__BROKERS` mean the
                      same. An empty variable counts as not set. `TSS_HOME`, `TSS_CONFIG`, `TSS_JAVA_OPTS`,
                      `TSS_JAVA_HOME`, `TSS_AOT` and `TSS_ENVIRONMENT` are no keys.
                    - A secret may stand in a file, as Docker and Kubernetes mount them: `TSS_REDIS_PASSWORD_FILE` names a
                      file of what `TSS_REDIS_PASSWORD` would hold; white space around it is cut. So may all keys of
                      secret texts, and those that may have a secret within:
                      %s.
                    - Durations are numbers in the unit that the key's name ends in, `_secs` or `_ms`; fractions are
                      allowed.
                    - In a variable, a list is `a,b` and a map is `key=value,key=value`. It replaces the file's.
                    - Relative paths are relative to the working directory.
                    - Secrets are shown as `***`, and so are passwords in URLs and properties with a telling name.
                    - Instead of the switches under `sampling`, the file may hold a `policies` list, or name a
                      policies file.
                    - *Later* marks keys that are accepted and checked, but not used before a later release.
                    """;

    private final ConfigKeys keys = SelectorConfig.KEYS;

    @Test
    void referenceNamesEveryKey() throws IOException {
        String sections = keys.sections().stream().filter(section -> !keysOf(section).isEmpty())
                .map(this::section).collect(joining("\n"));

        new GoldenFile("docs/CONFIG.md").assertIs(INTRODUCTION.formatted(textsWithSecrets()) + "\n" + sections);
    }

    private String textsWithSecrets() {
        return keys.all().stream().filter(key -> key.setting().mayHoldSecret()).map(key -> "`" + key.name() + "`")
                .collect(joining(", "));
    }

    private List<ConfigKey> keysOf(String section) {
        return keys.all().stream().filter(key -> sectionOf(key).equals(section)).toList();
    }

    private static String sectionOf(ConfigKey key) {
        return key.name().substring(0, key.name().lastIndexOf('.'));
    }

    private String section(String name) {
        return "## " + name + "\n\n| Key | Type | Default | Meaning |\n|---|---|---|---|\n"
                + keysOf(name).stream().map(ConfigReferenceTest::row).collect(joining());
    }

    private static String row(ConfigKey key) {
        String allowed = key.allowed().isEmpty() ? "" : ", " + key.allowed();
        String standard = key.setting().standard().isEmpty() ? "" : "`" + key.setting().standard() + "`";
        return "| `%s` | %s%s | %s | %s%s%s |\n".formatted(key.name(), key.type().label(), allowed, standard,
                key.setting().doc(), older(key), key.setting().use() == Use.LATER ? " *Later.*" : "");
    }

    private static String older(ConfigKey key) {
        return Arrays.stream(key.setting().aliases()).map(alias -> " Also `" + alias + "`.").collect(joining());
    }

    @Test
    void defaultFileNamesEveryKey() throws IOException {
        new GoldenFile("config/default.yaml").assertIs("""
                # Every key with its default; those that have none are commented out. Generated from the records in
                # dev.tailsampling.config by ConfigReferenceTest; do not edit. docs/CONFIG.md explains.
                """ + yaml("", ""));
    }

    /** The keys and sections directly below a prefix. */
    private String yaml(String prefix, String indent) {
        String own = keys.all().stream().filter(key -> isBelow(key.name(), prefix))
                .map(key -> entry(key, indent)).collect(joining());
        String inner = keys.sections().stream().filter(section -> isBelow(section, prefix))
                .map(section -> (indent.isEmpty() ? "\n" : "") + indent + section.substring(prefix.length()) + ":\n"
                        + yaml(section + ".", indent + "  "))
                .collect(joining());
        return own + inner;
    }

    private static boolean isBelow(String name, String prefix) {
        return name.startsWith(prefix) && name.indexOf('.', prefix.length()) < 0;
    }

    private static String entry(ConfigKey key, String indent) {
        String standard = key.setting().standard();
        String value = switch (key.type()) {
            case TEXT, PATH, CHOICE, SECRET -> "\"" + standard + "\"";
            case LIST -> "[]";
            case MAP, SECRET_MAP, SECONDS_MAP -> "{}";
            default -> standard;
        };
        return indent + "# " + key.setting().doc() + older(key).replace("`", "") + "\n" + indent
                + (standard.isEmpty() ? "# " + key.setting().key() + ":" : key.setting().key() + ": " + value) + "\n";
    }

    @Test
    void defaultFileChangesNothing() {
        assertThat(new ConfigLoader(Map.of()).load(Path.of("config/default.yaml")))
                .isEqualTo(SelectorConfig.defaults());
    }
}
