package dev.tailsampling.parquet;

import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.zip.GZIPInputStream;
import org.apache.parquet.ParquetReadOptions;
import org.apache.parquet.bytes.BytesInput;
import org.apache.parquet.compression.CompressionCodecFactory.BytesInputDecompressor;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;
import org.jspecify.annotations.Nullable;
import org.xerial.snappy.Snappy;

/** Decompresses the pages of one column chunk. */
final class Decompressor {

    /** A block of zstd takes 4 bytes at least and gives 128 KiB at most. */
    private static final long ZSTD_MAX_RATIO = 1 << 15;
    private static final long GZIP_MAX_RATIO = 1033;
    private static final long LZ4_MAX_RATIO = 256;
    private static final long SNAPPY_MAX_RATIO = 22;
    /** For what a codec's own header and an almost empty page may add. */
    private static final int RATIO_BASE = 16;

    private final CompressionCodecName codec;
    private final Place place;
    private @Nullable BytesInputDecompressor library;

    Decompressor(CompressionCodecName codec, Place place) {
        this.codec = codec;
        this.place = place;
    }

    /** True for a codec that parquet-java has to decompress. */
    boolean isByLibrary() {
        return switch (codec) {
            case UNCOMPRESSED, ZSTD, SNAPPY, GZIP, LZ4_RAW -> false;
            case LZ4, LZO, BROTLI -> true;
        };
    }

    /** The most that so many compressed bytes can become. */
    long maxSize(int compressed) {
        return switch (codec) {
            case UNCOMPRESSED -> compressed;
            case ZSTD -> (compressed + RATIO_BASE) * ZSTD_MAX_RATIO;
            case SNAPPY -> (compressed + RATIO_BASE) * SNAPPY_MAX_RATIO;
            case GZIP -> (compressed + RATIO_BASE) * GZIP_MAX_RATIO;
            case LZ4_RAW -> (compressed + RATIO_BASE) * LZ4_MAX_RATIO;
            case LZ4, LZO, BROTLI -> Integer.MAX_VALUE;
        };
    }

    /** Fills exactly {@code size} bytes of {@code out} from {@code to} on. */
    void decompress(byte[] in, int from, int length, byte[] out, int to, int size) {
        try {
            int actual = switch (codec) {
                case UNCOMPRESSED -> copy(in, from, length, out, to, size);
                case ZSTD -> zstd(in, from, length, out, to, size);
                case SNAPPY -> snappy(in, from, length, out, to, size);
                case GZIP -> gzip(in, from, length, out, to, size);
                case LZ4_RAW -> Lz4Block.decompress(in, from, length, out, to, size) ? size : -1;
                case LZ4, LZO, BROTLI -> byLibrary(in, from, length, out, to, size);
            };
            place.require(actual == size, "a page does not decompress by " + codec + " to the " + size
                    + " bytes that its header claims");
        } catch (IOException | ZstdException e) {
            throw place.corrupt("a page does not decompress by " + codec + ": " + e.getMessage(), e);
        }
    }

    private static int copy(byte[] in, int from, int length, byte[] out, int to, int size) {
        System.arraycopy(in, from, out, to, Math.min(length, size));
        return length;
    }

    private static int zstd(byte[] in, int from, int length, byte[] out, int to, int size) {
        return (int) Zstd.decompressByteArray(out, to, size, in, from, length);
    }

    /** Snappy writes as much as its own header says, so that is compared first. */
    private static int snappy(byte[] in, int from, int length, byte[] out, int to, int size) throws IOException {
        int claimed = length == 0 ? -1 : Snappy.uncompressedLength(in, from, length);
        return claimed == size ? Snappy.uncompress(in, from, length, out, to) : claimed;
    }

    private static int gzip(byte[] in, int from, int length, byte[] out, int to, int size) throws IOException {
        try (GZIPInputStream stream = new GZIPInputStream(new ByteArrayInputStream(in, from, length))) {
            int actual = stream.readNBytes(out, to, size);
            return stream.read() < 0 ? actual : -1;
        }
    }

    /** What it throws depends on the codec, and on which optional jars are there. */
    private int byLibrary(byte[] in, int from, int length, byte[] out, int to, int size) throws IOException {
        try {
            if (library == null) {
                library = ParquetReadOptions.builder().build().getCodecFactory().getDecompressor(codec);
            }
            byte[] bytes = library.decompress(BytesInput.from(in, from, length), size).toByteArray();
            System.arraycopy(bytes, 0, out, to, Math.min(bytes.length, size));
            return bytes.length;
        } catch (RuntimeException | LinkageError e) {
            throw new IOException(String.valueOf(e.getMessage()), e);
        }
    }
}
