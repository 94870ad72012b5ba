package dev.tailsampling.datadog;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads MessagePack as its specification has it: maps, lists, texts, bytes, numbers, truth values. */
public final class MsgpackReader {

    private final ByteBuffer in;

    private MsgpackReader(byte[] bytes) {
        in = ByteBuffer.wrap(bytes);
    }

    /** The one value of a message. */
    public static Object read(byte[] message) {
        MsgpackReader reader = new MsgpackReader(message);
        Object value = reader.value();
        if (value == null || reader.in.hasRemaining()) {
            throw new IllegalArgumentException(reader.in.remaining() + " bytes are left over");
        }
        return value;
    }

    private @Nullable Object value() {
        int form = in.get() & 0xff;
        if (form < 0x80) {
            return (long) form;
        } else if (form < 0x90) {
            return map(form & 0xf);
        } else if (form < 0xa0) {
            return list(form & 0xf);
        } else if (form < 0xc0) {
            return text(form & 0x1f);
        } else if (form >= 0xe0) {
            return (long) (byte) form;
        }
        return switch (form) {
            case 0xc0 -> null;
            case 0xc2 -> false;
            case 0xc3 -> true;
            case 0xc4 -> bytes(in.get() & 0xff);
            case 0xc5 -> bytes(in.getShort() & 0xffff);
            case 0xc6 -> bytes(in.getInt());
            case 0xcb -> in.getDouble();
            case 0xcc -> in.get() & 0xffL;
            case 0xcd -> in.getShort() & 0xffffL;
            case 0xce -> in.getInt() & 0xffffffffL;
            case 0xcf, 0xd3 -> in.getLong();
            case 0xd9 -> text(in.get() & 0xff);
            case 0xda -> text(in.getShort() & 0xffff);
            case 0xdb -> text(in.getInt());
            case 0xdc -> list(in.getShort() & 0xffff);
            case 0xdd -> list(in.getInt());
            case 0xde -> map(in.getShort() & 0xffff);
            case 0xdf -> map(in.getInt());
            default -> throw new IllegalArgumentException("no form of MessagePack that is used here: " + form);
        };
    }

    private byte[] bytes(int length) {
        byte[] bytes = new byte[length];
        in.get(bytes);
        return bytes;
    }

    private String text(int length) {
        return new String(bytes(length), StandardCharsets.UTF_8);
    }

    private List<@Nullable Object> list(int size) {
        List<@Nullable Object> list = new ArrayList<>();
        for (int i = 0; i < size; i++) {
            list.add(value());
        }
        return list;
    }

    private Map<String, @Nullable Object> map(int size) {
        Map<String, @Nullable Object> map = new LinkedHashMap<>();
        for (int i = 0; i < size; i++) {
            String key = (String) value();
            if (map.containsKey(key)) {
                throw new IllegalArgumentException("twice in one map: " + key);
            }
            map.put(key, value());
        }
        return map;
    }
}
