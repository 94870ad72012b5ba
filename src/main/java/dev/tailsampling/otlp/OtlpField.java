package dev.tailsampling.otlp;

import java.util.List;
import java.util.function.Supplier;

/**
 * One field of an {@link OtlpMessage}.
 *
 * @param number the field's number in protobuf
 * @param names its name in JSON, lowerCamelCase, and then former names
 */
record OtlpField(int number, List<String> names, Type type, boolean repeated) {

    /** What a field holds. */
    sealed interface Type {
        /** How protobuf lays the content out: one of {@link WireReader}'s wire types. */
        int wireType();
    }

    /** A value that is a run of bytes. In JSON ids are hex and other bytes base64. */
    enum Content implements Type {
        STRING, BYTES, TRACE_ID, SPAN_ID;

        @Override
        public int wireType() {
            return WireReader.LENGTH_DELIMITED;
        }
    }

    /** A value of at most 64 bits. */
    enum Numeric implements Type {
        BOOL(WireReader.VARINT),
        INT64(WireReader.VARINT),
        UINT32(WireReader.VARINT),
        SPAN_KIND(WireReader.VARINT),
        STATUS_CODE(WireReader.VARINT),
        FIXED32(WireReader.FIXED32),
        FIXED64(WireReader.FIXED64),
        DOUBLE(WireReader.FIXED64);

        private final int wireType;

        Numeric(int wireType) {
            this.wireType = wireType;
        }

        @Override
        public int wireType() {
            return wireType;
        }
    }

    /** A message, named late since messages may hold themselves. */
    record Nested(Supplier<OtlpMessage> supplier) implements Type {
        @Override
        public int wireType() {
            return WireReader.LENGTH_DELIMITED;
        }

        OtlpMessage message() {
            return supplier.get();
        }
    }

    static OtlpField one(int number, String name, Type type) {
        return new OtlpField(number, List.of(name), type, false);
    }

    static OtlpField one(int number, String name, Supplier<OtlpMessage> message) {
        return one(number, name, new Nested(message));
    }

    static OtlpField many(int number, String name, Type type) {
        return new OtlpField(number, List.of(name), type, true);
    }

    static OtlpField many(int number, String name, Supplier<OtlpMessage> message) {
        return many(number, name, new Nested(message));
    }

    /** The same field, which old exporters call by another name. */
    OtlpField formerly(String formerName) {
        return new OtlpField(number, List.of(name(), formerName), type, repeated);
    }

    /** Today's name in JSON. */
    String name() {
        return names.getFirst();
    }

    /** The field's tag on the wire. */
    int tag() {
        return number << 3 | type.wireType();
    }
}
