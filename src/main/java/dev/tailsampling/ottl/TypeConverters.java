package dev.tailsampling.ottl;

import dev.tailsampling.trace.AttributesView;
import dev.tailsampling.trace.TraceId;
import java.nio.ByteBuffer;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Functions that ask for a value's type or change it. */
final class TypeConverters {

    private static final Parameter<@Nullable Object> VALUE = Parameter.of("value", Kinds::any);

    static final List<Converter> ALL = List.of(
            Converter.of("IsString", VALUE, value -> value instanceof String),
            Converter.of("IsInt", VALUE, value -> value instanceof Long),
            Converter.of("IsDouble", VALUE, value -> value instanceof Double),
            Converter.of("IsBool", VALUE, value -> value instanceof Boolean),
            Converter.of("IsList", VALUE, value -> value instanceof List || value instanceof Values.Count),
            Converter.of("IsMap", VALUE, value -> value instanceof Map || value instanceof AttributesView),
            Converter.of("IsEmpty", VALUE, TypeConverters::isEmpty),
            Converter.of("String", Parameter.of("value", Kinds::stringLike), value -> value),
            Converter.of("Int", Parameter.of("value", Kinds::integerLike), value -> value),
            Converter.of("Double", Parameter.of("value", Kinds::doubleLike), value -> value),
            Converter.of("Bool", Parameter.of("value", Kinds::boolLike), value -> value),
            Converter.of("Hex", Parameter.of("value", Kinds::bytesLike), value -> HexFormat.of().formatHex(value)),
            Converter.of("ParseInt", Parameter.of("target", Kinds::string), Parameter.of("base", Kinds::integer),
                    GoNumbers::parseLong),
            Converter.of("Log", Parameter.of("value", Kinds::doubleLike), TypeConverters::log),
            Converter.of("TraceID", Parameter.of("bytes", value -> id("a trace id", 16, value)),
                    TypeConverters::traceId),
            Converter.of("SpanID", Parameter.of("bytes", value -> id("a span id", 8, value)),
                    bytes -> new Values.SpanId(ByteBuffer.wrap(bytes).getLong())));

    private TypeConverters() {}

    private static boolean isEmpty(@Nullable Object value) {
        return switch (value) {
            case null -> true;
            case String string -> string.isEmpty();
            case Long number -> number == 0;
            case Double number -> number == 0;
            case Boolean bool -> !bool;
            case byte[] bytes -> bytes.length == 0;
            case List<?> list -> list.isEmpty();
            case Map<?, ?> map -> map.isEmpty();
            case AttributesView attributes -> attributes.size() == 0;
            case Values.Count items -> items.size() == 0;
            case TraceId id -> id.isZero();
            case Values.SpanId id -> id.value() == 0;
            default -> false;
        };
    }

    private static double log(@Nullable Double value) {
        if (value == null || !(value > 0)) {
            throw new EvaluationException("a logarithm of " + (value == null ? "nil" : value));
        }
        return Math.log(value);
    }

    private static TraceId traceId(byte[] bytes) {
        ByteBuffer id = ByteBuffer.wrap(bytes);
        return new TraceId(id.getLong(0), id.getLong(8));
    }

    /** An id from its bytes or from hex digits. */
    private static byte[] id(String which, int size, @Nullable Object value) {
        byte[] bytes = value instanceof byte[] raw ? raw : hex(which, Kinds.string(value));
        if (bytes.length != size) {
            throw new EvaluationException(which + " has " + size + " bytes, not " + bytes.length);
        }
        return bytes;
    }

    private static byte[] hex(String which, String digits) {
        try {
            return HexFormat.of().parseHex(digits);
        } catch (IllegalArgumentException e) {
            throw new EvaluationException(which + " is hex digits or bytes like 0x01, not \"" + digits + "\"");
        }
    }
}
