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
        if (encoding == MessageEncoding.JSON || ForeignMessage.isJson(value, from)) {
            forEachOfJson(value, from, length, visitor);
        } else {
            spans.forEach(value, from, length, visitor);
        }
    }

    private void forEachOfJson(byte[] value, int from, int length, OtlpSpans.Visitor visitor) {
        byte[] protobuf;
        try {
            protobuf = json.toProtobuf(value, from, length);
        } catch (MalformedOtlpException e) {
            String foreign = ForeignMessage.describe(value, from, length);
            throw foreign == null ? e : new MalformedOtlpException(foreign);
        }
        int count = spans.forEach(protobuf, 0, protobuf.length, visitor);
        // Fields that OTLP does not know are skipped, and so would be a message that has no others.
        String foreign = count > 0 ? null : ForeignMessage.describe(value, from, length);
        if (foreign != null) {
            throw new MalformedOtlpException(foreign);
        }
    }
}
