package dev.tailsampling.parquet;

import java.util.zip.CRC32;
import org.jspecify.annotations.Nullable;

/** The pages of one column chunk in the order of the file: headers first, bytes on demand. Reads the dictionary on the way. */
final class PageSource {

    /** Headers are some 30 bytes, but hold the page's smallest and largest value, too. */
    private static final int HEADER_GUESS = 1 << 10;
    /** More than any writer puts into a page; bounds what a damaged count can allocate. */
    private static final int MAX_ENTRIES = 1 << 26;
    private static final int MAX_SIZE = Integer.MAX_VALUE - 64;

    private final ChunkMeta chunk;
    private final Place place;
    private final ChunkBytes bytes;
    private final Decompressor decompressor;
    private final PageHeader header = new PageHeader();
    private final ReadCounters counters;
    private final LibraryUse libraryUse;
    private @Nullable Dictionary dictionary;
    private long entriesLeft;
    /** Data pages so far, this one included. */
    private int pages;

    PageSource(FileBytes file, ChunkMeta chunk, ReadCounters counters) {
        this.chunk = chunk;
        this.place = chunk.place();
        this.bytes = new ChunkBytes(file, chunk.range(), counters);
        this.decompressor = new Decompressor(chunk.footer().getCodec(), place);
        this.counters = counters;
        this.libraryUse = new LibraryUse(counters, place);
        this.entriesLeft = chunk.entries();
    }

    ChunkMeta chunk() {
        return chunk;
    }

    LibraryUse libraryUse() {
        return libraryUse;
    }

    /** Of the pages up to here. */
    @Nullable
    Dictionary dictionary() {
        return dictionary;
    }

    /** The header of the data page that {@link #next} has found. */
    PageHeader header() {
        return header;
    }

    /** The ordinal of that data page, from 0. */
    int ordinal() {
        return pages - 1;
    }

    /** Goes to the next data page, whose bytes must then be loaded or skipped; false after the last one. */
    boolean next() {
        while (entriesLeft > 0) {
            readHeader();
            if (header.isDataPage()) {
                place.require(header.values <= Math.min(entriesLeft, MAX_ENTRIES),
                        "a page claims " + header.values + " values, the column has " + entriesLeft + " left");
                entriesLeft -= header.values;
                pages++;
                return true;
            }
            passOther();
        }
        return false;
    }

    /** Passes over the data page. */
    void skip() {
        bytes.advance(header.compressedSize);
        counters.pageSkipped();
    }

    /** Decompresses the data page. */
    void load(RawPage into) {
        int levels = header.isV2() ? levelBytes() : 0;
        into.prepare(header);
        bytes.require(header.compressedSize);
        checkCrc();
        System.arraycopy(bytes.window(), bytes.position(), into.bytes, 0, levels);
        int from = bytes.position() + levels;
        int compressed = header.compressedSize - levels;
        int size = header.uncompressedSize - levels;
        if (header.isV2() && !header.compressed) {
            place.require(compressed == size, "an uncompressed page has two sizes");
            System.arraycopy(bytes.window(), from, into.bytes, levels, size);
        } else if (size > 0 || compressed > 0) {
            decompress(from, compressed, into.bytes, levels, size);
        }
        bytes.advance(header.compressedSize);
        counters.decompressed(header.uncompressedSize);
        counters.pageDecoded();
    }

    private int levelBytes() {
        long levels = (long) header.repetitionBytes + header.definitionBytes;
        place.require(levels <= header.uncompressedSize && levels <= header.compressedSize,
                "a page's levels are larger than the page");
        return (int) levels;
    }

    private void decompress(int from, int compressed, byte[] out, int to, int size) {
        if (decompressor.isByLibrary()) {
            libraryUse.because("codec " + chunk.footer().getCodec());
        }
        decompressor.decompress(bytes.window(), from, compressed, out, to, size);
    }

    private void passOther() {
        if (header.type == PageHeader.DICTIONARY_PAGE) {
            place.require(dictionary == null && pages == 0, "a dictionary is not at the beginning");
            readDictionary();
        } else {
            bytes.advance(header.compressedSize);
        }
    }

    private void readDictionary() {
        bytes.require(header.compressedSize);
        checkCrc();
        byte[] plain = new byte[header.uncompressedSize + RawPage.SLACK];
        if (header.uncompressedSize > 0 || header.compressedSize > 0) {
            decompress(bytes.position(), header.compressedSize, plain, 0, header.uncompressedSize);
        }
        place.require(header.encoding == Encodings.PLAIN || header.encoding == Encodings.PLAIN_DICTIONARY,
                "a dictionary has encoding " + header.encoding);
        dictionary = Dictionary.of(chunk, plain, header.uncompressedSize, header.values);
        bytes.advance(header.compressedSize);
        counters.decompressed(header.uncompressedSize);
    }

    /** The length of a header is not known before it is read, so it is read again with more bytes if they were too few. */
    private void readHeader() {
        int available = (int) Math.min(bytes.remaining(), Math.max(HEADER_GUESS, bytes.buffered()));
        while (true) {
            bytes.require(available);
            int from = bytes.position();
            CompactReader in = new CompactReader(bytes.window(), from, from + available);
            header.read(in);
            if (!in.isExhausted()) {
                place.require(!in.isMalformed() && header.isComplete(), "a page's header is damaged");
                bytes.advance(in.position() - from);
                checkSizes();
                return;
            }
            place.require(available < bytes.remaining(), "the pages end before the column's last value");
            available = (int) Math.min(bytes.remaining(), Math.min(2L * available, MAX_SIZE));
        }
    }

    private void checkSizes() {
        place.require(header.compressedSize <= bytes.remaining(), "a page is larger than what is left of the column");
        place.require(header.uncompressedSize <= Math.min(MAX_SIZE, chunk.footer().getTotalUncompressedSize()),
                "a page claims more bytes than the footer claims for the column");
        place.require(header.uncompressedSize <= decompressor.maxSize(header.compressedSize), "a page claims "
                + header.uncompressedSize + " bytes, which its " + header.compressedSize + " bytes cannot hold");
    }

    private void checkCrc() {
        if (header.hasCrc) {
            CRC32 crc = new CRC32();
            crc.update(bytes.window(), bytes.position(), header.compressedSize);
            place.require((int) crc.getValue() == header.crc, "a page's checksum differs from its bytes");
        }
    }
}
