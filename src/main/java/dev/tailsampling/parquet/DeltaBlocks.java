package dev.tailsampling.parquet;

/**
 * Checks integers of encoding DELTA_BINARY_PACKED before parquet-java decodes them, which allocates whatever their header says. Source:
 * "Delta Encoding" in the Parquet format's Encodings.md.
 */
final class DeltaBlocks {

    /** Values that a block may have; writers use 128. */
    private static final int MAX_BLOCK = 1 << 16;
    private static final int MINIBLOCK_MULTIPLE = 8;

    private final Place place;
    private final byte[] in;
    private final int end;
    private int at;

    private DeltaBlocks(Place place, byte[] in, int from, int end) {
        this.place = place;
        this.in = in;
        this.at = from;
        this.end = end;
    }

    /**
     * Throws unless there are exactly so many integers, in blocks of sound sizes.
     *
     * @return where they end
     */
    static int requireSound(Place place, byte[] in, int from, int end, int count) {
        DeltaBlocks blocks = new DeltaBlocks(place, in, from, end);
        blocks.pass(count);
        return blocks.at;
    }

    private void pass(int count) {
        long blockSize = varint();
        long miniblocks = varint();
        long total = varint();
        varint();
        place.require(total == count, "a page of " + count + " values has " + total + " deltas");
        place.require(blockSize > 0 && blockSize <= MAX_BLOCK && miniblocks > 0 && miniblocks <= blockSize
                && blockSize % (miniblocks * MINIBLOCK_MULTIPLE) == 0, "a block of deltas has an impossible size");
        int miniblockSize = (int) (blockSize / miniblocks);
        for (long left = total - 1; left > 0; left -= blockSize) {
            passBlock((int) miniblocks, miniblockSize, left);
        }
    }

    /** The miniblocks after the last value have a width, but no bytes. */
    private void passBlock(int miniblocks, int miniblockSize, long values) {
        varint();
        place.require(miniblocks <= end - at, "a page ends within its deltas");
        int widths = at;
        at += miniblocks;
        long left = values;
        for (int i = 0; i < miniblocks && left > 0; i++, left -= miniblockSize) {
            int width = in[widths + i];
            place.require(width >= 0 && width <= Long.SIZE, "deltas of " + width + " bits");
            long bytes = (long) width * miniblockSize / Byte.SIZE;
            place.require(bytes <= end - at, "a page ends within its deltas");
            at += (int) bytes;
        }
    }

    private long varint() {
        long value = 0;
        for (int shift = 0; shift < Long.SIZE; shift += 7) {
            place.require(at < end, "a page ends within its deltas");
            int octet = in[at++] & 0xff;
            value |= (long) (octet & 0x7f) << shift;
            if (octet < 0x80) {
                return value;
            }
        }
        throw place.corrupt("a number among the deltas is too long");
    }
}
