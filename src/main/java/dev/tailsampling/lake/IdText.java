package dev.tailsampling.lake;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;

/**
 * Reads ids into two numbers: bytes as they are, or text in hex, base64 or as a UUID, told by its length. Not thread-safe.
 */
final class IdText {

    private static final VarHandle BIG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);
    /** One in each byte, by which a byte is repeated eight times. */
    private static final long EACH = 0x0101010101010101L;
    private static final int UUID_LENGTH = 36;
    private static final List<Integer> UUID_DASHES = List.of(8, 13, 18, 23);

    private long high;
    private long low;

    /** Bytes 0–7, 0 of an id of 8 bytes. */
    long high() {
        return high;
    }

    /** The last 8 bytes. */
    long low() {
        return low;
    }

    /** Reads 16 or 8 bytes; of none the id is 0. False if it is of another length, which counts as 0, too. */
    boolean ofBytes(byte[] bytes, int offset, int length) {
        high = 0;
        low = 0;
        switch (length) {
            case 0 -> {
                return true;
            }
            case 8 -> low = (long) BIG.get(bytes, offset);
            case 16 -> {
                high = (long) BIG.get(bytes, offset);
                low = (long) BIG.get(bytes, offset + 8);
            }
            default -> {
                return false;
            }
        }
        return true;
    }

    /** Reads text; of an empty one the id is 0. False if it is no id, which counts as 0, too. */
    boolean ofText(byte[] text, int offset, int length) {
        high = 0;
        low = 0;
        return switch (length) {
            case 32 -> hex(text, offset, offset + 16);
            case 16 -> hex(text, -1, offset);
            case 0 -> true;
            case UUID_LENGTH -> uuid(text, offset);
            default -> other(text, offset, length);
        };
    }

    /** Sixteen digits at each offset; a negative one stands for zeros. */
    private boolean hex(byte[] text, int highOffset, int lowOffset) {
        long first = (long) BIG.get(text, lowOffset);
        long second = (long) BIG.get(text, lowOffset + 8);
        boolean valid = areDigits(first) & areDigits(second);
        long lower = number(first) << 32 | number(second);
        long upper = 0;
        if (highOffset >= 0) {
            first = (long) BIG.get(text, highOffset);
            second = (long) BIG.get(text, highOffset + 8);
            valid &= areDigits(first) & areDigits(second);
            upper = number(first) << 32 | number(second);
        }
        high = valid ? upper : 0;
        low = valid ? lower : 0;
        return valid;
    }

    /** The values of eight digits, each in its byte; letters have bit 6, and their low half begins with 1. */
    private static long values(long digits) {
        return (digits & EACH * 0x0f) + (digits >>> 6 & EACH) * 9;
    }

    /** Whether the bytes are what the values of {@link #values} are written as, in either case. */
    private static boolean areDigits(long digits) {
        long values = values(digits);
        long letters = values + EACH * 6 >>> 4 & EACH;
        long written = values + EACH * '0' + letters * ('a' - '0' - 10);
        return (values & EACH * 0x10) == 0 && written == (digits | (digits & EACH * 0x40) >>> 1);
    }

    /** The number that eight digits write, of 32 bits. */
    private static long number(long digits) {
        long values = values(digits);
        long bytes = (values | values >>> 4) & 0x00ff00ff00ff00ffL;
        long pairs = (bytes | bytes >>> 8) & 0x0000ffff0000ffffL;
        return (pairs | pairs >>> 16) & 0xffffffffL;
    }

    private boolean uuid(byte[] text, int offset) {
        String written = new String(text, offset, UUID_LENGTH, StandardCharsets.ISO_8859_1);
        byte[] digits = written.replace("-", "").getBytes(StandardCharsets.ISO_8859_1);
        return digits.length == 32 && UUID_DASHES.stream().allMatch(place -> written.charAt(place) == '-')
                && hex(digits, 0, 16);
    }

    private boolean other(byte[] text, int offset, int length) {
        try {
            byte[] bytes = Base64.getDecoder().decode(Arrays.copyOfRange(text, offset, offset + length));
            return ofBytes(bytes, 0, bytes.length);
        } catch (IllegalArgumentException e) {
            return false;
        }
    }
}
