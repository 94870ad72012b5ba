package dev.tailsampling.lake;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Tells messages that are not OTLP but something else that the Collector's Kafka exporter can write. */
final class ForeignMessage {

    private static final String REMEDY = ", not OTLP: set the Kafka exporter's encoding to otlp_proto";
    private static final byte[] OPERATION_NAME = "\"operationName\"".getBytes(StandardCharsets.UTF_8);
    /** What stands for bytes that are no UTF-8: U+FFFD. */
    private static final byte[] REPLACEMENT = "\uFFFD".getBytes(StandardCharsets.UTF_8);

    private ForeignMessage() {}

    /** What JSON without a span of OTLP is, as one sentence; null if that is not known. */
    static @Nullable String describe(byte[] value, int from, int length) {
        if (first(value, from, length) == '[') {
            return "a list in JSON, as of Zipkin's spans" + REMEDY;
        }
        return contains(OPERATION_NAME, value, from, length) ? "JSON of Jaeger" + REMEDY : null;
    }

    /** Whether a text was a message in protobuf before somebody took its bytes for UTF-8. */
    static boolean isMangled(byte[] value, int from, int length) {
        byte first = first(value, from, length);
        return first != '{' && first != '[' && contains(REPLACEMENT, value, from, length);
    }

    /** Whether a message can only be JSON: protobuf of OTLP begins with the tag of field 1. */
    static boolean isJson(byte[] value, int from) {
        return value[from] == '{' || value[from] == '[';
    }

    private static byte first(byte[] value, int from, int length) {
        for (int i = from; i < from + length; i++) {
            if (value[i] != ' ' && value[i] != '\n' && value[i] != '\r' && value[i] != '\t') {
                return value[i];
            }
        }
        return 0;
    }

    private static boolean contains(byte[] wanted, byte[] value, int from, int length) {
        for (int i = from; i <= from + length - wanted.length; i++) {
            if (Arrays.equals(value, i, i + wanted.length, wanted, 0, wanted.length)) {
                return true;
            }
        }
        return false;
    }
}
