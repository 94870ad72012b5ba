package dev.tailsampling.layout;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The columns of a table. Immutable.
 *
 * @param types type of each column and each field within one, by its path as Iceberg spells it: {@code a.b}, and
 *     {@code a.element.b} within a list; in the order of the schema
 * @param topLevel paths of the columns that are not within another one
 */
public record TableColumns(Map<String, ColumnType> types, List<String> topLevel) {

    public TableColumns {
        types = Collections.unmodifiableMap(new LinkedHashMap<>(types));
        topLevel = List.copyOf(topLevel);
    }

    /** The type of the column at a path, null if there is none. */
    public @Nullable ColumnType type(String path) {
        return types.get(path);
    }

    /** The top-level columns with their types, for messages: "key (string), value (binary)". */
    public String describe() {
        return topLevel.stream().map(path -> path + " (" + word(path) + ")").collect(Collectors.joining(", "));
    }

    private String word(String path) {
        ColumnType type = types.get(path);
        return type == null ? "unknown" : type.word();
    }
}
