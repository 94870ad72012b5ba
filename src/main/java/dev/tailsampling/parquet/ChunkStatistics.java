package dev.tailsampling.parquet;

import java.util.OptionalLong;
import org.apache.parquet.column.statistics.Statistics;
import org.apache.parquet.schema.LogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.IntLogicalTypeAnnotation;
import org.jspecify.annotations.Nullable;

/**
 * What the footer says about the values of a column chunk.
 *
 * @param nullCount how many entries are null, if known
 * @param bounds between which all values that are not null lie, both inclusive; null if unknown or not trustworthy
 */
public record ChunkStatistics(OptionalLong nullCount, @Nullable Bounds bounds) {

    /** The smallest and the largest value, or something beyond them. */
    public sealed interface Bounds {}

    /** Of signed INT32 and INT64. */
    public record LongBounds(long min, long max) implements Bounds {}

    /** Of BYTE_ARRAY and FIXED_LEN_BYTE_ARRAY in the order of the column's logical type; may be cut to prefixes. */
    public record BytesBounds(byte[] min, byte[] max) implements Bounds {}

    static @Nullable ChunkStatistics of(Leaf leaf, @Nullable Statistics<?> footer) {
        if (footer == null) {
            return null;
        }
        OptionalLong nulls = footer.isNumNullsSet() ? OptionalLong.of(footer.getNumNulls()) : OptionalLong.empty();
        return new ChunkStatistics(nulls, footer.hasNonNullValue() ? bounds(leaf, footer) : null);
    }

    private static @Nullable Bounds bounds(Leaf leaf, Statistics<?> footer) {
        return switch (leaf.physicalType()) {
            case INT32, INT64 -> isUnsigned(leaf.logicalType())
                    ? null
                    : new LongBounds(((Number) footer.genericGetMin()).longValue(),
                            ((Number) footer.genericGetMax()).longValue());
            case BINARY, FIXED_LEN_BYTE_ARRAY -> new BytesBounds(footer.getMinBytes(), footer.getMaxBytes());
            case BOOLEAN, INT96, FLOAT, DOUBLE -> null;
        };
    }

    private static boolean isUnsigned(@Nullable LogicalTypeAnnotation type) {
        return type instanceof IntLogicalTypeAnnotation integer && !integer.isSigned();
    }
}
