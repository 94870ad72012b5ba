package dev.tailsampling.parquet;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.Objects;
import org.apache.parquet.format.FileMetaData;
import org.apache.parquet.format.SchemaElement;
import org.apache.parquet.format.Util;
import org.apache.parquet.format.converter.ParquetMetadataConverter;
import org.apache.parquet.hadoop.metadata.ParquetMetadata;

/** Reads the end of a file: its footer, the footer's length, and a magic number. */
final class Footer {

    private static final byte[] MAGIC = "PAR1".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] ENCRYPTED_MAGIC = "PARE".getBytes(StandardCharsets.US_ASCII);
    private static final int LENGTH_AND_MAGIC = 8;
    /** The first read; larger footers take a second one. */
    private static final int TAIL = 1 << 16;
    /** What parquet-java takes. */
    private static final int MAX_LENGTH = 100 << 20;

    private Footer() {}

    static ParquetMetadata read(FileBytes file, Place place, ReadCounters counters) {
        int tailLength = (int) Math.min(file.length(), TAIL);
        place.require(tailLength >= MAGIC.length + LENGTH_AND_MAGIC, "it is too short to be a Parquet file");
        byte[] tail = read(file, file.length() - tailLength, tailLength, counters);
        int end = tailLength - LENGTH_AND_MAGIC;
        int length = Words.intAt(tail, end);
        requireMagic(place, Arrays.copyOfRange(tail, tailLength - MAGIC.length, tailLength));
        place.require(length > 0 && length <= MAX_LENGTH && length <= file.length() - LENGTH_AND_MAGIC - MAGIC.length,
                "its footer claims a length of " + length + " bytes");
        if (length <= end) {
            return parse(place, tail, end - length, length);
        }
        byte[] footer = read(file, file.length() - LENGTH_AND_MAGIC - length, length, counters);
        return parse(place, footer, 0, length);
    }

    /** Throws unless the bytes are a struct of Thrift in which no count goes beyond the bytes that are there. */
    static void requireSoundStruct(Place place, byte[] in, int from, int end) {
        CompactReader reader = new CompactReader(in, from, end);
        reader.skip(CompactReader.STRUCT);
        place.require(!reader.isExhausted() && !reader.isMalformed(), "its metadata is damaged");
    }

    private static byte[] read(FileBytes file, long position, int length, ReadCounters counters) {
        byte[] bytes = new byte[length];
        file.readFully(position, bytes, 0, length);
        counters.read(length);
        return bytes;
    }

    private static void requireMagic(Place place, byte[] magic) {
        place.require(!Arrays.equals(magic, ENCRYPTED_MAGIC), "it is encrypted, which is not supported");
        place.require(Arrays.equals(magic, MAGIC), "it does not end as a Parquet file does");
    }

    /** parquet-java believes any count, hence the check before; what it throws on nonsense is of all kinds. */
    private static ParquetMetadata parse(Place place, byte[] in, int from, int length) {
        requireSoundStruct(place, in, from, from + length);
        try {
            FileMetaData footer = Util.readFileMetaData(new ByteArrayInputStream(in, from, length));
            requireShallow(place, Objects.requireNonNull(footer.getSchema(), "no schema"));
            return new ParquetMetadataConverter().fromParquetMetadata(footer);
        } catch (CorruptFileException e) {
            throw e;
        } catch (IOException | RuntimeException e) {
            // Some of its messages go on with the whole schema.
            String reason = String.valueOf(e.getMessage()).lines().findFirst().orElse("");
            throw place.corrupt("its footer is damaged: " + reason, e);
        }
    }

    /** The schema is a tree in preorder, which parquet-java builds by recursion; levels of deeper ones would not fit a byte. */
    private static void requireShallow(Place place, List<SchemaElement> schema) {
        Deque<Integer> childrenLeft = new ArrayDeque<>();
        for (SchemaElement element : schema) {
            while (!childrenLeft.isEmpty() && childrenLeft.peek() == 0) {
                childrenLeft.pop();
            }
            if (!childrenLeft.isEmpty()) {
                childrenLeft.push(childrenLeft.pop() - 1);
            }
            if (element.isSetNum_children() && element.getNum_children() > 0) {
                childrenLeft.push(element.getNum_children());
            }
            place.require(childrenLeft.size() < Levels.MAX, "its schema is nested deeper than " + Levels.MAX);
        }
    }
}
