package dev.tailsampling.lake;

import dev.tailsampling.parquet.ByteRange;
import dev.tailsampling.parquet.FileBytes;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * Reads ranges of a file in the background before they are asked for, neighbours in one request, in blocks, as far as a
 * budget of bytes goes. What was not read ahead is read when it is asked for, so nobody waits for the budget.
 *
 * <p>One thread reads, the executor's threads load.
 */
final class ReadAhead implements FileBytes, AutoCloseable {

    /** A request costs about as much as the transfer of so many bytes, so smaller gaps are read over. */
    private static final long GAP = 256 << 10;
    private static final long BLOCK = 4L << 20;

    /** A stretch of the file on its way. */
    private static final class Block {
        private final ByteRange range;
        private @Nullable CompletableFuture<byte[]> loading;
        /** Of the bytes that were announced; those of the gaps are never asked for. */
        private long unread;

        Block(ByteRange range, List<ByteRange> wanted) {
            this.range = range;
            this.unread = wanted.stream().mapToLong(part -> overlap(part, range)).sum();
        }

        private static long overlap(ByteRange one, ByteRange other) {
            long from = Math.max(one.position(), other.position());
            long to = Math.min(one.position() + one.length(), other.position() + other.length());
            return Math.max(0, to - from);
        }

        boolean has(long position) {
            return position >= range.position() && position < range.position() + range.length();
        }
    }

    private final FileBytes file;
    private final ReadBudget budget;
    private final Executor executor;
    private final TreeMap<Long, Block> blocks = new TreeMap<>();

    ReadAhead(FileBytes file, ReadBudget budget, Executor executor) {
        this.file = file;
        this.budget = budget;
        this.executor = executor;
    }

    /** These ranges will be read, about in this order. */
    void expect(List<ByteRange> ranges) {
        for (ByteRange range : coalesced(ranges)) {
            long end = range.position() + range.length();
            for (long from = range.position(); from < end; from += BLOCK) {
                blocks.put(from, new Block(new ByteRange(from, Math.min(BLOCK, end - from)), ranges));
            }
        }
        loadMore();
    }

    static List<ByteRange> coalesced(List<ByteRange> ranges) {
        List<ByteRange> ascending = new ArrayList<>(ranges);
        ascending.sort(Comparator.comparingLong(ByteRange::position));
        List<ByteRange> joined = new ArrayList<>();
        for (ByteRange range : ascending) {
            ByteRange last = joined.isEmpty() ? null : joined.getLast();
            if (last != null && range.position() <= last.position() + last.length() + GAP) {
                long end = Math.max(last.position() + last.length(), range.position() + range.length());
                joined.set(joined.size() - 1, new ByteRange(last.position(), end - last.position()));
            } else {
                joined.add(range);
            }
        }
        return joined;
    }

    private void loadMore() {
        for (Block block : blocks.values()) {
            if (block.loading == null) {
                if (!budget.tryTake(block.range.length())) {
                    return;
                }
                block.loading = CompletableFuture.supplyAsync(() -> load(block.range), executor);
            }
        }
    }

    private byte[] load(ByteRange range) {
        byte[] bytes = new byte[(int) range.length()];
        file.readFully(range.position(), bytes, 0, bytes.length);
        return bytes;
    }

    @Override
    public String location() {
        return file.location();
    }

    @Override
    public long length() {
        return file.length();
    }

    @Override
    public void readFully(long position, byte[] into, int offset, int bytes) {
        int read = 0;
        while (read < bytes) {
            read += readSome(position + read, into, offset + read, bytes - read);
        }
    }

    private int readSome(long position, byte[] into, int offset, int bytes) {
        var entry = blocks.floorEntry(position);
        Block block = entry == null ? null : entry.getValue();
        if (block == null || !block.has(position)) {
            Long next = blocks.higherKey(position);
            return readNow(position, into, offset, next == null ? bytes : (int) Math.min(bytes, next - position));
        }
        int within = (int) Math.min(bytes, block.range.position() + block.range.length() - position);
        CompletableFuture<byte[]> loading = block.loading;
        if (loading == null) {
            blocks.remove(block.range.position());
            return readNow(position, into, offset, within);
        }
        System.arraycopy(loaded(loading), (int) (position - block.range.position()), into, offset, within);
        block.unread -= within;
        if (block.unread <= 0) {
            drop(block);
            loadMore();
        }
        return within;
    }

    private int readNow(long position, byte[] into, int offset, int bytes) {
        file.readFully(position, into, offset, bytes);
        return bytes;
    }

    private static byte[] loaded(CompletableFuture<byte[]> loading) {
        try {
            return loading.join();
        } catch (CompletionException e) {
            throw e.getCause() instanceof RuntimeException failure ? failure : e;
        }
    }

    private void drop(Block block) {
        blocks.remove(block.range.position());
        if (block.loading != null) {
            budget.giveBack(block.range.length());
        }
    }

    /** Waits for what is loading, and lets go of it. The file stays open. */
    @Override
    public void close() {
        for (Block block : List.copyOf(blocks.values())) {
            if (block.loading != null) {
                awaitEnd(block.loading);
            }
            drop(block);
        }
    }

    private static void awaitEnd(CompletableFuture<byte[]> loading) {
        try {
            loading.join();
        } catch (CompletionException e) {
            if (e.getCause() instanceof Error error) {
                throw error;
            }
            // Nobody needed the bytes.
        }
    }
}
