package dev.tailsampling.otlp;

import dev.tailsampling.trace.AttributeValue;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Decodes {@code opentelemetry.proto.common.v1.AnyValue}. A field that occurs more than once is merged as protobuf does
 * it: the last one of a oneof counts, and lists grow.
 */
final class AnyValueReader {

    /** Nested values deeper than this are taken for an attack on the stack, not for data. */
    static final int MAX_DEPTH = 64;

    static final AttributeValue EMPTY = new AttributeValue.EmptyValue();

    private AnyValueReader() {}

    /** The value that a message makes of an earlier one, {@link #EMPTY} if there was none. */
    static AttributeValue merge(AttributeValue earlier, byte[] bytes, int offset, int length) {
        return merge(earlier, bytes, offset, length, 1);
    }

    private static AttributeValue merge(AttributeValue earlier, byte[] bytes, int offset, int length, int depth) {
        if (depth > MAX_DEPTH) {
            throw new MalformedOtlpException("not OTLP protobuf: an attribute nested more than " + MAX_DEPTH
                    + " levels deep, at byte " + offset);
        }
        WireReader reader = new WireReader().reset(bytes, offset, length);
        AttributeValue value = earlier;
        while (reader.hasMore()) {
            int tag = reader.tag();
            switch (tag) {
                case 1 << 3 | WireReader.LENGTH_DELIMITED -> value = new AttributeValue.StringValue(string(reader));
                case 2 << 3 | WireReader.VARINT -> value = new AttributeValue.BoolValue(reader.varint() != 0);
                case 3 << 3 | WireReader.VARINT -> value = new AttributeValue.LongValue(reader.varint());
                case 4 << 3 | WireReader.FIXED64 ->
                    value = new AttributeValue.DoubleValue(Double.longBitsToDouble(reader.fixed64()));
                case 5 << 3 | WireReader.LENGTH_DELIMITED -> value = list(value, reader, depth);
                case 6 << 3 | WireReader.LENGTH_DELIMITED -> value = map(value, reader, depth);
                case 7 << 3 | WireReader.LENGTH_DELIMITED -> value = bytes(reader);
                default -> reader.skip(tag);
            }
        }
        return value;
    }

    private static AttributeValue list(AttributeValue earlier, WireReader reader, int depth) {
        List<AttributeValue> values = new ArrayList<>();
        if (earlier instanceof AttributeValue.ListValue list) {
            values.addAll(list.values());
        }
        WireReader items = nested(reader);
        while (items.hasMore()) {
            int tag = items.tag();
            if (tag == (1 << 3 | WireReader.LENGTH_DELIMITED)) {
                int length = items.length();
                values.add(merge(EMPTY, items.bytes(), items.position(), length, depth + 1));
                items.advance(length);
            } else {
                items.skip(tag);
            }
        }
        return new AttributeValue.ListValue(List.copyOf(values));
    }

    private static AttributeValue map(AttributeValue earlier, WireReader reader, int depth) {
        List<AttributeValue.MapValue.Entry> entries = new ArrayList<>();
        if (earlier instanceof AttributeValue.MapValue map) {
            entries.addAll(map.entries());
        }
        WireReader items = nested(reader);
        while (items.hasMore()) {
            int tag = items.tag();
            if (tag == (1 << 3 | WireReader.LENGTH_DELIMITED)) {
                entries.add(entry(nested(items), depth));
            } else {
                items.skip(tag);
            }
        }
        return new AttributeValue.MapValue(List.copyOf(entries));
    }

    private static AttributeValue.MapValue.Entry entry(WireReader keyValue, int depth) {
        String key = "";
        AttributeValue value = EMPTY;
        while (keyValue.hasMore()) {
            int tag = keyValue.tag();
            switch (tag) {
                case 1 << 3 | WireReader.LENGTH_DELIMITED -> key = string(keyValue);
                case 2 << 3 | WireReader.LENGTH_DELIMITED -> {
                    int length = keyValue.length();
                    value = merge(value, keyValue.bytes(), keyValue.position(), length, depth + 1);
                    keyValue.advance(length);
                }
                default -> keyValue.skip(tag);
            }
        }
        return new AttributeValue.MapValue.Entry(key, value);
    }

    private static AttributeValue bytes(WireReader reader) {
        int length = reader.length();
        int start = reader.position();
        reader.advance(length);
        return new AttributeValue.BytesValue(Arrays.copyOfRange(reader.bytes(), start, start + length));
    }

    private static String string(WireReader reader) {
        int length = reader.length();
        int start = reader.position();
        reader.advance(length);
        return new String(reader.bytes(), start, length, StandardCharsets.UTF_8);
    }

    private static WireReader nested(WireReader reader) {
        int length = reader.length();
        WireReader inner = new WireReader().reset(reader.bytes(), reader.position(), length);
        reader.advance(length);
        return inner;
    }
}
