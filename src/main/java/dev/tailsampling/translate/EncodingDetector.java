package dev.tailsampling.translate;

import com.fasterxml.jackson.core.JsonParser;
import java.io.IOException;

/**
 * Tells the encoding of spans by their first bytes, in constant time for protobuf. JSON: a list is Zipkin's; an object is
 * Jaeger's if it has a trace id, else OTLP. Protobuf: what begins with ids of the right sizes in the right fields is
 * Jaeger's or Zipkin's, and everything else OTLP.
 *
 * <p>All three protobuf messages begin with field 1. In Jaeger's span it is a trace id of 16 bytes that field 2 follows,
 * which OTLP's request has not. In Zipkin's list it is a span that begins with a trace id of 16 or 8 bytes, and its parent
 * id and id, of 8 bytes each, follow; OTLP would have a resource of just that size there and then a schema URL of eight
 * letters or a ScopeSpans too short for a span, so nothing that holds spans is taken for Zipkin's.
 */
public final class EncodingDetector {

    private static final int FIELD_1 = 1 << 3 | 2;
    private static final int FIELD_2 = 2 << 3 | 2;
    private static final int FIELD_3 = 3 << 3 | 2;
    private static final int LONG_ID = 16;
    private static final int ID = 8;
    /** Bytes that a length of up to 2 GiB takes. */
    private static final int MAX_LENGTH_BYTES = 5;

    private EncodingDetector() {}

    /** The encoding that the bytes seem to be in. */
    public static SpanEncoding detect(byte[] bytes) {
        int first = 0;
        while (first < bytes.length && isJsonSpace(bytes[first])) {
            first++;
        }
        // A protobuf message may begin with a line feed, too: that is the tag of field 1.
        return switch (first < bytes.length ? bytes[first] : 0) {
            case '[' -> looksLikeJson(bytes, first) ? SpanEncoding.ZIPKIN_JSON : protobuf(bytes);
            case '{' -> looksLikeJson(bytes, first) ? json(bytes) : protobuf(bytes);
            default -> protobuf(bytes);
        };
    }

    private static boolean isJsonSpace(byte b) {
        return b == ' ' || b == '\n' || b == '\r' || b == '\t';
    }

    /**
     * A line feed and a bracket could be the tag of field 1 and its length, too. But protobuf that holds spans has control
     * characters, such as their tags, and JSON has none.
     */
    private static boolean looksLikeJson(byte[] bytes, int bracket) {
        if (bracket > 0) {
            for (byte b : bytes) {
                if (b >= 0 && b < ' ' && !isJsonSpace(b)) {
                    return false;
                }
            }
        }
        return true;
    }

    private static SpanEncoding json(byte[] bytes) {
        try (JsonParser parser = JsonObject.FACTORY.createParser(bytes)) {
            parser.nextToken();
            for (String name = parser.nextFieldName(); name != null; name = parser.nextFieldName()) {
                switch (JsonObject.simple(name)) {
                    case "resourcespans" -> {
                        return SpanEncoding.OTLP_JSON;
                    }
                    case "traceid" -> {
                        return SpanEncoding.JAEGER_JSON;
                    }
                    default -> {
                        parser.nextToken();
                        parser.skipChildren();
                    }
                }
            }
        } catch (IOException e) {
            // The reader of OTLP will say what is wrong.
        }
        return SpanEncoding.OTLP_JSON;
    }

    private static SpanEncoding protobuf(byte[] bytes) {
        if (isField(bytes, 0, FIELD_1, LONG_ID) && isField(bytes, 2 + LONG_ID, FIELD_2, ID)) {
            return SpanEncoding.JAEGER_PROTO;
        }
        return isZipkin(bytes) ? SpanEncoding.ZIPKIN_PROTO : SpanEncoding.OTLP_PROTO;
    }

    private static boolean isZipkin(byte[] bytes) {
        if (bytes.length == 0 || bytes[0] != FIELD_1) {
            return false;
        }
        int span = 1;
        while (span < bytes.length && span < MAX_LENGTH_BYTES && bytes[span] < 0) {
            span++;
        }
        span++;
        int next = span + 2 + (isField(bytes, span, FIELD_1, LONG_ID) ? LONG_ID : ID);
        boolean traceId = isField(bytes, span, FIELD_1, LONG_ID) || isField(bytes, span, FIELD_1, ID);
        return traceId && (isField(bytes, next, FIELD_3, ID)
                || isField(bytes, next, FIELD_2, ID) && isField(bytes, next + 2 + ID, FIELD_3, ID));
    }

    private static boolean isField(byte[] bytes, int at, int tag, int length) {
        return at + 1 + length < bytes.length && bytes[at] == tag && bytes[at + 1] == length;
    }
}
