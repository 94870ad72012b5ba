package dev.tailsampling.config;

import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The secrets of a configuration, for hiding them in texts that others wrote. Those of less than
 * {@value #LEAST_CHARS} characters are not among them, since hiding them would damage words.
 */
final class SecretValues {

    private static final int LEAST_CHARS = 6;

    private SecretValues() {}

    /** The secrets, the longest first. */
    static List<String> of(Record config) {
        List<String> secrets = new ArrayList<>();
        collect(config, secrets);
        return secrets.stream().flatMap(SecretValues::withParts).filter(secret -> secret.length() >= LEAST_CHARS)
                .distinct().sorted(Comparator.comparingInt(String::length).reversed()).toList();
    }

    private static void collect(Record config, List<String> secrets) {
        for (RecordComponent component : config.getClass().getRecordComponents()) {
            switch (EffectiveYaml.value(config, component)) {
                case null -> {
                }
                case Secret secret -> secrets.add(secret.value());
                case Record section -> collect(section, secrets);
                case Map<?, ?> map -> map.forEach((name, value) -> collect(name.toString(), value, secrets));
                case String text -> secrets.addAll(SecretMask.secretsIn(text));
                default -> {
                }
            }
        }
    }

    private static void collect(String name, @Nullable Object value, List<String> secrets) {
        if (value instanceof Secret secret) {
            secrets.add(secret.value());
        } else if (value instanceof String text) {
            secrets.addAll(SecretMask.isSecretName(name) ? List.of(text) : SecretMask.secretsIn(text));
        }
    }

    /** "Bearer x" and "client:x" are also known by their last part. */
    private static Stream<String> withParts(String secret) {
        String[] parts = secret.split("[ :]");
        return Stream.of(secret, parts.length == 0 ? "" : parts[parts.length - 1]);
    }
}
