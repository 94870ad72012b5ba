package dev.tailsampling.parquet;

/**
 * Reads Thrift's compact protocol, in which Parquet writes its headers, out of bytes that may be damaged or end early: no claimed count
 * is believed beyond the bytes that are there. After the first problem every read gives 0 and every struct ends, so only the whole has to
 * be checked, by {@link #isExhausted()} and {@link #isMalformed()}. Source: the Thrift compact protocol specification.
 */
final class CompactReader {

    /** The type that ends a struct. */
    static final int STOP = 0;
    static final int TRUE = 1;
    static final int FALSE = 2;
    static final int I8 = 3;
    static final int I16 = 4;
    static final int I32 = 5;
    static final int I64 = 6;
    static final int DOUBLE = 7;
    static final int BINARY = 8;
    static final int LIST = 9;
    static final int SET = 10;
    static final int MAP = 11;
    static final int STRUCT = 12;

    /** Parquet's own structs nest less than 10 deep. */
    private static final int MAX_DEPTH = 32;
    private static final int MAX_VARINT_BITS = 63;

    private final byte[] in;
    private final int end;
    private int at;
    private int fieldId;
    private boolean exhausted;
    private boolean malformed;

    CompactReader(byte[] in, int from, int end) {
        this.in = in;
        this.at = from;
        this.end = end;
    }

    /** True once more was asked than there are bytes. */
    boolean isExhausted() {
        return exhausted;
    }

    /** True once something was read that no writer writes. */
    boolean isMalformed() {
        return malformed;
    }

    /** Where the next byte stands. */
    int position() {
        return at;
    }

    /** The type of the next field of a struct, or {@link #STOP}; then {@link #fieldId()} is its number. */
    int field(int previousId) {
        int head = octet();
        int type = head & 0x0f;
        if (type == STOP || type > STRUCT) {
            malformed |= type > STRUCT;
            return STOP;
        }
        int delta = head >>> 4;
        fieldId = delta == 0 ? (short) zigzag() : previousId + delta;
        return failed() ? STOP : type;
    }

    int fieldId() {
        return fieldId;
    }

    /** The value of a field of this type that must hold a 32-bit integer; larger ones are malformed. */
    int int32(int type) {
        malformed |= type != I32;
        long value = zigzag();
        malformed |= value != (int) value;
        return (int) value;
    }

    /** The value of a field of this type that must hold a 64-bit integer. */
    long int64(int type) {
        malformed |= type != I64;
        return zigzag();
    }

    boolean bool(int type) {
        malformed |= type != TRUE && type != FALSE;
        return type == TRUE;
    }

    /** The number of elements of a list of structs, each of which the caller then reads field by field. */
    int structs(int type) {
        malformed |= type != LIST;
        int head = octet();
        malformed |= (head & 0x0f) != STRUCT;
        return count(head >>> 4);
    }

    /** Passes over the value of a field. */
    void skip(int type) {
        skip(type, 0);
    }

    private void skip(int type, int depth) {
        switch (type) {
            case TRUE, FALSE -> {
                // The value is in the type.
            }
            case I8 -> advance(1);
            case I16, I32, I64 -> varint();
            case DOUBLE -> advance(Long.BYTES);
            case BINARY -> advance(varint());
            case LIST, SET -> skipList(depth);
            case MAP -> skipMap(depth);
            case STRUCT -> skipStruct(depth);
            default -> malformed = true;
        }
    }

    private void skipElement(int type, int depth) {
        if (type == TRUE || type == FALSE) {
            advance(1);
        } else {
            skip(type, depth);
        }
    }

    private void skipStruct(int depth) {
        malformed |= depth > MAX_DEPTH;
        int id = 0;
        for (int type = field(id); type != STOP; type = field(id)) {
            id = fieldId;
            skip(type, depth + 1);
        }
    }

    private void skipList(int depth) {
        int head = octet();
        int count = count(head >>> 4);
        for (int i = 0; i < count && !failed(); i++) {
            skipElement(head & 0x0f, depth + 1);
        }
    }

    private void skipMap(int depth) {
        int count = count(0x0f);
        int types = count == 0 ? 0 : octet();
        for (int i = 0; i < count && !failed(); i++) {
            skipElement(types >>> 4, depth + 1);
            skipElement(types & 0x0f, depth + 1);
        }
    }

    /** Every element takes a byte at least, so a count beyond the bytes that are left means that they end too early. */
    private int count(int inHead) {
        long count = inHead == 0x0f ? varint() : inHead;
        if (count > end - at) {
            exhausted = true;
            return 0;
        }
        malformed |= count < 0;
        return failed() ? 0 : (int) count;
    }

    private void advance(long bytes) {
        malformed |= bytes < 0;
        if (bytes > end - at) {
            exhausted = true;
        } else if (!malformed) {
            at += (int) bytes;
        }
    }

    private long zigzag() {
        long value = varint();
        return value >>> 1 ^ -(value & 1);
    }

    private long varint() {
        long value = 0;
        for (int shift = 0; shift <= MAX_VARINT_BITS; shift += 7) {
            int octet = octet();
            value |= (long) (octet & 0x7f) << shift;
            if (octet < 0x80) {
                return value;
            }
        }
        malformed = true;
        return 0;
    }

    private int octet() {
        if (at == end || failed()) {
            exhausted |= at == end;
            return 0;
        }
        return in[at++] & 0xff;
    }

    private boolean failed() {
        return exhausted || malformed;
    }
}
