package dev.tailsampling.parquet;

import java.nio.ByteBuffer;
import org.apache.parquet.column.ColumnDescriptor;
import org.apache.parquet.column.ColumnReader;
import org.apache.parquet.io.api.Binary;
import org.jspecify.annotations.Nullable;

/** An entry of a column as both readers see it; values are a Long, a Double, or copied bytes; null below the maximum level. */
record Entry(int repetition, int definition, @Nullable Object value) {

    static Entry ours(Leaf leaf, ColumnPage page, int entry) {
        Object value = page.isNull(entry) ? null : value(leaf, page, entry);
        return new Entry(page.repetitionLevel(entry), page.definitionLevel(entry), value);
    }

    private static Object value(Leaf leaf, ColumnPage page, int entry) {
        return switch (leaf.physicalType()) {
            case INT32, INT64, BOOLEAN, INT96 -> page.longAt(entry);
            case FLOAT, DOUBLE -> page.doubleAt(entry);
            case BINARY, FIXED_LEN_BYTE_ARRAY -> copy(page.bytesOf(entry), page.offsetOf(entry), page.lengthOf(entry));
        };
    }

    static ByteBuffer copy(byte[] bytes, int offset, int length) {
        byte[] copy = new byte[length];
        System.arraycopy(bytes, offset, copy, 0, length);
        return ByteBuffer.wrap(copy);
    }

    static Entry ofLibrary(ColumnReader reader, ColumnDescriptor column) {
        int definition = reader.getCurrentDefinitionLevel();
        Object value = definition < column.getMaxDefinitionLevel() ? null : value(reader, column);
        return new Entry(reader.getCurrentRepetitionLevel(), definition, value);
    }

    private static Object value(ColumnReader reader, ColumnDescriptor column) {
        return switch (column.getPrimitiveType().getPrimitiveTypeName()) {
            case INT32 -> (long) reader.getInteger();
            case INT64 -> reader.getLong();
            case BOOLEAN -> reader.getBoolean() ? 1L : 0L;
            case FLOAT -> (double) reader.getFloat();
            case DOUBLE -> reader.getDouble();
            case BINARY, FIXED_LEN_BYTE_ARRAY -> ByteBuffer.wrap(reader.getBinary().getBytes());
            case INT96 -> nanos(reader.getBinary());
        };
    }

    private static long nanos(Binary int96) {
        ByteBuffer bytes = int96.toByteBuffer().slice().order(java.nio.ByteOrder.LITTLE_ENDIAN);
        long nanosOfDay = bytes.getLong();
        return (bytes.getInt() - 2_440_588L) * 86_400_000_000_000L + nanosOfDay;
    }
}
