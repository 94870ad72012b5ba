package dev.tailsampling.parquet;

/** LZ4's block format, which Parquet calls LZ4_RAW. Source: the LZ4 block format description. */
final class Lz4Block {

    private static final int MIN_MATCH = 4;
    private static final int LONG_LENGTH = 15;

    private final byte[] in;
    private final int inEnd;
    private final byte[] out;
    private final int outStart;
    private final int outEnd;
    private int at;
    private int to;

    private Lz4Block(byte[] in, int from, int inEnd, byte[] out, int to, int outEnd) {
        this.in = in;
        this.at = from;
        this.inEnd = inEnd;
        this.out = out;
        this.to = to;
        this.outStart = to;
        this.outEnd = outEnd;
    }

    /** Fills {@code size} bytes of {@code out} from {@code to} on; false if the block is damaged or gives fewer or more. */
    static boolean decompress(byte[] in, int from, int length, byte[] out, int to, int size) {
        return new Lz4Block(in, from, from + length, out, to, to + size).run();
    }

    private boolean run() {
        while (at < inEnd) {
            int token = in[at++] & 0xff;
            if (!literals(length(token >>> 4))) {
                return false;
            }
            if (at == inEnd) {
                return to == outEnd;
            }
            if (inEnd - at < 2) {
                return false;
            }
            int distance = in[at] & 0xff | (in[at + 1] & 0xff) << 8;
            at += 2;
            if (!match(distance, length(token & 0x0f) + MIN_MATCH)) {
                return false;
            }
        }
        return false;
    }

    /** A length that goes on in further bytes; beyond the output's size it is as good as infinite. */
    private long length(int inToken) {
        long length = inToken;
        if (inToken == LONG_LENGTH) {
            int octet;
            do {
                octet = at < inEnd ? in[at++] & 0xff : 0;
                length += octet;
            } while (octet == 0xff);
        }
        return length;
    }

    private boolean literals(long count) {
        if (count > inEnd - at || count > outEnd - to) {
            return false;
        }
        System.arraycopy(in, at, out, to, (int) count);
        at += (int) count;
        to += (int) count;
        return true;
    }

    private boolean match(int distance, long count) {
        if (distance == 0 || distance > to - outStart || count > outEnd - to) {
            return false;
        }
        int end = to + (int) count;
        if (distance >= count) {
            System.arraycopy(out, to - distance, out, to, (int) count);
        } else {
            for (int i = to; i < end; i++) {
                out[i] = out[i - distance];
            }
        }
        to = end;
        return true;
    }
}
