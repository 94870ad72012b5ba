package dev.tailsampling.parquet;

import java.util.Arrays;

/**
 * Values of a page or of a dictionary in arrays that are reused; which of them are in use depends on the column's {@link Kind}. Byte values
 * are places in one array.
 */
final class Values {

    private static final int MAX_BYTES = Integer.MAX_VALUE - 64;

    /** How values of a physical type are held. */
    enum Kind {
        LONGS, DOUBLES, BYTES;

        static Kind of(Leaf leaf) {
            return switch (leaf.physicalType()) {
                case INT32, INT64, BOOLEAN, INT96 -> LONGS;
                case FLOAT, DOUBLE -> DOUBLES;
                case BINARY, FIXED_LEN_BYTE_ARRAY -> BYTES;
            };
        }
    }

    final Kind kind;
    long[] longs = {};
    double[] doubles = {};
    byte[] bytes = {};
    int[] offsets = {};
    int[] lengths = {};

    Values(Kind kind) {
        this.kind = kind;
    }

    /** Makes room; what was there is lost. */
    void room(int count) {
        switch (kind) {
            case LONGS -> longs = longs.length < count ? new long[count] : longs;
            case DOUBLES -> doubles = doubles.length < count ? new double[count] : doubles;
            case BYTES -> {
                offsets = offsets.length < count ? new int[count] : offsets;
                lengths = lengths.length < count ? new int[count] : lengths;
            }
        }
    }

    /** Moves the first values apart, so that each stands at its entry; the others become 0 or empty. */
    void spread(Levels definitions, int max, int entries, int count) {
        switch (kind) {
            case LONGS -> spreadLongs(definitions, max, entries, count);
            case DOUBLES -> spreadDoubles(definitions, max, entries, count);
            case BYTES -> {
                spread(offsets, definitions, max, entries, count, 0);
                spread(lengths, definitions, max, entries, count, 0);
            }
        }
    }

    private void spreadLongs(Levels definitions, int max, int entries, int count) {
        int from = count;
        for (int i = entries - 1; i >= 0; i--) {
            longs[i] = definitions.at(i) == max ? longs[--from] : 0;
        }
    }

    private void spreadDoubles(Levels definitions, int max, int entries, int count) {
        int from = count;
        for (int i = entries - 1; i >= 0; i--) {
            doubles[i] = definitions.at(i) == max ? doubles[--from] : 0;
        }
    }

    static void spread(int[] values, Levels definitions, int max, int entries, int count, int ofNull) {
        int from = count;
        for (int i = entries - 1; i >= 0; i--) {
            values[i] = definitions.at(i) == max ? values[--from] : ofNull;
        }
    }

    /** Sets the first values to those of a dictionary. */
    void gather(Values from, int[] ids, int count) {
        room(count);
        switch (kind) {
            case LONGS -> gatherLongs(from.longs, ids, count);
            case DOUBLES -> gatherDoubles(from.doubles, ids, count);
            case BYTES -> {
                bytes = from.bytes;
                gather(from.offsets, ids, offsets, count);
                gather(from.lengths, ids, lengths, count);
            }
        }
    }

    private void gatherLongs(long[] from, int[] ids, int count) {
        for (int i = 0; i < count; i++) {
            longs[i] = from[ids[i]];
        }
    }

    private void gatherDoubles(double[] from, int[] ids, int count) {
        for (int i = 0; i < count; i++) {
            doubles[i] = from[ids[i]];
        }
    }

    private static void gather(int[] from, int[] ids, int[] into, int count) {
        for (int i = 0; i < count; i++) {
            into[i] = from[ids[i]];
        }
    }

    /**
     * Puts copies of the values {@code from} to {@code to} of another page after the {@code before} that are here.
     *
     * @param used bytes in use here
     * @return bytes in use afterwards
     */
    int append(int before, int used, Values other, int from, int to, Place place) {
        int count = to - from;
        switch (kind) {
            case LONGS -> {
                longs = longs.length < before + count ? Arrays.copyOf(longs, grown(before + count)) : longs;
                System.arraycopy(other.longs, from, longs, before, count);
            }
            case DOUBLES -> {
                doubles = doubles.length < before + count ? Arrays.copyOf(doubles, grown(before + count)) : doubles;
                System.arraycopy(other.doubles, from, doubles, before, count);
            }
            case BYTES -> {
                return appendBytes(before, used, other, from, to, place);
            }
        }
        return 0;
    }

    private int appendBytes(int before, int used, Values other, int from, int to, Place place) {
        int needed = before + to - from;
        offsets = offsets.length < needed ? Arrays.copyOf(offsets, grown(needed)) : offsets;
        lengths = lengths.length < needed ? Arrays.copyOf(lengths, grown(needed)) : lengths;
        int at = used;
        for (int i = from; i < to; i++) {
            at = put(before + i - from, at, other.bytes, other.offsets[i], other.lengths[i], place);
        }
        return at;
    }

    /** Copies a value to {@code at} and gives where the next one goes. */
    int put(int index, int at, byte[] from, int offset, int length, Place place) {
        long end = (long) at + length;
        if (end > bytes.length) {
            place.require(end <= MAX_BYTES, "the values of one page or row take more than 2 GiB");
            bytes = Arrays.copyOf(bytes, grown((int) end));
        }
        System.arraycopy(from, offset, bytes, at, length);
        offsets[index] = at;
        lengths[index] = length;
        return (int) end;
    }

    private static int grown(int needed) {
        return (int) Math.min(MAX_BYTES, needed + (long) needed / 2);
    }
}
