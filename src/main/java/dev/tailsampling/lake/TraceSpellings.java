package dev.tailsampling.lake;

import dev.tailsampling.trace.TraceId;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import org.apache.iceberg.types.Type;

/**
 * How one trace id may be written in a column of trace ids or keys: in all the ways that {@link IdText} reads, and in the
 * usual ones. Immutable.
 */
final class TraceSpellings {

    /** Of the base64 digits of 16 and of 8 bytes, so many have no bits beyond the bytes, which readers pass over. */
    private static final int BASE64_DIGITS = 21;
    private static final int SHORT_BASE64_DIGITS = 10;

    private final List<Spelling> all = new ArrayList<>();
    private final List<Object> usual = new ArrayList<>();

    TraceSpellings(TraceId id, BoundLayout.TraceKey key) {
        Type.TypeID type = key.column().type().typeId();
        if (type == Type.TypeID.UUID) {
            usual.add(new UUID(id.high(), id.low()));
            return;
        }
        byte[] bytes = ByteBuffer.allocate(16).putLong(id.high()).putLong(id.low()).array();
        byte[] low = ByteBuffer.allocate(8).putLong(id.low()).array();
        if (type == Type.TypeID.STRING || !key.isTraceId()) {
            addText(id.hex(), type);
            all.add(Spelling.eitherCase(new UUID(id.high(), id.low()).toString()));
            all.add(Spelling.base64(bytes, BASE64_DIGITS));
        }
        if (type != Type.TypeID.STRING) {
            addBytes(bytes);
        }
        if (id.high() == 0) {
            addShort(id.hex().substring(16), low, type, key.isTraceId());
        }
    }

    private void addShort(String digits, byte[] bytes, Type.TypeID type, boolean isTraceId) {
        if (type == Type.TypeID.STRING || !isTraceId) {
            addText(digits, type);
            all.add(Spelling.base64(bytes, SHORT_BASE64_DIGITS));
        }
        if (type != Type.TypeID.STRING) {
            addBytes(bytes);
        }
    }

    private void addText(String digits, Type.TypeID type) {
        all.add(Spelling.eitherCase(digits));
        usual.add(type == Type.TypeID.STRING
                ? digits
                : ByteBuffer.wrap(digits.getBytes(StandardCharsets.US_ASCII)));
    }

    private void addBytes(byte[] bytes) {
        all.add(new Spelling(bytes, bytes, false));
        usual.add(ByteBuffer.wrap(bytes));
    }

    /** The values that the column has mostly: hex is lower-case. */
    List<Object> usual() {
        return usual;
    }

    /**
     * Whether some value that is read as the trace's id lies between bounds, both inclusive, as unsigned bytes. UUIDs
     * always may: Iceberg before 1.11 compared them as signed numbers, so their bounds say nothing.
     */
    boolean mayLieWithin(byte[] lower, byte[] upper) {
        return all.isEmpty() || all.stream().anyMatch(spelling -> spelling.mayLieWithin(lower, upper));
    }

    /**
     * Values of one form that are all read alike: at each place stands one of two bytes.
     *
     * @param least the least of them
     * @param greatest the greatest
     * @param isPrefix whether anything may follow
     */
    private record Spelling(byte[] least, byte[] greatest, boolean isPrefix) {

        static Spelling eitherCase(String hex) {
            return new Spelling(hex.toUpperCase(Locale.ROOT).getBytes(StandardCharsets.US_ASCII),
                    hex.toLowerCase(Locale.ROOT).getBytes(StandardCharsets.US_ASCII), false);
        }

        static Spelling base64(byte[] bytes, int digits) {
            byte[] text = Base64.getEncoder().encodeToString(bytes).substring(0, digits)
                    .getBytes(StandardCharsets.US_ASCII);
            return new Spelling(text, text, true);
        }

        boolean mayLieWithin(byte[] lower, byte[] upper) {
            return mayContinue(0, lower, true, upper, true);
        }

        /** Whether a value lies within the bounds that begins with what was chosen for the places before this one. */
        private boolean mayContinue(int place, byte[] lower, boolean atLower, byte[] upper, boolean atUpper) {
            if (!atLower && !atUpper || place == least.length && isPrefix) {
                return true;
            }
            if (place == least.length) {
                return !atLower || place >= lower.length;
            }
            return mayStand(least[place], place, lower, atLower, upper, atUpper) || least[place] != greatest[place]
                    && mayStand(greatest[place], place, lower, atLower, upper, atUpper);
        }

        private boolean mayStand(byte value, int place, byte[] lower, boolean atLower, byte[] upper, boolean atUpper) {
            int fromLower = atLower ? compare(value, lower, place) : 1;
            int fromUpper = atUpper ? compare(value, upper, place) : -1;
            return fromLower >= 0 && fromUpper <= 0
                    && mayContinue(place + 1, lower, fromLower == 0, upper, fromUpper == 0);
        }

        private static int compare(byte value, byte[] bound, int place) {
            return place >= bound.length ? 1 : Byte.compareUnsigned(value, bound[place]);
        }
    }
}
