package dev.tailsampling.otlp;

import dev.tailsampling.otlp.OtlpField.Content;
import dev.tailsampling.otlp.OtlpField.Nested;
import dev.tailsampling.otlp.OtlpField.Numeric;
import dev.tailsampling.trace.SpanKind;
import dev.tailsampling.trace.StatusCode;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;

/**
 * Encodes nested records as an {@code ExportTraceServiceRequest}. Values that are a field's default are left out, but for
 * those of a oneof, as they cannot be told from unset ones. Reusable; not thread-safe.
 */
public final class OtlpRecordEncoder {

    private static final int INITIAL_CAPACITY = 4096;
    /** What protobuf calls a number of an enum that its descriptor has not. */
    private static final String UNKNOWN_ENUM_VALUE = "UNKNOWN_ENUM_VALUE_";

    private final WireWriter writer = new WireWriter(INITIAL_CAPACITY);

    /**
     * The request as protobuf.
     *
     * @param request has the field {@code resource_spans}
     * @throws MalformedOtlpException if a value is not of its field's type
     */
    public byte[] encode(OtlpRecord request) {
        writer.clear();
        message(OtlpMessage.TRACES_DATA, request);
        return writer.toByteArray();
    }

    private void message(OtlpMessage message, OtlpRecord content) {
        for (OtlpField field : message.fields()) {
            Object value = content.get(OtlpMessage.snakeCase(field.name()));
            if (value == null) {
                continue;
            }
            if (field.repeated()) {
                list(field, value).stream().filter(Objects::nonNull).forEach(item -> value(field, item, true));
            } else {
                value(field, value, message.isOneOf());
            }
        }
    }

    private static List<?> list(OtlpField field, Object value) {
        if (value instanceof List<?> list) {
            return list;
        }
        throw unfit(field, value);
    }

    private void value(OtlpField field, Object value, boolean evenDefault) {
        switch (field.type()) {
            case Nested nested -> nested(field, nested.message(), value);
            case Content ignored -> {
                byte[] bytes = bytes(field, value);
                if (evenDefault || bytes.length > 0) {
                    writer.bytes(field.number(), bytes, 0, bytes.length);
                }
            }
            case Numeric numeric -> {
                long number = number(field, numeric, value);
                if (evenDefault || number != 0) {
                    writer.number(field.tag(), number);
                }
            }
        }
    }

    private void nested(OtlpField field, OtlpMessage message, Object value) {
        int mark = writer.begin(field.number());
        switch (value) {
            case OtlpRecord content -> message(message, content);
            case byte[] encoded -> writer.raw(encoded, 0, encoded.length);
            default -> throw unfit(field, value);
        }
        writer.end(mark);
    }

    private static byte[] bytes(OtlpField field, Object value) {
        return switch (value) {
            case byte[] bytes -> bytes;
            case CharSequence text -> text.toString().getBytes(StandardCharsets.UTF_8);
            default -> throw unfit(field, value);
        };
    }

    private static long number(OtlpField field, Numeric type, Object value) {
        return switch (value) {
            case Boolean flag -> flag ? 1 : 0;
            case Number number when type == Numeric.DOUBLE -> Double.doubleToRawLongBits(number.doubleValue());
            case Number number when type == Numeric.UINT32 -> Integer.toUnsignedLong(number.intValue());
            case Number number -> number.longValue();
            case CharSequence name when type == Numeric.SPAN_KIND -> kind(field, name.toString());
            case CharSequence name when type == Numeric.STATUS_CODE -> statusCode(field, name.toString());
            default -> throw unfit(field, value);
        };
    }

    private static int kind(OtlpField field, String name) {
        SpanKind kind = SpanKind.ofName(name);
        return kind == null ? unknownNumber(field, name) : kind.ordinal();
    }

    private static int statusCode(OtlpField field, String name) {
        StatusCode code = StatusCode.ofName(name);
        return code == null ? unknownNumber(field, name) : code.ordinal();
    }

    private static int unknownNumber(OtlpField field, String name) {
        try {
            if (name.startsWith(UNKNOWN_ENUM_VALUE)) {
                return Integer.parseInt(name.substring(name.lastIndexOf('_') + 1));
            }
        } catch (NumberFormatException e) {
            // Said below.
        }
        throw unfit(field, name);
    }

    private static MalformedOtlpException unfit(OtlpField field, Object value) {
        String what = value instanceof CharSequence ? "\"" + value + "\"" : value.getClass().getSimpleName();
        return new MalformedOtlpException("not OTLP: " + OtlpMessage.snakeCase(field.name()) + " cannot be " + what);
    }
}
