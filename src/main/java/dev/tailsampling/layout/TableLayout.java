package dev.tailsampling.layout;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** How a table's rows hold spans. Columns are named by their paths as Iceberg spells them. Immutable. */
public sealed interface TableLayout {

    /** Name: that of the file without its ending. */
    String name();

    /** What tells the layout: the table has all of these. */
    List<ColumnTest> detect();

    /** The columns that say which Kafka record a row is; null if there are none. */
    @Nullable
    PositionColumns position();

    /** When a row arrived; null if no column says it: then it is when the span ended. */
    @Nullable
    TimeColumn arrival();

    /** Whether a table is of this layout. */
    default boolean fits(TableColumns columns) {
        return detect().stream().allMatch(test -> test.holds(columns));
    }

    /** The first layout that a table is of, null if it is of none. */
    static @Nullable TableLayout detect(List<TableLayout> layouts, TableColumns columns) {
        return layouts.stream().filter(layout -> layout.fits(columns)).findFirst().orElse(null);
    }

    /**
     * One row is one Kafka record whose value is a whole message.
     *
     * @param value path of the message, binary or string
     * @param encoding how it is encoded
     * @param key path of the record's key, which a table may lack; null if no column has it
     */
    record Records(String name, List<ColumnTest> detect, String value, MessageEncoding encoding, @Nullable String key,
            @Nullable PositionColumns position, TimeColumn arrival) implements TableLayout {

        public Records {
            detect = List.copyOf(detect);
        }
    }

    /**
     * One row is one Kafka record whose message is spread over nested columns, named as in OTLP's .proto files.
     *
     * @param resourceSpans path of the list of {@code ResourceSpans}
     * @param key path of the record's key, which a table may lack; null if no column has it
     */
    record Nested(String name, List<ColumnTest> detect, String resourceSpans, @Nullable String key,
            @Nullable PositionColumns position, TimeColumn arrival) implements TableLayout {

        public Nested {
            detect = List.copyOf(detect);
        }
    }

    /**
     * One row is one span.
     *
     * @param columns what the columns hold
     * @param presence what it means that the table has not all of them
     */
    record Spans(String name, List<ColumnTest> detect, SpanColumns columns, Presence presence,
            @Nullable PositionColumns position, @Nullable TimeColumn arrival) implements TableLayout {

        public Spans {
            detect = List.copyOf(detect);
        }
    }

    /** What it means that a table lacks columns that its layout names. */
    enum Presence {
        /** Writers of such tables leave some out: what they hold is then empty. */
        OPTIONAL,
        /** The layout was written for this table, so a name is misspelt. */
        REQUIRED
    }
}
