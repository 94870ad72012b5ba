package dev.tailsampling.otlp;

import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.tailsampling.otlp.OtlpField.Content;
import dev.tailsampling.otlp.OtlpField.Numeric;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;

/**
 * Reads the JSON value on which a parser stands as a protobuf scalar. As in proto3's JSON mapping, numbers may be in
 * quotes and enums may be names; ids may be hex or base64. Not thread-safe.
 */
final class JsonScalars {

    private static final int TRACE_ID_DIGITS = 32;
    private static final int SPAN_ID_DIGITS = 16;
    /** A long has 19 digits; an exponent that asks for many more would take for ever to write out. */
    private static final int MAX_DECIMAL_PLACES = 100;
    private static final int MAX_QUOTED_LENGTH = 40;

    private static final List<String> SPAN_KINDS = List.of("SPAN_KIND_UNSPECIFIED", "SPAN_KIND_INTERNAL",
            "SPAN_KIND_SERVER", "SPAN_KIND_CLIENT", "SPAN_KIND_PRODUCER", "SPAN_KIND_CONSUMER");
    private static final List<String> STATUS_CODES =
            List.of("STATUS_CODE_UNSET", "STATUS_CODE_OK", "STATUS_CODE_ERROR");

    private final JsonParser parser;

    JsonScalars(JsonParser parser) {
        this.parser = parser;
    }

    /** The current value as bytes. */
    byte[] content(Content type) throws IOException {
        return switch (type) {
            case STRING -> string("a string").getBytes(StandardCharsets.UTF_8);
            case BYTES -> base64(string("a string in base64"), "a string in base64");
            case TRACE_ID -> id(TRACE_ID_DIGITS, "a trace id of 32 hex digits");
            case SPAN_ID -> id(SPAN_ID_DIGITS, "a span id of 16 hex digits");
        };
    }

    /** The current value as the number that stands for it on the wire: 0 or 1 for a boolean, a double's bits. */
    long number(Numeric type) throws IOException {
        return switch (type) {
            case BOOL -> bool() ? 1 : 0;
            case INT64 -> signed(64, "an integer of 64 bits");
            case UINT32, FIXED32 -> unsigned(32, "an unsigned integer of 32 bits");
            case FIXED64 -> unsigned(64, "an unsigned integer of 64 bits");
            case SPAN_KIND -> enumeration(SPAN_KINDS, "a span kind");
            case STATUS_CODE -> enumeration(STATUS_CODES, "a status code");
            case DOUBLE -> Double.doubleToLongBits(floatingPoint());
        };
    }

    /** Hex by the specification. Other lengths are base64, which protobuf's own JSON writers make of ids. */
    private byte[] id(int digits, String what) throws IOException {
        String text = string(what);
        byte[] id;
        if (text.length() == digits) {
            id = hex(text, what);
        } else if (text.length() == SPAN_ID_DIGITS) {
            // Older systems have trace ids of 64 bits, which are padded on the left.
            id = hex("0".repeat(digits - SPAN_ID_DIGITS) + text, what);
        } else {
            id = base64(text, what);
        }
        if (id.length != 0 && id.length != digits / 2) {
            throw mustBe(what);
        }
        return id;
    }

    private byte[] hex(String text, String what) throws IOException {
        try {
            return HexFormat.of().parseHex(text);
        } catch (IllegalArgumentException e) {
            throw mustBe(what);
        }
    }

    /** Proto3's JSON mapping accepts both alphabets, with or without padding. */
    private byte[] base64(String text, String what) throws IOException {
        try {
            return Base64.getDecoder().decode(text.replace('-', '+').replace('_', '/'));
        } catch (IllegalArgumentException e) {
            throw mustBe(what);
        }
    }

    private boolean bool() throws IOException {
        return switch (parser.currentToken()) {
            case VALUE_TRUE -> true;
            case VALUE_FALSE -> false;
            default -> throw mustBe("true or false");
        };
    }

    private long enumeration(List<String> names, String what) throws IOException {
        if (parser.hasToken(JsonToken.VALUE_STRING)) {
            int number = names.indexOf(parser.getText());
            if (number < 0) {
                throw mustBe(what);
            }
            return number;
        }
        // A number that this version does not know is carried on, as protobuf does.
        return signed(32, what);
    }

    private double floatingPoint() throws IOException {
        String text = numberText("a number");
        return switch (text) {
            case "NaN" -> Double.NaN;
            case "Infinity" -> Double.POSITIVE_INFINITY;
            case "-Infinity" -> Double.NEGATIVE_INFINITY;
            default -> finite(text);
        };
    }

    private double finite(String text) throws IOException {
        double value = decimal(text, "a number").doubleValue();
        if (Double.isInfinite(value)) {
            throw mustBe("a number within a double's range");
        }
        // A BigDecimal has no negative zero.
        return value == 0 && text.startsWith("-") ? -0.0 : value;
    }

    private long signed(int bits, String what) throws IOException {
        BigInteger value = integer(what);
        if (value.bitLength() >= bits) {
            throw mustBe(what);
        }
        return value.longValue();
    }

    private long unsigned(int bits, String what) throws IOException {
        BigInteger value = integer(what);
        if (value.signum() < 0 || value.bitLength() > bits) {
            throw mustBe(what);
        }
        return value.longValue();
    }

    private BigInteger integer(String what) throws IOException {
        String text = numberText(what);
        return isShort(text) ? BigInteger.valueOf(Long.parseLong(text)) : wholeNumber(text, what);
    }

    /** Whether the text is digits only and surely fits a long, as today's nanoseconds do. */
    private static boolean isShort(String text) {
        if (text.isEmpty() || text.length() > 19 || text.charAt(0) == '9') {
            return false;
        }
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) < '0' || text.charAt(i) > '9') {
                return false;
            }
        }
        return true;
    }

    private BigInteger wholeNumber(String text, String what) throws IOException {
        BigDecimal value = decimal(text, what);
        if (Math.abs((long) value.scale()) > MAX_DECIMAL_PLACES) {
            throw mustBe(what);
        }
        try {
            return value.toBigIntegerExact();
        } catch (ArithmeticException e) {
            throw mustBe(what);
        }
    }

    private BigDecimal decimal(String text, String what) throws IOException {
        try {
            return new BigDecimal(text);
        } catch (NumberFormatException e) {
            throw mustBe(what);
        }
    }

    private String numberText(String what) throws IOException {
        return switch (parser.currentToken()) {
            case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT, VALUE_STRING -> parser.getText();
            default -> throw mustBe(what);
        };
    }

    private String string(String what) throws IOException {
        if (!parser.hasToken(JsonToken.VALUE_STRING)) {
            throw mustBe(what);
        }
        return parser.getText();
    }

    /** The defect that the current value is not what its field holds. */
    MalformedOtlpException mustBe(String what) throws IOException {
        String path = parser.getParsingContext().pathAsPointer().toString();
        String field = path.isEmpty() ? "the text" : path;
        return malformed(field + " must be " + what + ", not " + found(), parser.currentTokenLocation());
    }

    private String found() throws IOException {
        JsonToken token = parser.currentToken();
        if (token == null) {
            return "empty";
        }
        return switch (token) {
            case START_OBJECT -> "an object";
            case START_ARRAY -> "an array";
            case VALUE_STRING -> '"' + shortened(parser.getText()) + '"';
            default -> shortened(parser.getText());
        };
    }

    private static String shortened(String text) {
        return text.length() <= MAX_QUOTED_LENGTH ? text : text.substring(0, MAX_QUOTED_LENGTH) + "…";
    }

    static MalformedOtlpException malformed(String defect, JsonLocation place) {
        return new MalformedOtlpException("not OTLP/JSON: " + defect + ", at line " + place.getLineNr() + ", column "
                + place.getColumnNr());
    }
}
