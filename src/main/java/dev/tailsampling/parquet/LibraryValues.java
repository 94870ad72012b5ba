package dev.tailsampling.parquet;

import java.io.IOException;
import java.nio.ByteBuffer;
import org.apache.parquet.CorruptDeltaByteArrays;
import org.apache.parquet.bytes.ByteBufferInputStream;
import org.apache.parquet.column.Encoding;
import org.apache.parquet.column.ValuesType;
import org.apache.parquet.column.values.ValuesReader;
import org.apache.parquet.io.ParquetDecodingException;

/** Decodes the values of a page by parquet-java's reader of their encoding. */
final class LibraryValues {

    /** Values that share prefixes can take far more than their page; this bounds what a damaged one can allocate. */
    private static final int MAX_BYTES = 1 << 28;

    private LibraryValues() {}

    static void decode(ChunkMeta chunk, RawPage raw, int from, int count, Values into) {
        Place place = chunk.place();
        Encoding encoding = Encodings.ofLibrary(raw.encoding, place);
        place.require(from <= raw.end, "a page ends before its values");
        requireSound(chunk, encoding, raw, from, count);
        try {
            ValuesReader reader = encoding.getValuesReader(chunk.leaf().descriptor(), ValuesType.VALUES);
            ByteBuffer bytes = ByteBuffer.wrap(raw.bytes, from, raw.end - from).slice();
            reader.initFromPage(count, ByteBufferInputStream.wrap(bytes));
            into.bytes = new byte[raw.end - from];
            read(reader, chunk, count, into);
        } catch (CorruptFileException e) {
            throw e;
        } catch (IOException | RuntimeException e) {
            throw place.corrupt("a page's values of encoding " + encoding + " cannot be decoded: " + e.getMessage(), e);
        }
    }

    private static void requireSound(ChunkMeta chunk, Encoding encoding, RawPage raw, int from, int count) {
        Place place = chunk.place();
        place.require(!CorruptDeltaByteArrays.requiresSequentialReads(chunk.createdBy(), encoding),
                "its values are damaged by a defect of their writer (PARQUET-246); write the file anew");
        switch (encoding) {
            case DELTA_BINARY_PACKED, DELTA_LENGTH_BYTE_ARRAY ->
                DeltaBlocks.requireSound(place, raw.bytes, from, raw.end, count);
            case DELTA_BYTE_ARRAY -> {
                int suffixes = DeltaBlocks.requireSound(place, raw.bytes, from, raw.end, count);
                DeltaBlocks.requireSound(place, raw.bytes, suffixes, raw.end, count);
            }
            default -> {
                // Its size follows from the number of values.
            }
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
            byte[] bytes = reader.readBytes().getBytesUnsafe();
            at = into.put(i, at, bytes, 0, bytes.length, place);
            place.require(at <= MAX_BYTES, "the values of a page take more than " + MAX_BYTES + " bytes");
        }
    }
}
