package dev.tailsampling.parquet;

import java.util.Arrays;

/** Decodes Parquet's hybrid of runs and bit-packed groups. Source: "RLE / bit-packing hybrid" in the Parquet format's Encodings.md. */
final class RunDecoder {

    private final Place place;
    private final byte[] in;
    private final int end;
    private int at;

    /** Up to {@link RawPage#SLACK} bytes after {@code end} must be readable. */
    RunDecoder(Place place, byte[] in, int from, int end) {
        this.place = place;
        this.in = in;
        this.at = from;
        this.end = end;
    }

    /** Decodes the levels of a page, which go up to {@code max}. */
    void levels(int entries, int max, Levels into) {
        int width = width(max);
        int filled = 0;
        while (filled < entries) {
            int header = header();
            int run = run(header, entries - filled);
            if ((header & 1) == 0) {
                int level = value(width);
                place.require(level >= 0 && level <= max, "a level is out of range");
                if (run == entries) {
                    into.setAll(level);
                    return;
                }
                Arrays.fill(into.array(entries), filled, filled + run, (byte) level);
            } else {
                int groups = groups(run, width);
                BitUnpacker.unpackBytes(in, at, width, groups, into.array(entries), filled);
                pass(header, width);
            }
            filled += run;
        }
        place.require(max == (1 << width) - 1 || !into.exceeds(entries, max), "a level is out of range");
    }

    /** Decodes dictionary ids or booleans; {@code into} has room for whole groups. */
    void ids(int count, int width, int[] into) {
        int filled = 0;
        while (filled < count) {
            int header = header();
            int run = run(header, count - filled);
            if ((header & 1) == 0) {
                Arrays.fill(into, filled, filled + run, value(width));
            } else if (width == 0) {
                Arrays.fill(into, filled, filled + run, 0);
            } else {
                BitUnpacker.unpack(in, at, width, groups(run, width), into, filled);
                pass(header, width);
            }
            filled += run;
        }
    }

    /** Bits that a level needs. */
    static int width(int max) {
        return Integer.SIZE - Integer.numberOfLeadingZeros(max);
    }

    /** How many values of a run are wanted: the last one may be longer than what is left. */
    private static int run(int header, int left) {
        int count = header >>> 1;
        return (int) Math.min(left, (header & 1) == 0 ? count : (long) count * BitUnpacker.GROUP);
    }

    /** Groups that hold so many values; only their last bytes may be missing, as some writers cut them off. */
    private int groups(int values, int width) {
        place.require(((long) values * width + 7) / 8 <= end - at, "a page ends within its packed bits");
        return (int) (((long) values + BitUnpacker.GROUP - 1) / BitUnpacker.GROUP);
    }

    private void pass(int header, int width) {
        at += (int) Math.min(end - at, (long) (header >>> 1) * width);
    }

    private int value(int width) {
        int bytes = (width + 7) / 8;
        place.require(bytes <= end - at, "a page ends within a run");
        int value = 0;
        for (int i = 0; i < bytes; i++) {
            value |= (in[at++] & 0xff) << 8 * i;
        }
        return value;
    }

    private int header() {
        int value = 0;
        for (int shift = 0; shift < Integer.SIZE; shift += 7) {
            place.require(at < end, "a page ends before its last run");
            int octet = in[at++] & 0xff;
            value |= (octet & 0x7f) << shift;
            if (octet < 0x80) {
                return value;
            }
        }
        throw place.corrupt("a run's length is out of range");
    }
}
