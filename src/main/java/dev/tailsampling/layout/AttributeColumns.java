package dev.tailsampling.layout;

/** Where attributes are. */
public sealed interface AttributeColumns {

    /**
     * All in one column, as its type tells: a map from string to string, a list of structs with {@code key} and
     * {@code value} (a string, or a struct with the fields of OTLP's {@code AnyValue}), or a string with a JSON object.
     *
     * @param path of the column, or within parallel lists of the list that has one such value for each item
     */
    record Column(String path) implements AttributeColumns {}

    /**
     * Each in a column of its own, string, boolean, int, long, float or double.
     *
     * @param prefix what stands before the attribute's key in the name of such a top-level column, its dot included
     */
    record Prefixed(String prefix) implements AttributeColumns {}
}
