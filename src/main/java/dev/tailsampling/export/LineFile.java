package dev.tailsampling.export;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;

/** A file of lines that is appended to. Opened when first written to, and again after a failure. Not thread-safe. */
final class LineFile implements LineTarget {

    private static final int BUFFER_BYTES = 64 << 10;

    private final Path path;
    private @Nullable FileChannel channel;
    private @Nullable OutputStream buffer;

    LineFile(Path path) {
        this.path = path;
    }

    @Override
    public OutputStream stream() throws IOException {
        OutputStream open = buffer;
        return open == null ? open() : open;
    }

    private OutputStream open() throws IOException {
        Files.createDirectories(path.toAbsolutePath().normalize().getParent());
        endTornLine();
        FileChannel opened = FileChannel.open(path, StandardOpenOption.CREATE, StandardOpenOption.WRITE,
                StandardOpenOption.APPEND);
        OutputStream buffered = new BufferedOutputStream(Channels.newOutputStream(opened), BUFFER_BYTES);
        channel = opened;
        buffer = buffered;
        return buffered;
    }

    /** A line that was cut off by a crash or a full disk must not swallow the next one. */
    private void endTornLine() throws IOException {
        if (!Files.isRegularFile(path) || Files.size(path) == 0) {
            return;
        }
        try (FileChannel file = FileChannel.open(path, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            ByteBuffer last = ByteBuffer.allocate(1);
            if (file.read(last, file.size() - 1) == 1 && last.get(0) != '\n') {
                file.write(ByteBuffer.wrap(new byte[]{'\n'}), file.size());
            }
        }
    }

    /** A pipe or a device has no disk to be forced to. */
    @Override
    public void force() throws IOException {
        FileChannel open = channel;
        if (open != null && Files.isRegularFile(path)) {
            open.force(true);
        }
    }

    @Override
    public void close() {
        FileChannel open = channel;
        channel = null;
        buffer = null;
        try {
            if (open != null) {
                open.close();
            }
        } catch (IOException e) {
            // Nobody waits for bytes that were not flushed.
        }
    }

    @Override
    public String toString() {
        return path.toString();
    }
}
