package dev.tailsampling.config;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * An entry of {@code export.routes}: traces for some of the destinations.
 *
 * @param condition which traces
 * @param to names of destinations, at least one
 */
public record ExportRoute(Condition condition, List<String> to) {

    /** What a route asks of a trace. */
    public sealed interface Condition {

        /** The policy that kept it, by name or pattern: {@code *} and {@code ?} match any characters. */
        record Policy(String pattern) implements Condition {}

        /** An attribute of one of its spans, or of that span's resource, with one of these values. */
        record Attribute(String key, List<String> values) implements Condition {

            public Attribute {
                values = List.copyOf(values);
            }
        }
    }

    public ExportRoute {
        to = List.copyOf(to);
    }

    /** As plain values that could be read again. */
    Map<String, Object> tree() {
        Map<String, Object> tree = new LinkedHashMap<>();
        switch (condition) {
            case Condition.Policy policy -> tree.put("policy", policy.pattern());
            case Condition.Attribute attribute -> {
                Map<String, Object> fields = new LinkedHashMap<>();
                fields.put("key", attribute.key());
                fields.put("values", attribute.values());
                tree.put("attribute", fields);
            }
        }
        tree.put("to", to);
        return tree;
    }
}
