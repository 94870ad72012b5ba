package dev.tailsampling.parquet;

import java.io.IOException;
import java.nio.ByteBuffer;
import org.apache.parquet.bytes.ByteBufferInputStream;
import org.apache.parquet.column.ColumnDescriptor;
import org.apache.parquet.column.ValuesType;
import org.apache.parquet.column.values.ValuesReader;
import org.apache.parquet.io.ParquetDecodingException;
import org.apache.parquet.io.api.Binary;

/** Decodes the values of a page by parquet-java's reader of their encoding. */
final class LibraryValues {

    private LibraryValues() {
    }

    static void decode(ChunkMeta chunk, RawPage raw, int from, int count, Values into) {
        Place place = chunk.place();
        ColumnDescriptor column = chunk.leaf().descriptor();
        place.require(from <= raw.end, "a page ends before its values");
        try {
            ValuesReader reader = Encodings.ofLibrary(raw.encoding, place).getValuesReader(column, ValuesType.VALUES);
            ByteBuffer bytes = ByteBuffer.wrap(raw.bytes, from, raw.end - from).slice();
            reader.initFromPage(count, ByteBufferInputStream.wrap(bytes));
            into.bytes = new byte[raw.end - from];
            read(reader, chunk, count, into);
        } catch (CorruptFileException e) {
            throw e;
        } catch (IOException | RuntimeException e) {
            throw place.corrupt("a page's values cannot be decoded: " + e.getMessage(), e);
        }
    }

    private static void read(ValuesReader reader, ChunkMeta chunk, int count, Values into) {
        into.room(count);
        switch (chunk.leaf().physicalType()) {
            case INT32 -> {
                for (int i = 0; i < count; i++) {
                    into.longs[i] = reader.readInteger();
                }
            }
            case INT64 -> {
                for (int i = 0; i < count; i++) {
                    into.longs[i] = reader.readLong();
                }
            }
            case FLOAT -> {
                for (int i = 0; i < count; i++) {
                    into.doubles[i] = reader.readFloat();
                }
            }
            case DOUBLE -> {
                for (int i = 0; i < count; i++) {
                    into.doubles[i] = reader.readDouble();
                }
            }
            case BINARY, FIXED_LEN_BYTE_ARRAY -> readBytes(reader, chunk.place(), count, into);
            case BOOLEAN, INT96 -> throw new ParquetDecodingException("the encoding does not fit the column's type");
        }
    }

    private static void readBytes(ValuesReader reader, Place place, int count, Values into) {
        int at = 0;
        for (int i = 0; i < count; i++) {
            Binary value = reader.readBytes();
            byte[] bytes = value.getBytesUnsafe();
            at = into.put(i, at, bytes, 0, bytes.length, place);
        }
    }
}
