package dev.tailsampling.otlp;

import dev.tailsampling.trace.AttributeValue;

/** Writes values as OTLP's {@code AnyValue}. */
final class AnyValueWriter {

    private AnyValueWriter() {}

    /** Writes the value as the content of that field. */
    static void write(WireWriter writer, int field, AttributeValue value) {
        int mark = writer.begin(field);
        switch (value) {
            case AttributeValue.StringValue text -> writer.string(1, text.value());
            case AttributeValue.BoolValue bool -> writer.varint(2, bool.value() ? 1 : 0);
            case AttributeValue.LongValue number -> writer.varint(3, number.value());
            case AttributeValue.DoubleValue number ->
                writer.fixed64(4, Double.doubleToRawLongBits(number.value()));
            case AttributeValue.ListValue list -> {
                int values = writer.begin(5);
                list.values().forEach(item -> write(writer, 1, item));
                writer.end(values);
            }
            case AttributeValue.MapValue map -> {
                int entries = writer.begin(6);
                map.entries().forEach(entry -> {
                    int keyValue = writer.begin(1);
                    if (!entry.key().isEmpty()) {
                        writer.string(1, entry.key());
                    }
                    write(writer, 2, entry.value());
                    writer.end(keyValue);
                });
                writer.end(entries);
            }
            case AttributeValue.BytesValue bytes -> writer.bytes(7, bytes.value(), 0, bytes.value().length);
            case AttributeValue.EmptyValue ignored -> {
                // No field is set.
            }
        }
        writer.end(mark);
    }
}
