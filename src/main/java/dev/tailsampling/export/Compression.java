package dev.tailsampling.export;

import com.github.luben.zstd.ZstdOutputStreamNoFinalizer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.util.zip.GZIPOutputStream;

/** How requests are compressed. */
public enum Compression {
    /** What every OTLP receiver takes. */
    GZIP("gzip"),
    /** Smaller and faster; the Collector takes it, others may not. */
    ZSTD("zstd"),
    /** Not at all. */
    NONE("identity");

    private static final int BUFFER_BYTES = 8192;

    private final String encoding;

    Compression(String encoding) {
        this.encoding = encoding;
    }

    /** As {@code Content-Encoding} and {@code grpc-encoding} call it. */
    String encoding() {
        return encoding;
    }

    /** The bytes, compressed. */
    byte[] compress(byte[] plain) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (OutputStream out = over(bytes)) {
            out.write(plain);
        } catch (IOException e) {
            throw new UncheckedIOException("memory does not fail like this", e);
        }
        return bytes.toByteArray();
    }

    /** A stream that compresses into another one, which is closed with it. */
    OutputStream over(OutputStream out) throws IOException {
        return switch (this) {
            case GZIP -> new GZIPOutputStream(out, BUFFER_BYTES);
            case ZSTD -> new ZstdOutputStreamNoFinalizer(out);
            case NONE -> out;
        };
    }
}
