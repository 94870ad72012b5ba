package dev.tailsampling.config;

import static java.util.stream.Collectors.joining;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The fields of one kind of map in a policies file.
 *
 * @param name of the table: a policy type, "matcher", "sampler ema_dynamic"
 * @param fields by name, in the order of the reference
 */
record FieldTable(String name, Map<String, Field> fields) {

    /**
     * One field.
     *
     * @param standard the value that means the same as leaving it out; null if there is none
     * @param otherwise what holds when it is left out, in words; empty if that is {@code standard}
     * @param of the words it may be; empty for no such limit
     * @param minInclusive least number, null for none
     * @param minExclusive bound of numbers, null for none
     * @param maxInclusive greatest number, null for none
     */
    record Field(String name, String is, boolean required, @Nullable Object standard, String otherwise,
            List<String> of, @Nullable BigDecimal minInclusive, @Nullable BigDecimal minExclusive,
            @Nullable BigDecimal maxInclusive, String means) {

        private static final Set<String> SAID =
                Set.of("is", "required", "default", "otherwise", "of", "min", "above", "max", "means");

        static Field of(String name, Map<String, Object> yaml) {
            if (!SAID.containsAll(yaml.keySet())) {
                throw new AssertionError("field " + name + " says more than " + SAID + ": " + yaml);
            }
            return new Field(name, yaml.get("is").toString(), Boolean.TRUE.equals(yaml.get("required")),
                    yaml.get("default"), yaml.getOrDefault("otherwise", "").toString(),
                    ((List<?>) yaml.getOrDefault("of", List.of())).stream().map(Object::toString).toList(),
                    number(yaml.get("min")), number(yaml.get("above")), number(yaml.get("max")),
                    yaml.getOrDefault("means", "").toString());
        }

        private static @Nullable BigDecimal number(@Nullable Object yaml) {
            return yaml == null ? null : new BigDecimal(yaml.toString());
        }

        FieldKind kind() {
            return FieldKind.of(is);
        }

        Field with(boolean isRequired, List<String> choices) {
            return new Field(name, is, isRequired, standard, otherwise, choices, minInclusive, minExclusive,
                    maxInclusive, means);
        }

        private String row() {
            String left = standard == null ? otherwise : "`" + standard + "`";
            return "| `%s` | %s | %s | %s |\n".formatted(name, is + allowed(), required ? "required" : left, means);
        }

        private String allowed() {
            List<String> parts = new ArrayList<>();
            if (!of.isEmpty()) {
                parts.add("of " + of.stream().map(word -> "`" + word + "`").collect(joining(", ")));
            }
            if (minInclusive != null) {
                parts.add("at least " + minInclusive);
            }
            if (minExclusive != null) {
                parts.add("above " + minExclusive);
            }
            if (maxInclusive != null) {
                parts.add("at most " + maxInclusive);
            }
            return parts.stream().map(part -> ", " + part).collect(joining());
        }
    }

    static FieldTable of(String name, Map<String, Object> yaml) {
        Map<String, Field> fields = new LinkedHashMap<>();
        yaml.forEach((field, description) -> fields.put(field, Field.of(field, PeerCase.map(description))));
        return new FieldTable(name, fields);
    }

    String markdown() {
        return fields.isEmpty()
                ? ""
                : "| Field | Type | Default | Meaning |\n|---|---|---|---|\n"
                        + fields.values().stream().map(Field::row).collect(joining()) + "\n";
    }
}
