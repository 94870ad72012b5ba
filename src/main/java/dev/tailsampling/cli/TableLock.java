package dev.tailsampling.cli;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;

/** Keeps a second process with the same home from deciding on the same table. The system frees it when a process dies. */
final class TableLock implements AutoCloseable {

    private final FileChannel channel;

    private TableLock(FileChannel channel) {
        this.channel = channel;
    }

    /**
     * Takes the lock at once.
     *
     * @throws CommandException if another process has it
     */
    static TableLock acquire(Path home, String table) {
        return acquire(home, table, "scanning " + table);
    }

    /**
     * Takes the lock of one backfill run at once. It may run while its table is scanned.
     *
     * @throws CommandException if another process has it
     */
    static TableLock ofRun(Path home, String runId) {
        return acquire(home, "backfill#" + runId, "working on backfill run " + runId);
    }

    private static TableLock acquire(Path home, String name, String doing) {
        Path file = home.resolve("locks").resolve(name.replace('/', '_') + ".lock");
        try {
            Files.createDirectories(file.getParent());
            FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            if (tryLock(channel) == null) {
                channel.close();
                throw new CommandException("another process is " + doing + " with the home folder " + home
                        + ": stop it, or wait until it has ended");
            }
            return new TableLock(channel);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot lock " + file + ": " + e.getMessage(), e);
        }
    }

    private static @Nullable FileLock tryLock(FileChannel channel) throws IOException {
        try {
            return channel.tryLock();
        } catch (OverlappingFileLockException e) {
            return null;
        }
    }

    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
