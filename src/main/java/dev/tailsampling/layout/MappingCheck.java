package dev.tailsampling.layout;

import dev.tailsampling.layout.SpanColumns.DroppedCounts;
import dev.tailsampling.layout.SpanColumns.Scope;
import dev.tailsampling.layout.SpanColumns.Times;
import java.util.EnumSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Holds the columns that a mapping names against those that a table has. */
public final class MappingCheck {

    /** Types of times and durations. */
    public static final Set<ColumnType> TIMES = Set.copyOf(EnumSet.of(ColumnType.INT, ColumnType.LONG,
            ColumnType.TIMESTAMP, ColumnType.TIMESTAMPTZ, ColumnType.TIMESTAMP_NS, ColumnType.TIMESTAMPTZ_NS));

    private static final Set<ColumnType> IDS =
            EnumSet.of(ColumnType.STRING, ColumnType.BINARY, ColumnType.FIXED, ColumnType.UUID);
    private static final Set<ColumnType> TEXTS = EnumSet.of(ColumnType.STRING);
    private static final Set<ColumnType> NUMBERS = EnumSet.of(ColumnType.INT, ColumnType.LONG);
    private static final Set<ColumnType> NAMES = EnumSet.of(ColumnType.STRING, ColumnType.INT, ColumnType.LONG);
    private static final Set<ColumnType> ATTRIBUTES =
            EnumSet.of(ColumnType.MAP, ColumnType.LIST, ColumnType.STRING);
    private static final Set<ColumnType> LISTS = EnumSet.of(ColumnType.LIST);

    private final TableColumns table;
    private final TableLayout.Presence presence;

    private MappingCheck(TableColumns table, TableLayout.Presence presence) {
        this.table = table;
        this.presence = presence;
    }

    /**
     * The mapping without the columns that the table has not.
     *
     * @throws LayoutException if a column of it has another type than can be read, or is missing and must not be: ids
     *     of trace and span, a time by which the span is placed, and in a mapping that requires them all the others
     */
    public static SpanColumns present(TableLayout.Spans layout, TableColumns table) {
        return new MappingCheck(table, layout.presence()).columns(layout.columns(), layout.arrival());
    }

    /**
     * Sees to it that a table has a column.
     *
     * @throws LayoutException if it has not, or it has another type
     */
    public static void require(TableColumns table, String path, Set<ColumnType> types) {
        ColumnType type = table.type(path);
        if (type == null) {
            throw new LayoutException("column " + path + " is missing");
        }
        if (!types.contains(type)) {
            throw new LayoutException("column " + path + " is " + type.word() + ", but must be one of "
                    + String.join(", ", types.stream().sorted().map(ColumnType::word).toList()));
        }
    }

    private SpanColumns columns(SpanColumns mapping, @Nullable TimeColumn arrival) {
        require(table, mapping.traceId(), IDS);
        require(table, mapping.spanId(), IDS);
        return new SpanColumns(mapping.traceId(), mapping.spanId(), column(mapping.parentSpanId(), IDS),
                column(mapping.traceState(), TEXTS), column(mapping.flags(), NUMBERS), column(mapping.name(), TEXTS),
                column(mapping.kind(), NAMES), times(mapping.times(), arrival), column(mapping.statusCode(), NAMES),
                column(mapping.statusMessage(), TEXTS), column(mapping.serviceName(), TEXTS),
                attributes(mapping.resourceAttributes()), scope(mapping.scope()),
                attributes(mapping.spanAttributes()), dropped(mapping.dropped()), events(mapping.events()),
                links(mapping.links()));
    }

    private @Nullable String column(@Nullable String path, Set<ColumnType> types) {
        if (path == null || presence == TableLayout.Presence.OPTIONAL && table.type(path) == null) {
            return null;
        }
        require(table, path, types);
        return path;
    }

    private @Nullable TimeColumn time(@Nullable TimeColumn time, Set<ColumnType> types) {
        return time == null || column(time.column(), types) == null ? null : time;
    }

    private Times times(Times mapping, @Nullable TimeColumn arrival) {
        Times times = new Times(time(mapping.start(), TIMES), time(mapping.end(), TIMES),
                time(mapping.duration(), NUMBERS));
        if (times.start() == null && times.end() == null && time(arrival, TIMES) == null) {
            throw new LayoutException("it has no column for the start or the end of a span, nor for its arrival");
        }
        return times;
    }

    private Scope scope(Scope mapping) {
        return new Scope(column(mapping.name(), TEXTS), column(mapping.version(), TEXTS),
                attributes(mapping.attributes()));
    }

    private DroppedCounts dropped(DroppedCounts mapping) {
        return new DroppedCounts(column(mapping.attributes(), NUMBERS), column(mapping.events(), NUMBERS),
                column(mapping.links(), NUMBERS));
    }

    private @Nullable AttributeColumns attributes(@Nullable AttributeColumns mapping) {
        return switch (mapping) {
            case null -> null;
            case AttributeColumns.Prefixed prefixed -> prefixed;
            case AttributeColumns.Column all -> column(all.path(), ATTRIBUTES) == null ? null : all;
        };
    }

    private @Nullable EventColumns events(@Nullable EventColumns mapping) {
        if (mapping == null || mapping.list() != null && column(mapping.list(), LISTS) == null) {
            return null;
        }
        Items items = new Items(mapping.list());
        EventColumns events = new EventColumns(mapping.list(), items.time(mapping.time()),
                items.value(mapping.name(), TEXTS), items.value(mapping.attributes(), ATTRIBUTES),
                items.value(mapping.droppedAttributesCount(), NUMBERS));
        return events.time() == null && events.name() == null ? null : events;
    }

    private @Nullable LinkColumns links(@Nullable LinkColumns mapping) {
        if (mapping == null || mapping.list() != null && column(mapping.list(), LISTS) == null) {
            return null;
        }
        Items items = new Items(mapping.list());
        LinkColumns links = new LinkColumns(mapping.list(), items.value(mapping.traceId(), IDS),
                items.value(mapping.spanId(), IDS), items.value(mapping.traceState(), TEXTS),
                items.value(mapping.attributes(), ATTRIBUTES), items.value(mapping.droppedAttributesCount(), NUMBERS),
                items.value(mapping.flags(), NUMBERS));
        return links.traceId() == null ? null : links;
    }

    /** What lists hold: fields of the structs in one list, or the elements of a list each. */
    private final class Items {

        private final @Nullable String list;

        Items(@Nullable String list) {
            this.list = list;
        }

        @Nullable
        String value(@Nullable String name, Set<ColumnType> types) {
            if (name == null) {
                return null;
            }
            String owner = list == null ? name : list;
            String element = list == null ? name + ".element" : list + ".element." + name;
            return column(owner, LISTS) == null || column(element, types) == null ? null : name;
        }

        @Nullable
        TimeColumn time(@Nullable TimeColumn time) {
            return time == null || value(time.column(), TIMES) == null ? null : time;
        }
    }
}
