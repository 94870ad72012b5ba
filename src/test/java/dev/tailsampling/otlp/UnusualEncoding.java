package dev.tailsampling.otlp;

import com.google.protobuf.ByteString;
import com.google.protobuf.CodedOutputStream;
import com.google.protobuf.Descriptors.EnumValueDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Descriptors.OneofDescriptor;
import com.google.protobuf.Message;
import com.google.protobuf.UnknownFieldSet;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * Encodes messages as protobuf allows it and no exporter does it: fields in any order, fields of a later version
 * between them, scalars that are set more than once, and messages in two pieces. A parser must read the same message.
 * The same seed gives the same bytes.
 */
final class UnusualEncoding {

    /** Bytes of one field, tag included. Among chunks of one kind the order has a meaning. */
    private record Chunk(int kind, ByteString bytes) {}

    private static final int UNKNOWN_FIELD = 900;
    private static final int ONE_OF = -1;

    private final Random random;

    UnusualEncoding(long seed) {
        random = new Random(seed);
    }

    byte[] of(Message message) {
        return encode(shuffled(chunks(message))).toByteArray();
    }

    private List<Chunk> chunks(Message message) {
        List<Chunk> chunks = new ArrayList<>();
        for (Map.Entry<FieldDescriptor, Object> entry : message.getAllFields().entrySet()) {
            FieldDescriptor field = entry.getKey();
            List<?> values = field.isRepeated() ? (List<?>) entry.getValue() : List.of(entry.getValue());
            if (!field.isRepeated() && chance()) {
                chunks.addAll(earlier(field, entry.getValue()));
            }
            for (Object value : values) {
                chunks.addAll(chunks(field, value));
            }
        }
        return chunks;
    }

    /** A value that is overwritten by the next. */
    private List<Chunk> earlier(FieldDescriptor field, Object value) {
        OneofDescriptor oneof = field.getContainingOneof();
        if (oneof != null) {
            return random.nextBoolean()
                    ? chunks(oneof.getField(0), "overwritten")
                    : chunks(oneof.getField(6), ByteString.copyFromUtf8("overwritten"));
        }
        return switch (field.getJavaType()) {
            case BYTE_STRING -> chunks(field, ByteString.copyFrom(new byte[((ByteString) value).size()]));
            case STRING -> chunks(field, "overwritten");
            case INT -> chunks(field, random.nextInt());
            case LONG -> chunks(field, random.nextLong());
            case DOUBLE -> chunks(field, random.nextDouble());
            case BOOLEAN -> chunks(field, random.nextBoolean());
            default -> List.of();
        };
    }

    private List<Chunk> chunks(FieldDescriptor field, Object value) {
        if (!(value instanceof Message message)) {
            return List.of(scalar(field, value));
        }
        List<Chunk> content = shuffled(chunks(message));
        if (field.isRepeated() || !chance()) {
            return List.of(nested(field, content));
        }
        int cut = random.nextInt(content.size() + 1);
        return List.of(nested(field, content.subList(0, cut)), nested(field, content.subList(cut, content.size())));
    }

    private List<Chunk> shuffled(List<Chunk> chunks) {
        List<Chunk> all = new ArrayList<>(chunks);
        while (chance()) {
            all.add(unknown());
        }
        List<Integer> kinds = new ArrayList<>(all.stream().map(Chunk::kind).toList());
        Collections.shuffle(kinds, random);
        List<Chunk> shuffled = new ArrayList<>();
        for (int kind : kinds) {
            Chunk next = all.stream().filter(chunk -> chunk.kind() == kind).findFirst().orElseThrow();
            all.remove(next);
            shuffled.add(next);
        }
        return shuffled;
    }

    private Chunk unknown() {
        UnknownFieldSet.Field.Builder field = UnknownFieldSet.Field.newBuilder();
        switch (random.nextInt(4)) {
            case 0 -> field.addVarint(random.nextLong());
            case 1 -> field.addFixed32(random.nextInt());
            case 2 -> field.addFixed64(random.nextLong());
            default -> field.addLengthDelimited(ByteString.copyFromUtf8("of a later version"));
        }
        int number = UNKNOWN_FIELD + random.nextInt(100);
        return new Chunk(number, UnknownFieldSet.newBuilder().addField(number, field.build()).build().toByteString());
    }

    private static Chunk scalar(FieldDescriptor field, Object value) {
        return chunk(field, out -> {
            switch (field.getType()) {
                case STRING -> out.writeString(field.getNumber(), (String) value);
                case BYTES -> out.writeBytes(field.getNumber(), (ByteString) value);
                case BOOL -> out.writeBool(field.getNumber(), (Boolean) value);
                case INT64 -> out.writeInt64(field.getNumber(), (Long) value);
                case UINT32 -> out.writeUInt32(field.getNumber(), (Integer) value);
                case FIXED32 -> out.writeFixed32(field.getNumber(), (Integer) value);
                case FIXED64 -> out.writeFixed64(field.getNumber(), (Long) value);
                case ENUM -> out.writeEnum(field.getNumber(), ((EnumValueDescriptor) value).getNumber());
                case DOUBLE -> out.writeDouble(field.getNumber(), (Double) value);
                default -> throw new IllegalArgumentException("not in OTLP: " + field);
            }
        });
    }

    private static Chunk nested(FieldDescriptor field, List<Chunk> content) {
        return chunk(field, out -> out.writeBytes(field.getNumber(), encode(content)));
    }

    private static ByteString encode(List<Chunk> chunks) {
        return ByteString.copyFrom(chunks.stream().map(Chunk::bytes).toList());
    }

    private interface Writing {
        void to(CodedOutputStream out) throws IOException;
    }

    private static Chunk chunk(FieldDescriptor field, Writing writing) {
        ByteString.Output bytes = ByteString.newOutput();
        CodedOutputStream out = CodedOutputStream.newInstance(bytes);
        try {
            writing.to(out);
            out.flush();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return new Chunk(field.getContainingOneof() == null ? field.getNumber() : ONE_OF, bytes.toByteString());
    }

    private boolean chance() {
        return random.nextInt(4) == 0;
    }
}
