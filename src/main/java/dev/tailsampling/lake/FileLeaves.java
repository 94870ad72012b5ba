package dev.tailsampling.lake;

import dev.tailsampling.parquet.Leaf;
import dev.tailsampling.parquet.ParquetFile;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.iceberg.Table;
import org.apache.iceberg.TableProperties;
import org.apache.iceberg.mapping.MappingUtil;
import org.apache.iceberg.mapping.NameMapping;
import org.apache.iceberg.mapping.NameMappingParser;
import org.apache.iceberg.parquet.ParquetSchemaUtil;
import org.apache.parquet.column.ColumnDescriptor;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.Type;
import org.jspecify.annotations.Nullable;

/** The columns of a data file by the ids of the table's fields. Immutable. */
final class FileLeaves {

    private final Map<Integer, Leaf> byFieldId = new HashMap<>();
    private final MessageType schema;

    /** A file without field ids is read by its names: as the table's name mapping says, else by the present ones. */
    FileLeaves(ParquetFile file, Table table) {
        schema = file.schema();
        MessageType withIds =
                file.hasFieldIds() ? schema : ParquetSchemaUtil.applyNameMapping(schema, nameMapping(table));
        List<ColumnDescriptor> columns = withIds.getColumns();
        for (int ordinal = 0; ordinal < columns.size(); ordinal++) {
            Type.ID id = columns.get(ordinal).getPrimitiveType().getId();
            if (id != null) {
                byFieldId.put(id.intValue(), file.leaves().get(ordinal));
            }
        }
    }

    private static NameMapping nameMapping(Table table) {
        String mapping = table.properties().get(TableProperties.DEFAULT_NAME_MAPPING);
        return mapping == null ? MappingUtil.create(table.schema()) : NameMappingParser.fromJson(mapping);
    }

    /** The column of a field, null if the file does not have it. */
    @Nullable
    Leaf of(int fieldId) {
        return byFieldId.get(fieldId);
    }

    /** At which definition level the outermost list around a column has an item. */
    int itemDefinitionLevel(Leaf leaf) {
        String[] path = leaf.descriptor().getPath();
        for (int depth = 1; depth <= path.length; depth++) {
            String[] outer = Arrays.copyOf(path, depth);
            if (schema.getType(outer).isRepetition(Type.Repetition.REPEATED)) {
                return schema.getMaxDefinitionLevel(outer);
            }
        }
        throw new IllegalArgumentException("column " + leaf + " is in no list");
    }
}
