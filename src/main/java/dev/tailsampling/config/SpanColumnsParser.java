package dev.tailsampling.config;

import dev.tailsampling.config.YamlNode.Mapping;
import dev.tailsampling.layout.AttributeColumns;
import dev.tailsampling.layout.EventColumns;
import dev.tailsampling.layout.LinkColumns;
import dev.tailsampling.layout.SpanColumns;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Parses which columns hold the fields of a span. */
final class SpanColumnsParser {

    private final PolicyFields span;

    /** A parser of these fields. */
    SpanColumnsParser(PolicyFields span) {
        this.span = span;
    }

    /** The columns; a field that is not known is refused. */
    SpanColumns parse() {
        SpanColumns columns = new SpanColumns(span.text("trace_id"), span.text("span_id"), text("parent_span_id"),
                text("trace_state"), text("flags"), text("name"), text("kind"), times(), text("status_code"),
                text("status_message"), text("service_name"), attributes("resource_attributes"),
                new SpanColumns.Scope(text("scope_name"), text("scope_version"), attributes("scope_attributes")),
                attributes("attributes"), dropped(), events(), links());
        span.finish();
        return columns;
    }

    private @Nullable String text(String name) {
        return LayoutParser.optionalText(span, name);
    }

    private SpanColumns.Times times() {
        return new SpanColumns.Times(LayoutParser.time(span, "start"), LayoutParser.time(span, "end"),
                LayoutParser.time(span, "duration"));
    }

    private SpanColumns.DroppedCounts dropped() {
        return new SpanColumns.DroppedCounts(text("dropped_attributes_count"), text("dropped_events_count"),
                text("dropped_links_count"));
    }

    private @Nullable AttributeColumns attributes(String name) {
        if (span.find(name) instanceof Mapping) {
            PolicyFields prefixed = Objects.requireNonNull(span.block(name));
            AttributeColumns columns = new AttributeColumns.Prefixed(prefixed.text("prefix"));
            prefixed.finish();
            return columns;
        }
        String path = text(name);
        return path == null ? null : new AttributeColumns.Column(path);
    }

    private @Nullable EventColumns events() {
        PolicyFields events = span.block("events");
        if (events == null) {
            return null;
        }
        EventColumns columns = new EventColumns(LayoutParser.optionalText(events, "list"),
                LayoutParser.time(events, "time"), LayoutParser.optionalText(events, "name"),
                LayoutParser.optionalText(events, "attributes"),
                LayoutParser.optionalText(events, "dropped_attributes_count"));
        events.finish();
        return columns;
    }

    private @Nullable LinkColumns links() {
        PolicyFields links = span.block("links");
        if (links == null) {
            return null;
        }
        LinkColumns columns = new LinkColumns(LayoutParser.optionalText(links, "list"), links.text("trace_id"),
                LayoutParser.optionalText(links, "span_id"), LayoutParser.optionalText(links, "trace_state"),
                LayoutParser.optionalText(links, "attributes"),
                LayoutParser.optionalText(links, "dropped_attributes_count"),
                LayoutParser.optionalText(links, "flags"));
        links.finish();
        return columns;
    }
}
