package dev.tailsampling.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tailsampling.layout.AttributeColumns;
import dev.tailsampling.layout.EpochUnit;
import dev.tailsampling.layout.EventColumns;
import dev.tailsampling.layout.LayoutChoice;
import dev.tailsampling.layout.LinkColumns;
import dev.tailsampling.layout.PositionColumns;
import dev.tailsampling.layout.SpanColumns;
import dev.tailsampling.layout.TableLayout;
import dev.tailsampling.layout.TimeColumn;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** The files of {@code catalog/}, files of users, and the key that chooses one. */
class TableLayoutsTest {

    private static final Path CATALOG = Path.of("catalog");

    private static final String MAPPING =
            """
                    rows: spans
                    detect: {tid: [string, fixed], at: long}
                    span:
                      trace_id: tid
                      span_id: sid
                      parent_span_id: pid
                      trace_state: state
                      flags: flags
                      name: op
                      kind: kind
                      start: {column: at, unit: ms}
                      end: until
                      duration: {column: took, unit: us}
                      status_code: status.code
                      status_message: status.message
                      service_name: service
                      resource_attributes: {prefix: res.}
                      scope_name: sname
                      scope_version: sversion
                      scope_attributes: sattributes
                      attributes: attrs
                      dropped_attributes_count: da
                      dropped_events_count: de
                      dropped_links_count: dl
                      events: {list: ev, time: {column: t, unit: s}, name: n, attributes: a, dropped_attributes_count: d}
                      links: {trace_id: lt, span_id: ls, trace_state: lst, attributes: la, dropped_attributes_count: ld, flags: lf}
                    position: {partition: k.p, offset: k.o}
                    arrival: {column: ingested, unit: ns}
                    """;

    @Test
    void everyFileOfTheCatalogIsTriedByItsName() throws IOException {
        try (Stream<Path> files = Files.list(CATALOG)) {
            assertThat(files.map(file -> file.getFileName().toString()).filter(name -> name.endsWith(".yaml"))
                    .map(name -> name.substring(0, name.length() - ".yaml".length())))
                    .containsExactlyInAnyOrderElementsOf(TableLayouts.NAMES);
        }
        assertThat(TableLayouts.builtIn()).extracting(TableLayout::name).isEqualTo(TableLayouts.NAMES);
    }

    static Stream<TableLayout> builtIn() {
        return TableLayouts.builtIn().stream();
    }

    @ParameterizedTest
    @MethodSource("builtIn")
    void everyFileSaysWhatTellsItAndWhoWritesSuchTables(TableLayout layout) throws IOException {
        assertThat(layout.detect()).isNotEmpty();
        assertThat(Files.readString(CATALOG.resolve(layout.name() + ".yaml"))).startsWith("# ");
        assertThat(Files.readString(CATALOG.resolve("README.md"))).contains("`" + layout.name() + "`");
    }

    @Test
    void theKeyChoosesALayout(@TempDir Path folder) throws IOException {
        Path file = Files.writeString(folder.resolve("our-spans.yaml"), MAPPING);

        assertThat(TableLayouts.choice("auto")).isEqualTo(new LayoutChoice.Detected(TableLayouts.builtIn()));
        assertThat(TableLayouts.choice("rotel")).isInstanceOfSatisfying(LayoutChoice.Given.class,
                given -> assertThat(given.layout().name()).isEqualTo("rotel"));
        assertThat(TableLayouts.choice(file.toString())).isInstanceOfSatisfying(LayoutChoice.Given.class,
                given -> assertThat(given.layout().name()).isEqualTo("our-spans"));
        assertThatThrownBy(() -> TableLayouts.choice("clickhous")).isInstanceOf(ConfigException.class)
                .hasMessageContaining("storage.iceberg.layout must be auto, one of automq-raw, ")
                .hasMessageContaining("did you mean clickhouse?");
        assertThatThrownBy(() -> TableLayouts.choice(folder.resolve("none.yaml").toString()))
                .isInstanceOf(ConfigException.class).hasMessageContaining("there is no such file");
    }

    @Test
    void aMappingMayNameEveryFieldOfASpan() {
        SpanColumns columns = new SpanColumns("tid", "sid", "pid", "state", "flags", "op", "kind",
                new SpanColumns.Times(new TimeColumn("at", EpochUnit.MS), new TimeColumn("until", EpochUnit.NS),
                        new TimeColumn("took", EpochUnit.US)),
                "status.code", "status.message", "service", new AttributeColumns.Prefixed("res."),
                new SpanColumns.Scope("sname", "sversion", new AttributeColumns.Column("sattributes")),
                new AttributeColumns.Column("attrs"), new SpanColumns.DroppedCounts("da", "de", "dl"),
                new EventColumns("ev", new TimeColumn("t", EpochUnit.S), "n", "a", "d"),
                new LinkColumns(null, "lt", "ls", "lst", "la", "ld", "lf"));

        assertThat(LayoutParser.parse("own", MAPPING, "own.yaml")).isInstanceOfSatisfying(TableLayout.Spans.class,
                spans -> {
                    assertThat(spans.columns()).isEqualTo(columns);
                    assertThat(spans.position()).isEqualTo(new PositionColumns("k.p", "k.o"));
                    assertThat(spans.arrival()).isEqualTo(new TimeColumn("ingested", EpochUnit.NS));
                    assertThat(spans.presence()).isEqualTo(TableLayout.Presence.REQUIRED);
                    assertThat(spans.detect()).hasSize(2);
                });
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            {rows: messages, value: {column: v, encoding: otlp}, arrival: at, key: k.id} | k.id
            {rows: messages, value: {column: v, encoding: otlp}, arrival: at}            |
            {rows: nested, resource_spans: r, arrival: at, key: k.id}                    | k.id
            {rows: nested, resource_spans: r, arrival: at}                               |
            """)
    void aMappingOfMessagesMayNameTheKey(String text, @Nullable String key) {
        assertThat(switch (LayoutParser.parse("own", text, "own.yaml")) {
            case TableLayout.Records records -> records.key();
            case TableLayout.Nested nested -> nested.key();
            case TableLayout.Spans spans -> spans.name();
        }).isEqualTo(key);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|',
            textBlock = """
                    rows: span                              | line 1, column 7: layout 'own': rows must be one of messages, nested, spans, not "span"
                    value: {column: a}                      | rows is missing
                    {rows: nested, arrival: at}             | resource_spans is missing
                    {rows: nested, resource_spans: a}       | arrival is missing
                    {rows: messages, arrival: a}            | value is missing
                    {rows: messages, arrival: a, value: {column: a}} | value.encoding is missing
                    {rows: messages, arrival: a, value: {column: a, encoding: avro}} | encoding must be one of otlp, json, not "avro"
                    {rows: messages, arrival: a, value: {column: a, encoding: otlp, x: 1}} | unknown field value.x; known are column, encoding
                    {rows: spans, span: {span_id: s}}       | span.trace_id is missing
                    {rows: spans, span: {trace_id: s}}      | span.span_id is missing
                    {rows: spans, span: {trace_id: t, span_id: s, parent: p}} | unknown field span.parent; did you mean span.parent_span_id?
                    {rows: spans, span: {trace_id: t, span_id: s, start: {column: t, unit: m}}} | unit must be one of ns, us, ms, s, not "m"
                    {rows: spans, span: {trace_id: t, span_id: s, links: {span_id: l}}} | span.links.trace_id is missing
                    {rows: spans, span: {trace_id: t, span_id: s, attributes: {prefix: a., b: c}}} | unknown field span.attributes.b; known are prefix
                    {rows: spans, missing_columns: maybe, span: {trace_id: t, span_id: s}} | missing_columns must be one of refused, allowed
                    {rows: spans, detect: [a], span: {trace_id: t, span_id: s}} | detect must hold columns with their types, not a list
                    {rows: spans, detect: {a: text}, span: {trace_id: t, span_id: s}} | detect.a must be one or more of boolean, int, long
                    {rows: spans, detect: {a: []}, span: {trace_id: t, span_id: s}} | detect.a must not be empty
                    {rows: spans, position: {partition: p}, span: {trace_id: t, span_id: s}} | position.offset is missing
                    {rows: spans, key: k, span: {trace_id: t, span_id: s}} | unknown field key; known are rows, detect, span
                    {rows: spans, value: v, span: {trace_id: t, span_id: s}} | unknown field value; known are rows, detect, span
                    {rows: spans                            | not valid YAML
                    """)
    void whatIsNotUnderstoodIsRefusedWithItsPlace(String text, String problem) {
        assertThatThrownBy(() -> LayoutParser.parse("own", text, "own.yaml")).isInstanceOf(ConfigException.class)
                .hasMessageStartingWith("own.yaml, line ").hasMessageContaining(problem);
    }

    /** A reader copies what he finds there. */
    @Test
    void examplesOfTheGuideAreMappings() throws IOException {
        List<String> examples = Pattern.compile("```yaml\n(.*?)```", Pattern.DOTALL)
                .matcher(Files.readString(CATALOG.resolve("README.md"))).results().map(MatchResult::group)
                .map(block -> block.substring("```yaml\n".length(), block.length() - "```".length())).toList();

        assertThat(examples).hasSizeGreaterThanOrEqualTo(2);
        assertThat(examples).allSatisfy(text -> assertThat(LayoutParser.parse("example", text, "README.md").name())
                .isEqualTo("example"));
    }
}
