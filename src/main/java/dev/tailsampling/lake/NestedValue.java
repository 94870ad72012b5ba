package dev.tailsampling.lake;

import dev.tailsampling.otlp.OtlpRecord;
import java.nio.ByteBuffer;
import java.util.List;
import org.apache.iceberg.data.Record;
import org.jspecify.annotations.Nullable;

/** Values of nested columns as {@link OtlpRecord} wants them. */
final class NestedValue {

    private NestedValue() {}

    /** A value in Iceberg's internal form, valid as long as that. */
    static @Nullable Object of(@Nullable Object value) {
        return switch (value) {
            case Record struct -> (OtlpRecord) name -> of(struct.getField(name));
            case List<?> list -> list.stream().map(NestedValue::of).toList();
            case ByteBuffer bytes -> copy(bytes);
            case null, default -> value;
        };
    }

    private static byte[] copy(ByteBuffer bytes) {
        byte[] copy = new byte[bytes.remaining()];
        bytes.get(bytes.position(), copy);
        return copy;
    }
}
