package dev.tailsampling.lake;

import dev.tailsampling.layout.MessageEncoding;
import dev.tailsampling.otlp.MalformedOtlpException;
import dev.tailsampling.otlp.OtlpJsonReader;
import dev.tailsampling.otlp.OtlpSpans;

/** Walks over the spans of a Kafka message value, OTLP protobuf or OTLP/JSON. Reusable; not thread-safe. */
final class MessageDecoder {

    private final OtlpSpans spans = new OtlpSpans();
    private final OtlpJsonReader json = new OtlpJsonReader();
    private final MessageEncoding encoding;

    MessageDecoder(MessageEncoding encoding) {
        this.encoding = encoding;
    }

    /**
     * Visits every span; there is none in an empty value, which is a tombstone.
     *
     * @throws MalformedOtlpException if the value is no trace data
     */
    void forEach(byte[] value, int from, int length, OtlpSpans.Visitor visitor) {
        if (length == 0) {
            return;
        }
        // No OTLP message in protobuf begins with a brace: its first byte is the tag of field 1.
        if (encoding == MessageEncoding.JSON || value[from] == '{') {
            byte[] protobuf = json.toProtobuf(value, from, length);
            spans.forEach(protobuf, 0, protobuf.length, visitor);
        } else {
            spans.forEach(value, from, length, visitor);
        }
    }
}
