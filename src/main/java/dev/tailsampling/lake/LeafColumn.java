package dev.tailsampling.lake;

import org.apache.iceberg.types.Type;

/**
 * A column with one value in each row, at the top level or within structs. Immutable.
 *
 * @param fieldId its field id, by which it is found in data files
 * @param path its path in the current schema, for messages
 * @param type its type in the current schema
 */
record LeafColumn(int fieldId, String path, Type type) {}
