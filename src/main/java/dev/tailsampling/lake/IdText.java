package dev.tailsampling.lake;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;

/**
 * Reads ids into two numbers: bytes as they are, or text in hex, base64 or as a UUID, told by its length. Not thread-safe.
 */
final class IdText {

    private static final VarHandle BIG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);
    private static final byte[] DIGITS = new byte[256];
    private static final int UUID_LENGTH = 36;

    static {
        Arrays.fill(DIGITS, (byte) -1);
        for (int digit = 0; digit < 16; digit++) {
            DIGITS[Character.forDigit(digit, 16)] = (byte) digit;
            DIGITS[Character.toUpperCase(Character.forDigit(digit, 16))] = (byte) digit;
        }
    }

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
            case UUID_LENGTH -> uuid(text, offset);
            default -> other(text, offset, length);
        };
    }

    private boolean hex(byte[] text, int highOffset, int lowOffset) {
        long invalid = 0;
        long upper = 0;
        long lower = 0;
        for (int i = 0; i < 16; i++) {
            int digit = DIGITS[text[lowOffset + i] & 0xff];
            lower = lower << 4 | digit & 15;
            invalid |= digit;
        }
        for (int i = 0; i < 16 && highOffset >= 0; i++) {
            int digit = DIGITS[text[highOffset + i] & 0xff];
            upper = upper << 4 | digit & 15;
            invalid |= digit;
        }
        boolean valid = invalid >= 0;
        high = valid ? upper : 0;
        low = valid ? lower : 0;
        return valid;
    }

    private boolean uuid(byte[] text, int offset) {
        byte[] digits = new String(text, offset, UUID_LENGTH, StandardCharsets.ISO_8859_1).replace("-", "")
                .getBytes(StandardCharsets.ISO_8859_1);
        return digits.length == 32 && hex(digits, 0, 16);
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
