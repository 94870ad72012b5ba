package dev.tailsampling.config;

import dev.tailsampling.config.ExportRoute.Condition;
import dev.tailsampling.config.YamlNode.Field;
import dev.tailsampling.config.YamlNode.Mapping;
import dev.tailsampling.config.YamlNode.Scalar;
import dev.tailsampling.config.YamlNode.Sequence;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Reads a list of routes. In an environment variable it is YAML or JSON: {@code [{policy: errors, to: file}]}.
 *
 * @param key full name of the list, for messages
 * @param destinations names that a route may go to
 */
record RouteParser(String key, Set<String> destinations) {

    /**
     * The routes, in their order.
     *
     * @throws ConfigException if it is no such list; says where
     */
    List<ExportRoute> parse(YamlNode node) {
        return switch (node) {
            case Sequence list -> list.items().stream().map(this::route).toList();
            case Scalar scalar when scalar.text().isBlank() -> List.of();
            case Scalar scalar when written(scalar) instanceof Sequence list -> parse(list);
            default -> throw wrong(node, "must be a list of routes, not " + node.kind());
        };
    }

    private @Nullable YamlNode written(Scalar text) {
        try {
            Field field = YamlReader.read("routes: " + text.text(), text.origin().source()).fields().get("routes");
            return field == null ? null : field.value();
        } catch (YamlException e) {
            throw new ConfigException(String.valueOf(e.getMessage()), e);
        }
    }

    private ExportRoute route(YamlNode node) {
        Mapping route = mapping(node, "a route", Set.of("policy", "attribute", "to"));
        String kind = oneOf(route, "policy", "attribute");
        YamlNode asked = required(route, kind);
        Condition condition = kind.equals("policy") ? new Condition.Policy(text(asked)) : attribute(asked);
        List<String> to = texts(required(route, "to"));
        to.stream().filter(name -> !destinations.contains(name)).findFirst().ifPresent(unknown -> {
            throw wrong(route, "sends traces to " + unknown + ", which is no destination"
                    + new NearestName(destinations).hint(unknown));
        });
        return new ExportRoute(condition, to);
    }

    private Condition attribute(YamlNode node) {
        Mapping attribute = mapping(node, "attribute", Set.of("key", "value", "values"));
        String kind = oneOf(attribute, "value", "values");
        return new Condition.Attribute(text(required(attribute, "key")), texts(required(attribute, kind)));
    }

    /** Which of two fields is there. */
    private String oneOf(Mapping mapping, String one, String other) {
        boolean hasOne = value(mapping, one) != null;
        if (hasOne == (value(mapping, other) != null)) {
            throw wrong(mapping, "needs either " + one + " or " + other);
        }
        return hasOne ? one : other;
    }

    private Mapping mapping(YamlNode node, String what, Set<String> known) {
        if (!(node instanceof Mapping mapping)) {
            throw wrong(node, "needs " + what + " with fields, not " + node.kind());
        }
        for (Field field : mapping.fields().values()) {
            if (!known.contains(field.name())) {
                throw new ConfigException(field.origin() + ": " + key + " has an unknown field " + field.name()
                        + new NearestName(known).hint(field.name()));
            }
        }
        return mapping;
    }

    private YamlNode required(Mapping mapping, String name) {
        YamlNode value = value(mapping, name);
        if (value == null) {
            throw wrong(mapping, "lacks " + name);
        }
        return value;
    }

    private static @Nullable YamlNode value(Mapping mapping, String name) {
        Field field = mapping.fields().get(name);
        return field == null || field.value() instanceof Scalar scalar && scalar.isNull() ? null : field.value();
    }

    /** A list of texts, or one text; not empty. */
    private List<String> texts(YamlNode node) {
        List<String> texts =
                node instanceof Sequence list ? list.items().stream().map(this::text).toList() : List.of(text(node));
        if (texts.isEmpty()) {
            throw wrong(node, "has an empty list");
        }
        return texts;
    }

    private String text(YamlNode node) {
        if (node instanceof Scalar scalar && !scalar.text().isBlank()) {
            return scalar.text().strip();
        }
        throw wrong(node, "needs a text here, not " + node.kind());
    }

    private ConfigException wrong(YamlNode node, String problem) {
        return new ConfigException(node.origin() + ": " + key + " " + problem);
    }
}
