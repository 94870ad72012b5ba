package dev.tailsampling.lake;

import java.io.UncheckedIOException;

/**
 * Writes messages to a table. What was appended becomes visible by a commit. Not thread-safe; failures of the catalog and
 * the storage are {@link UncheckedIOException}s.
 */
public sealed interface MessageWriter extends AutoCloseable permits TableTopicWriter, SpanTableWriter {

    /** Whether the writer has read its partitions to the end. */
    enum CatchUp {
        /** More records wait, so the watermark follows record timestamps. */
        MORE_DATA,
        /** Nothing waits: every partition's watermark is at least now. */
        CAUGHT_UP
    }

    /**
     * Writes one message.
     *
     * @return its offset, if the table has offsets
     */
    long append(KafkaMessage message);

    /**
     * Commits the messages appended since the last commit. Without any there is no commit.
     *
     * @return the number of rows committed
     */
    long commit(CatchUp catchUp);

    /** Drops what was not committed. The catalog stays open. */
    @Override
    void close();
}
