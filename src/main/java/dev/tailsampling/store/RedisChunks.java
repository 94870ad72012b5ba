package dev.tailsampling.store;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.stream.Stream;

/**
 * Cuts arguments into commands that hold up everybody else for less than a millisecond each. Made while they are sent, so
 * that memory stays bounded. Not thread-safe.
 */
final class RedisChunks implements Iterator<List<byte[]>> {

    private static final int ARGUMENTS = 500;
    private static final int BYTES = 1 << 20;

    private final Iterator<List<byte[]>> groups;

    /**
     * Cuts between groups only.
     *
     * @param groups arguments that stay together
     */
    RedisChunks(Stream<List<byte[]>> groups) {
        this.groups = groups.iterator();
    }

    @Override
    public boolean hasNext() {
        return groups.hasNext();
    }

    @Override
    public List<byte[]> next() {
        if (!groups.hasNext()) {
            throw new NoSuchElementException();
        }
        List<byte[]> chunk = new ArrayList<>();
        int bytes = 0;
        while (groups.hasNext() && chunk.size() < ARGUMENTS && bytes < BYTES) {
            for (byte[] argument : groups.next()) {
                chunk.add(argument);
                bytes += argument.length;
            }
        }
        return chunk;
    }

    /** A command for each chunk, to be iterated once. */
    <T> Iterable<RedisConnections.Call<T>> calls(CallOfChunk<T> call) {
        return () -> new Iterator<>() {
            @Override
            public boolean hasNext() {
                return RedisChunks.this.hasNext();
            }

            @Override
            public RedisConnections.Call<T> next() {
                return call.on(RedisChunks.this.next());
            }
        };
    }

    /** A command with these arguments. */
    interface CallOfChunk<T> {
        RedisConnections.Call<T> on(List<byte[]> arguments);
    }
}
