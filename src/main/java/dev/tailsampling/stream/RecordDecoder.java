package dev.tailsampling.stream;

import dev.tailsampling.otlp.MalformedOtlpException;
import dev.tailsampling.translate.EncodingDetector;
import dev.tailsampling.translate.SpanEncoding;
import dev.tailsampling.translate.SpanTranslator;
import java.util.EnumMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Turns the values of records into OTLP. Values that are OTLP protobuf are handed on as they are, after a look at all of
 * their spans. Thread-safe.
 */
public final class RecordDecoder {

    private static final byte[] NOTHING = {};

    private final @Nullable SpanEncoding encoding;
    private final ThreadLocal<Map<SpanEncoding, SpanTranslator>> translators =
            ThreadLocal.withInitial(() -> new EnumMap<>(SpanEncoding.class));

    /**
     * For one encoding.
     *
     * @param encoding null for that which each value seems to be in, see {@link EncodingDetector}
     */
    public RecordDecoder(@Nullable SpanEncoding encoding) {
        this.encoding = encoding;
    }

    /**
     * The spans of a record as an {@code ExportTraceServiceRequest}; the value itself if it is one.
     *
     * @param value null, as in a tombstone, holds no spans
     * @throws MalformedOtlpException if no spans can be read from the value, or not all of them: a case for a dead
     *     letter, with one sentence that says why
     */
    public byte[] decode(byte @Nullable [] value) {
        if (value == null || value.length == 0) {
            return NOTHING;
        }
        SpanEncoding its = encoding == null ? EncodingDetector.detect(value) : encoding;
        return translators.get().computeIfAbsent(its, SpanEncoding::translator).toOtlp(value);
    }
}
