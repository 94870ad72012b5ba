package dev.tailsampling.trace;

import java.util.List;

/** Value of an attribute: OTLP's {@code AnyValue}. Immutable. */
public sealed interface AttributeValue {

    /** A string. */
    record StringValue(String value) implements AttributeValue {}

    /** A boolean. */
    record BoolValue(boolean value) implements AttributeValue {}

    /** A signed 64-bit integer. */
    record LongValue(long value) implements AttributeValue {}

    /** A double; NaN and infinities are allowed. */
    record DoubleValue(double value) implements AttributeValue {}

    /** Raw bytes; the array must not be changed. */
    record BytesValue(byte[] value) implements AttributeValue {}

    /** A list of values, which may be of different types. */
    record ListValue(List<AttributeValue> values) implements AttributeValue {}

    /** Keys with values; OTLP allows neither order nor uniqueness to be relied on. */
    record MapValue(List<Entry> entries) implements AttributeValue {
        /** One key with its value. */
        public record Entry(String key, AttributeValue value) {}
    }

    /** An {@code AnyValue} with no field set. */
    record EmptyValue() implements AttributeValue {}
}
