package dev.tailsampling.lake;

import java.util.ArrayList;
import java.util.List;
import org.apache.iceberg.catalog.Namespace;
import org.apache.iceberg.catalog.TableIdentifier;

/**
 * Name of a table as users write it, "namespace.table". AutoMQ's namespaces have one level while its table names are
 * Kafka topic names, which may contain dots; so the first dot separates. Other writers have namespaces of several
 * levels: those readings of the name come second.
 *
 * @param text "namespace.table"
 * @param readings all ways to read it, the likeliest first
 */
record TableName(String text, List<TableIdentifier> readings) {

    /**
     * The name of a source table.
     *
     * @throws IllegalArgumentException if the text is no such name
     */
    static TableName of(String text) {
        if (text.isBlank() || text.startsWith(".") || text.endsWith(".") || text.contains("..")) {
            throw new IllegalArgumentException("a table is named like namespace.table, not like '" + text + "'");
        }
        List<TableIdentifier> readings = new ArrayList<>();
        for (int dot = text.indexOf('.'); dot >= 0; dot = text.indexOf('.', dot + 1)) {
            readings.add(TableIdentifier.of(namespace(text.substring(0, dot)), text.substring(dot + 1)));
        }
        return new TableName(text, readings.isEmpty() ? List.of(TableIdentifier.of(text)) : List.copyOf(readings));
    }

    /** The name of a table of ours, which has no dot, in a namespace of one or more levels. */
    static TableName in(String namespace, String table) {
        return new TableName(namespace + "." + table, List.of(TableIdentifier.of(namespace(namespace), table)));
    }

    private static Namespace namespace(String levels) {
        return Namespace.of(levels.split("\\.", -1));
    }

    /** The way a new table is created. */
    TableIdentifier identifier() {
        return readings.getFirst();
    }

    @Override
    public String toString() {
        return text;
    }
}
