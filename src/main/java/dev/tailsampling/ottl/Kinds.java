package dev.tailsampling.ottl;

import com.google.re2j.Pattern;
import dev.tailsampling.trace.AttributesView;
import dev.tailsampling.trace.TraceId;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The kinds of arguments, after pkg/ottl's getters: those called "like" convert other types, and leave nil as nil. */
final class Kinds {

    private static final Set<String> TRUE = Set.of("1", "t", "T", "true", "TRUE", "True");
    private static final Set<String> FALSE = Set.of("0", "f", "F", "false", "FALSE", "False");

    private Kinds() {}

    static @Nullable Object any(@Nullable Object value) {
        return value;
    }

    static String string(@Nullable Object value) {
        return value instanceof String string ? string : fail("a string", value);
    }

    static long integer(@Nullable Object value) {
        return value instanceof Long number ? number : fail("an int", value);
    }

    static boolean bool(@Nullable Object value) {
        return value instanceof Boolean bool ? bool : fail("a bool", value);
    }

    static Instant time(@Nullable Object value) {
        return value instanceof Instant time ? time : fail("a time", value);
    }

    static Duration duration(@Nullable Object value) {
        return value instanceof Duration duration ? duration : fail("a duration", value);
    }

    @SuppressWarnings("unchecked") // Lists and maps are made by Values and Expression only.
    static List<@Nullable Object> list(@Nullable Object value) {
        return value instanceof List<?> list ? (List<@Nullable Object>) list : fail("a list", value);
    }

    @SuppressWarnings("unchecked")
    static Map<String, @Nullable Object> map(@Nullable Object value) {
        notWhole(value);
        return value instanceof Map<?, ?> map ? (Map<String, @Nullable Object>) map : fail("a map", value);
    }

    /** A pattern, compiled already if it was a literal. */
    static Pattern pattern(@Nullable Object value) {
        if (value instanceof Pattern compiled) {
            return compiled;
        }
        String expression = string(value);
        try {
            return BoundedPattern.compile(expression);
        } catch (IllegalArgumentException e) {
            throw new EvaluationException(String.valueOf(e.getMessage()));
        }
    }

    static @Nullable String stringLike(@Nullable Object value) {
        notWhole(value);
        return switch (value) {
            case null -> null;
            case String string -> string;
            case byte[] bytes -> HexFormat.of().formatHex(bytes);
            case TraceId id -> id.hex();
            case Values.SpanId id -> HexFormat.of().toHexDigits(id.value());
            default -> JsonWriter.json(value);
        };
    }

    /** An int; nil also for a string that is none. */
    static @Nullable Long integerLike(@Nullable Object value) {
        return switch (value) {
            case null -> null;
            case Long number -> number;
            case Double number -> number.longValue();
            case Boolean bool -> bool ? 1L : 0L;
            case String string -> {
                try {
                    yield Long.valueOf(string);
                } catch (NumberFormatException e) {
                    yield null;
                }
            }
            default -> fail("a number, a string or a bool", value);
        };
    }

    static @Nullable Double doubleLike(@Nullable Object value) {
        return switch (value) {
            case null -> null;
            case Long number -> number.doubleValue();
            case Double number -> number;
            case Boolean bool -> bool ? 1.0 : 0.0;
            case String string -> GoNumbers.parseDouble(string);
            default -> fail("a number, a string or a bool", value);
        };
    }

    static @Nullable Boolean boolLike(@Nullable Object value) {
        return switch (value) {
            case null -> null;
            case Boolean bool -> bool;
            case Long number -> number != 0;
            case Double number -> number != 0;
            case String string when TRUE.contains(string) -> true;
            case String string when FALSE.contains(string) -> false;
            default -> fail("a number, a bool, or a string like \"true\" or \"0\"", value);
        };
    }

    /** Bytes; numbers are big-endian, nil is none. */
    static byte[] bytesLike(@Nullable Object value) {
        return switch (value) {
            case null -> new byte[0];
            case byte[] bytes -> bytes;
            case String string -> string.getBytes(StandardCharsets.UTF_8);
            case Long number -> ByteBuffer.allocate(Long.BYTES).putLong(number).array();
            case Double number -> ByteBuffer.allocate(Double.BYTES).putDouble(number).array();
            case Boolean bool -> new byte[]{(byte) (bool ? 1 : 0)};
            default -> fail("bytes, a string, a number or a bool", value);
        };
    }

    private static void notWhole(@Nullable Object value) {
        if (value instanceof AttributesView) {
            throw new EvaluationException(
                    "expected one attribute, as attributes[\"key\"], but got all of them");
        }
    }

    private static <T> T fail(String expected, @Nullable Object value) {
        throw new EvaluationException("expected " + expected + " but got " + Values.typeOf(value));
    }
}
