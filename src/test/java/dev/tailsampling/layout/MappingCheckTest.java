package dev.tailsampling.layout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tailsampling.layout.TableLayout.Presence;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** A mapping against tables that have its columns, lack them, or have them of another type. */
class MappingCheckTest {

    private static final SpanColumns EVERYTHING = new SpanColumns("tid", "sid", "pid", "state", "flags", "name", "kind",
            new SpanColumns.Times(time("start"), time("end"), time("took")), "code", "message", "service",
            new AttributeColumns.Prefixed("res."),
            new SpanColumns.Scope("sname", "sversion", new AttributeColumns.Column("sattrs")),
            new AttributeColumns.Column("attrs"), new SpanColumns.DroppedCounts("da", "de", "dl"),
            new EventColumns("ev", time("t"), "n", "a", "d"),
            new LinkColumns(null, "lt", "ls", "lst", "la", "ld", "lf"));

    private final Map<String, ColumnType> types = new LinkedHashMap<>();

    private static TimeColumn time(String column) {
        return new TimeColumn(column, EpochUnit.NS);
    }

    MappingCheckTest() {
        for (String id : List.of("tid", "sid", "pid", "state", "name", "kind", "code", "message", "service", "sname",
                "sversion", "ev.element.n", "lt.element", "ls.element", "lst.element")) {
            types.put(id, ColumnType.STRING);
        }
        for (String number : List.of("flags", "took", "da", "de", "dl", "ev.element.d", "ld.element", "lf.element")) {
            types.put(number, ColumnType.LONG);
        }
        for (String time : List.of("start", "end", "ev.element.t")) {
            types.put(time, ColumnType.TIMESTAMPTZ);
        }
        for (String attributes : List.of("sattrs", "attrs", "ev.element.a", "la.element")) {
            types.put(attributes, ColumnType.MAP);
        }
        for (String list : List.of("ev", "lt", "ls", "lst", "la", "ld", "lf")) {
            types.put(list, ColumnType.LIST);
        }
    }

    private SpanColumns present(Presence presence) {
        return MappingCheck.present(new TableLayout.Spans("own", List.of(), EVERYTHING, presence, null,
                time("arrived")), new TableColumns(types, List.of()));
    }

    @ParameterizedTest
    @EnumSource
    void aTableThatHasAllColumnsIsMappedAsItIs(Presence presence) {
        assertThat(present(presence)).isEqualTo(EVERYTHING);
    }

    @ParameterizedTest
    @CsvSource({"tid", "sid"})
    void idsThereMustBe(String id) {
        types.remove(id);

        assertThatThrownBy(() -> present(Presence.OPTIONAL)).isInstanceOf(LayoutException.class)
                .hasMessage("column " + id + " is missing");
    }

    @Test
    void columnsThatMayBeMissingAreLeftOut() {
        types.keySet().retainAll(List.of("tid", "sid", "start", "ev", "ev.element.n"));

        assertThat(present(Presence.OPTIONAL)).isEqualTo(new SpanColumns("tid", "sid", null, null, null, null, null,
                new SpanColumns.Times(time("start"), null, null), null, null, null,
                new AttributeColumns.Prefixed("res."), new SpanColumns.Scope(null, null, null), null,
                new SpanColumns.DroppedCounts(null, null, null), new EventColumns("ev", null, "n", null, null), null));
    }

    @ParameterizedTest
    @CsvSource({"pid", "name", "took", "attrs", "sattrs", "dl", "ev", "ev.element.a", "lt", "lt.element", "lf"})
    void columnsThatMustNotBeMissingAreNamed(String column) {
        types.remove(column);

        assertThatThrownBy(() -> present(Presence.REQUIRED)).isInstanceOf(LayoutException.class)
                .hasMessage("column " + column + " is missing");
    }

    @Test
    void aSpanIsPlacedBySomeTime() {
        types.remove("start");
        types.remove("end");
        assertThatThrownBy(() -> present(Presence.OPTIONAL)).isInstanceOf(LayoutException.class)
                .hasMessageContaining("no column for the start or the end of a span, nor for its arrival");
        types.put("arrived", ColumnType.LONG);
        assertThat(present(Presence.OPTIONAL).times()).isEqualTo(new SpanColumns.Times(null, null, time("took")));
    }

    @ParameterizedTest
    @CsvSource({"tid, LONG", "start, DATE", "took, TIMESTAMP", "kind, BOOLEAN", "flags, STRING", "attrs, STRUCT",
            "ev, STRUCT", "ev.element.t, STRING", "la.element, LONG", "lt.element, MAP", "name, BINARY"})
    void columnsOfAnotherTypeAreRefused(String column, ColumnType type) {
        types.put(column, type);

        assertThatThrownBy(() -> present(Presence.OPTIONAL)).isInstanceOf(LayoutException.class)
                .hasMessageStartingWith("column " + column + " is " + type.word() + ", but must be one of ");
    }
}
