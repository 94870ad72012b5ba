package dev.tailsampling.ottl;

import dev.tailsampling.trace.SpanField;
import java.util.Collections;
import java.util.EnumSet;
import java.util.Set;

/** Collects which parts of a span the paths of a condition look at. Mutable, not thread-safe. */
final class PathFields {

    private final Context context;
    private final Set<SpanField> fields = EnumSet.noneOf(SpanField.class);

    PathFields(Context context) {
        this.context = context;
        if (context == Context.SPAN_EVENT) {
            fields.add(SpanField.EVENTS);
        }
    }

    /** The parts collected so far. */
    Set<SpanField> collected() {
        return Collections.unmodifiableSet(EnumSet.copyOf(fields));
    }

    /** Takes in a path that {@link Paths} knows. */
    void add(String path) {
        String full = Paths.full(path, context);
        switch (full) {
            case "span.name" -> fields.add(SpanField.NAME);
            case "span.kind", "span.kind.string", "span.kind.deprecated_string" -> fields.add(SpanField.KIND);
            case "span.status.message" -> fields.add(SpanField.STATUS_MESSAGE);
            case "span.flags" -> fields.add(SpanField.FLAGS);
            case "span.attributes" -> fields.add(SpanField.SPAN_ATTRIBUTES);
            case "span.events" -> fields.add(SpanField.EVENTS);
            case "span.links" -> fields.add(SpanField.LINKS);
            case "span.dropped_attributes_count", "span.dropped_events_count", "span.dropped_links_count" ->
                fields.add(SpanField.DROPPED_COUNTS);
            case "resource.attributes" -> fields.add(SpanField.RESOURCE_ATTRIBUTES);
            default -> {
                if (full.startsWith("scope.")) {
                    fields.add(SpanField.SCOPE);
                }
            }
        }
    }
}
