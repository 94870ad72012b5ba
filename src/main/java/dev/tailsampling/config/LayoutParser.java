package dev.tailsampling.config;

import dev.tailsampling.config.YamlNode.Field;
import dev.tailsampling.config.YamlNode.Mapping;
import dev.tailsampling.config.YamlNode.Scalar;
import dev.tailsampling.config.YamlNode.Sequence;
import dev.tailsampling.layout.ColumnTest;
import dev.tailsampling.layout.ColumnType;
import dev.tailsampling.layout.EpochUnit;
import dev.tailsampling.layout.MessageEncoding;
import dev.tailsampling.layout.PositionColumns;
import dev.tailsampling.layout.TableLayout;
import dev.tailsampling.layout.TableLayout.Presence;
import dev.tailsampling.layout.TimeColumn;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Parses files that describe the layout of a table; {@code catalog/README.md} says what they look like. */
final class LayoutParser {

    private final PolicyFields fields;
    private final String name;

    private LayoutParser(PolicyFields fields, String name) {
        this.fields = fields;
        this.name = name;
    }

    /**
     * The layout that a text describes.
     *
     * @param name of the layout
     * @param file name of the text, for messages
     * @throws ConfigException if it is not understood; one sentence with file, line and column
     */
    static TableLayout parse(String name, String text, String file) {
        try {
            PolicyFields fields = new PolicyFields("layout '" + name + "'", "", YamlReader.read(text, file));
            TableLayout layout = new LayoutParser(fields, name).layout();
            fields.finish();
            return layout;
        } catch (YamlException e) {
            throw new ConfigException(String.valueOf(e.getMessage()), e);
        }
    }

    private TableLayout layout() {
        String rows = fields.text("rows");
        return switch (rows) {
            case "messages" -> messages();
            case "nested" -> new TableLayout.Nested(name, detect(), fields.text("resource_spans"),
                    optionalText(fields, "key"), position(), required("arrival"));
            case "spans" -> new TableLayout.Spans(name, detect(), new SpanColumnsParser(requiredBlock("span")).parse(),
                    presence(), position(), time(fields, "arrival"));
            default -> throw fields.refuse(fields.get("rows").origin(),
                    "rows must be one of messages, nested, spans, not \"" + rows + "\"");
        };
    }

    private TableLayout messages() {
        PolicyFields value = requiredBlock("value");
        TableLayout layout = new TableLayout.Records(name, detect(), value.text("column"),
                choice(value, "encoding", MessageEncoding.class), optionalText(fields, "key"), position(),
                required("arrival"));
        value.finish();
        return layout;
    }

    private PolicyFields requiredBlock(String block) {
        fields.get(block);
        return Objects.requireNonNull(fields.block(block));
    }

    private Presence presence() {
        return fields.find("missing_columns") == null || choice(fields, "missing_columns", Missing.class)
                == Missing.REFUSED ? Presence.REQUIRED : Presence.OPTIONAL;
    }

    /** What may be said of columns that a mapping names and a table has not. */
    private enum Missing {
        REFUSED, ALLOWED
    }

    private List<ColumnTest> detect() {
        YamlNode node = fields.find("detect");
        if (node == null) {
            return List.of();
        }
        if (!(node instanceof Mapping mapping)) {
            throw fields.refuse(node.origin(), "detect must hold columns with their types, not " + node.kind());
        }
        List<ColumnTest> tests = new ArrayList<>();
        for (Field column : mapping.fields().values()) {
            tests.add(new ColumnTest(column.name(), types(column)));
        }
        return tests;
    }

    private Set<ColumnType> types(Field column) {
        Set<ColumnType> types = EnumSet.noneOf(ColumnType.class);
        List<YamlNode> nodes = column.value() instanceof Sequence list ? list.items() : List.of(column.value());
        for (YamlNode node : nodes) {
            ColumnType type = node instanceof Scalar scalar ? ColumnType.ofWord(scalar.text()) : null;
            if (type == null || type == ColumnType.OTHER) {
                throw fields.refuse(node.origin(), "detect." + column.name() + " must be one or more of "
                        + words(ColumnType.class, type == null ? ColumnType.OTHER : type) + ", not " + node.kind());
            }
            types.add(type);
        }
        if (types.isEmpty()) {
            throw fields.refuse(column.value().origin(), "detect." + column.name() + " must not be empty");
        }
        return types;
    }

    private @Nullable PositionColumns position() {
        PolicyFields position = fields.block("position");
        if (position == null) {
            return null;
        }
        PositionColumns columns = new PositionColumns(position.text("partition"), position.text("offset"));
        position.finish();
        return columns;
    }

    private TimeColumn required(String field) {
        fields.get(field);
        return Objects.requireNonNull(time(fields, field));
    }

    /** A column of times or durations: its path, or its path and a unit; null if the field is absent. */
    static @Nullable TimeColumn time(PolicyFields fields, String name) {
        if (fields.find(name) instanceof Mapping) {
            PolicyFields time = Objects.requireNonNull(fields.block(name));
            TimeColumn column = new TimeColumn(time.text("column"), time.find("unit") == null
                    ? EpochUnit.NS
                    : choice(time, "unit", EpochUnit.class));
            time.finish();
            return column;
        }
        String column = optionalText(fields, name);
        return column == null ? null : new TimeColumn(column, EpochUnit.NS);
    }

    /** A text; null if the field is absent. */
    static @Nullable String optionalText(PolicyFields fields, String name) {
        return fields.find(name) == null ? null : fields.text(name);
    }

    private static <E extends Enum<E>> E choice(PolicyFields fields, String name, Class<E> type) {
        String word = fields.text(name);
        for (E constant : type.getEnumConstants()) {
            if (constant.name().toLowerCase(Locale.ROOT).equals(word)) {
                return constant;
            }
        }
        throw fields.refuse(fields.get(name).origin(),
                name + " must be one of " + words(type, null) + ", not \"" + word + "\"");
    }

    private static <E extends Enum<E>> String words(Class<E> type, @Nullable E leftOut) {
        return Stream.of(type.getEnumConstants()).filter(constant -> constant != leftOut)
                .map(constant -> constant.name().toLowerCase(Locale.ROOT)).collect(Collectors.joining(", "));
    }
}
