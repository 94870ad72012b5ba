package dev.tailsampling.parquet;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.parquet.column.ColumnDescriptor;
import org.apache.parquet.hadoop.metadata.BlockMetaData;
import org.apache.parquet.hadoop.metadata.ParquetMetadata;
import org.apache.parquet.schema.GroupType;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.Type;
import org.jspecify.annotations.Nullable;

/**
 * A Parquet file whose footer has been read. Immutable; {@link FileBytes} stays open and is the caller's to close. Row groups and cursors
 * use the {@link ReadCounters} given here, so one thread at a time may read.
 */
public final class ParquetFile {

    private final MessageType schema;
    private final List<Leaf> leaves;
    private final List<RowGroup> rowGroups;
    private final boolean hasFieldIds;

    private ParquetFile(FileBytes file, ReadCounters counters, Place place, ParquetMetadata footer) {
        schema = footer.getFileMetaData().getSchema();
        hasFieldIds = hasIds(schema);
        leaves = leaves(schema);
        String createdBy = footer.getFileMetaData().getCreatedBy();
        List<RowGroup> groups = new ArrayList<>();
        for (BlockMetaData block : footer.getBlocks()) {
            groups.add(new RowGroup(file, counters, place, createdBy, groups.size(), block));
        }
        rowGroups = List.copyOf(groups);
    }

    /**
     * Reads the footer: in one read, if it is not unusually large.
     *
     * @throws CorruptFileException if the file is not a Parquet file, is damaged, or its footer is encrypted
     */
    public static ParquetFile open(FileBytes bytes, ReadCounters counters) {
        Place place = Place.file(bytes.location());
        return new ParquetFile(bytes, counters, place, Footer.read(bytes, place, counters));
    }

    /** The file's schema. */
    public MessageType schema() {
        return schema;
    }

    /** All columns, in the order of the schema. */
    public List<Leaf> leaves() {
        return leaves;
    }

    /** In the order of the file. */
    public List<RowGroup> rowGroups() {
        return rowGroups;
    }

    /** True if some field of the schema has an id; without, columns can only be told by name. */
    public boolean hasFieldIds() {
        return hasFieldIds;
    }

    /** The column with this field id, or null. */
    public @Nullable Leaf leaf(int fieldId) {
        for (Leaf leaf : leaves) {
            if (leaf.fieldId() == fieldId && fieldId != Leaf.NO_FIELD_ID) {
                return leaf;
            }
        }
        return null;
    }

    /** The column at this path, names of the schema from the top, or null. */
    public @Nullable Leaf leaf(String... path) {
        for (Leaf leaf : leaves) {
            if (Arrays.equals(leaf.descriptor().getPath(), path)) {
                return leaf;
            }
        }
        return null;
    }

    private static List<Leaf> leaves(MessageType schema) {
        List<Leaf> leaves = new ArrayList<>();
        for (ColumnDescriptor column : schema.getColumns()) {
            leaves.add(new Leaf(leaves.size(), column));
        }
        return List.copyOf(leaves);
    }

    private static boolean hasIds(Type type) {
        return type.getId() != null
                || type instanceof GroupType group && group.getFields().stream().anyMatch(ParquetFile::hasIds);
    }
}
