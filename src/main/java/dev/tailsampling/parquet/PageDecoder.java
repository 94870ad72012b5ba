package dev.tailsampling.parquet;

import org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName;
import org.jspecify.annotations.Nullable;

/** Decodes the data pages of a column chunk: first the levels, and where wanted the values. */
final class PageDecoder {

    private static final String TOO_SHORT = "a page ends within its levels";

    private final ChunkMeta chunk;
    private final Place place;
    private final int maxDefinition;
    private final int maxRepetition;
    private final LibraryUse libraryUse;

    PageDecoder(ChunkMeta chunk, LibraryUse libraryUse) {
        this.chunk = chunk;
        this.place = chunk.place();
        this.maxDefinition = chunk.leaf().maxDefinitionLevel();
        this.maxRepetition = chunk.leaf().maxRepetitionLevel();
        this.libraryUse = libraryUse;
    }

    /**
     * Decodes the levels.
     *
     * @return where the values begin
     */
    int levels(RawPage raw, ColumnPage page) {
        int at = 0;
        if (raw.v2) {
            at = levelsV2(raw, at, raw.repetitionBytes, maxRepetition, page.repetitions);
            at = levelsV2(raw, at, raw.definitionBytes, maxDefinition, page.definitions);
        } else {
            at = levelsV1(raw, at, raw.repetitionEncoding, maxRepetition, page.repetitions);
            at = levelsV1(raw, at, raw.definitionEncoding, maxDefinition, page.definitions);
        }
        page.setEntries(raw.entries);
        place.require(raw.rows < 0 || raw.rows == page.rowCount(),
                "a page has " + page.rowCount() + " rows, its header claims " + raw.rows);
        return at;
    }

    private int levelsV2(RawPage raw, int at, int length, int max, Levels into) {
        place.require(length <= raw.end - at, TOO_SHORT);
        decode(raw, at, at + length, max, into);
        return at + length;
    }

    private int levelsV1(RawPage raw, int at, int encoding, int max, Levels into) {
        if (max == 0) {
            into.setAll(0);
            return at;
        }
        if (encoding == Encodings.BIT_PACKED) {
            return bitPacked(raw, at, max, into);
        }
        place.require(encoding == Encodings.RLE, "a page's levels have encoding " + encoding);
        place.require(raw.end - at >= Integer.BYTES, TOO_SHORT);
        int length = Words.intAt(raw.bytes, at);
        int from = at + Integer.BYTES;
        place.require(length >= 0 && length <= raw.end - from, TOO_SHORT);
        decode(raw, from, from + length, max, into);
        return from + length;
    }

    private void decode(RawPage raw, int from, int end, int max, Levels into) {
        if (max == 0 || raw.entries == 0) {
            into.setAll(max == 0 ? 0 : max);
        } else {
            new RunDecoder(place, raw.bytes, from, end).levels(raw.entries, max, into);
        }
    }

    /** The deprecated encoding of levels: fixed width, from the most significant bit on. */
    private int bitPacked(RawPage raw, int from, int max, Levels into) {
        int width = RunDecoder.width(max);
        long length = ((long) raw.entries * width + 7) / 8;
        place.require(length <= raw.end - from, TOO_SHORT);
        byte[] levels = into.array(raw.entries);
        long bit = 8L * from;
        for (int i = 0; i < raw.entries; i++) {
            int level = 0;
            for (int b = 0; b < width; b++, bit++) {
                level = level << 1 | raw.bytes[(int) (bit >>> 3)] >>> (int) (7 - (bit & 7)) & 1;
            }
            levels[i] = (byte) level;
        }
        place.require(!into.exceeds(raw.entries, max), "a level is out of range");
        return from + (int) length;
    }

    /** Decodes the values of a page whose levels are decoded. */
    void values(RawPage raw, int from, ColumnPage page, @Nullable Dictionary dictionary) {
        int entries = raw.entries;
        int count = page.definitions.count(entries, maxDefinition);
        page.values.room(entries + BitUnpacker.GROUP);
        if (Encodings.isDictionary(raw.encoding)) {
            place.require(dictionary != null || count == 0, "a page refers to a dictionary that is not there");
            if (dictionary != null) {
                ids(raw, from, page, count, dictionary);
                return;
            }
        } else if (count > 0) {
            plain(raw, from, count, page.values);
        }
        if (count < entries) {
            page.values.spread(page.definitions, maxDefinition, entries, count);
        }
        page.setPlain();
    }

    private void plain(RawPage raw, int from, int count, Values into) {
        if (raw.encoding == Encodings.PLAIN) {
            PlainDecoder.decode(chunk, raw.bytes, from, raw.end, count, into);
        } else if (raw.encoding == Encodings.RLE && chunk.leaf().physicalType() == PrimitiveTypeName.BOOLEAN) {
            booleans(raw, from, count, into);
        } else {
            LibraryValues.decode(chunk, raw, from, count, into);
            libraryUse.because("encoding " + Encodings.ofLibrary(raw.encoding, place));
        }
    }

    /** Runs with their length before them. */
    private void booleans(RawPage raw, int from, int count, Values into) {
        place.require(raw.end - from >= Integer.BYTES, "a page ends before its values");
        int length = Words.intAt(raw.bytes, from);
        int start = from + Integer.BYTES;
        place.require(length >= 0 && length <= raw.end - start, "a page ends before its values");
        int[] bits = new int[count + BitUnpacker.GROUP];
        new RunDecoder(place, raw.bytes, start, start + length).ids(count, 1, bits);
        into.room(count);
        for (int i = 0; i < count; i++) {
            into.longs[i] = bits[i] & 1;
        }
    }

    private void ids(RawPage raw, int from, ColumnPage page, int count, Dictionary dictionary) {
        int entries = raw.entries;
        if (page.ids.length < entries + BitUnpacker.GROUP) {
            page.ids = new int[entries + BitUnpacker.GROUP];
        }
        if (count > 0) {
            place.require(from < raw.end, "a page ends before its values");
            int width = raw.bytes[from];
            place.require(width >= 0 && width <= Integer.SIZE, "ids of " + width + " bits");
            new RunDecoder(place, raw.bytes, from + 1, raw.end).ids(count, width, page.ids);
            requireBelow(dictionary.size(), width, page.ids, count);
        }
        if (count < entries) {
            Values.spread(page.ids, page.definitions, maxDefinition, entries, count, dictionary.size());
        }
        page.setIds(dictionary);
    }

    /** Ids of so few bits that all of them exist need no look. */
    private void requireBelow(int size, int width, int[] ids, int count) {
        if (1L << width <= size) {
            return;
        }
        int largest = 0;
        int all = 0;
        for (int i = 0; i < count; i++) {
            largest = Math.max(largest, ids[i]);
            all |= ids[i];
        }
        place.require(all >= 0 && largest < size, "a page refers to value " + largest + " of a dictionary of " + size);
    }
}
