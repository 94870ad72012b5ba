package dev.tailsampling.parquet;

import org.apache.parquet.column.ColumnDescriptor;
import org.apache.parquet.schema.LogicalTypeAnnotation;
import org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName;
import org.apache.parquet.schema.Type;
import org.jspecify.annotations.Nullable;

/**
 * A column of a file: a primitive field of its schema.
 *
 * @param ordinal its place among the schema's primitive fields, from 0
 */
public record Leaf(int ordinal, ColumnDescriptor descriptor) {

    /** {@link #fieldId()} of a column without one. */
    public static final int NO_FIELD_ID = -1;

    /** The definition level of an entry that is not null. */
    public int maxDefinitionLevel() {
        return descriptor.getMaxDefinitionLevel();
    }

    /** How many repeated fields are around it; 0 for a flat column. */
    public int maxRepetitionLevel() {
        return descriptor.getMaxRepetitionLevel();
    }

    /** A flat column has one entry a row. */
    public boolean isFlat() {
        return maxRepetitionLevel() == 0;
    }

    /** How its values are stored. */
    public PrimitiveTypeName physicalType() {
        return descriptor.getPrimitiveType().getPrimitiveTypeName();
    }

    /** What its values mean, if the schema says so. */
    public @Nullable LogicalTypeAnnotation logicalType() {
        return descriptor.getPrimitiveType().getLogicalTypeAnnotation();
    }

    /** The id that Iceberg gave the field, or {@link #NO_FIELD_ID}. */
    public int fieldId() {
        Type.ID id = descriptor.getPrimitiveType().getId();
        return id == null ? NO_FIELD_ID : id.intValue();
    }

    /** Its path with dots. */
    @Override
    public String toString() {
        return String.join(".", descriptor.getPath());
    }
}
