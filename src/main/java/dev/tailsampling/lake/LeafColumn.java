package dev.tailsampling.lake;

import dev.tailsampling.parquet.Leaf;
import dev.tailsampling.parquet.ParquetFile;
import org.apache.iceberg.types.Type;
import org.jspecify.annotations.Nullable;

/**
 * A column with one value in each row, at the top level or within structs. Immutable.
 *
 * @param fieldId its field id, by which it is found in data files
 * @param path its path in the current schema, for messages and for files without field ids
 * @param type its type in the current schema
 */
record LeafColumn(int fieldId, String path, Type type) {

    /**
     * The column in a file, null if the file was written without it. Files that other tools wrote and that were
     * registered afterwards have no field ids, only names.
     */
    @Nullable
    Leaf in(ParquetFile file) {
        return file.hasFieldIds() ? file.leaf(fieldId) : file.leaf(path.split("\\.", -1));
    }
}
