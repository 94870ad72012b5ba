package dev.tailsampling.translate;

import com.google.protobuf.ByteString;
import com.google.protobuf.CodedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.HexFormat;

/** Writes messages field by field with protobuf's own encoder, by numbers from the .proto files. */
final class Proto {

    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private final CodedOutputStream output = CodedOutputStream.newInstance(bytes);

    private interface Write {
        void to(CodedOutputStream output) throws IOException;
    }

    private Proto add(Write write) {
        try {
            write.to(output);
            return this;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    Proto text(int field, String value) {
        return add(out -> out.writeString(field, value));
    }

    Proto hex(int field, String value) {
        return add(out -> out.writeBytes(field, ByteString.copyFrom(HexFormat.of().parseHex(value))));
    }

    Proto number(int field, long value) {
        return add(out -> out.writeUInt64(field, value));
    }

    Proto fixed(int field, long value) {
        return add(out -> out.writeFixed64(field, value));
    }

    Proto real(int field, double value) {
        return add(out -> out.writeDouble(field, value));
    }

    Proto message(int field, Proto value) {
        return add(out -> out.writeByteArray(field, value.take()));
    }

    byte[] take() {
        add(CodedOutputStream::flush);
        return bytes.toByteArray();
    }
}
