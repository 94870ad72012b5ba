package dev.tailsampling.parquet;

/**
 * A data page after decompression: repetition levels, definition levels and values one after another. Its array is reused and a little
 * longer than the page, so that bits can be read by whole words.
 */
final class RawPage {

    /** Bytes after the page that may be read, and mean nothing. */
    static final int SLACK = 64;

    byte[] bytes = {};
    int end;
    int entries;
    /** As the header claims; negative if it does not say. */
    int rows;
    int encoding;
    int definitionEncoding;
    int repetitionEncoding;
    boolean v2;
    /** Version 2 only: lengths of the two kinds of levels, which begin the page. */
    int repetitionBytes;
    int definitionBytes;

    /** Takes over what the header says, and makes room for the page. */
    void prepare(PageHeader header) {
        v2 = header.isV2();
        end = header.uncompressedSize;
        entries = header.values;
        rows = v2 ? header.rows : -1;
        encoding = header.encoding;
        definitionEncoding = header.definitionEncoding;
        repetitionEncoding = header.repetitionEncoding;
        repetitionBytes = v2 ? header.repetitionBytes : 0;
        definitionBytes = v2 ? header.definitionBytes : 0;
        if (bytes.length < end + SLACK) {
            bytes = new byte[end + SLACK];
        }
    }
}
