package dev.tailsampling.translate;

import dev.tailsampling.otlp.OtlpJsonReader;
import dev.tailsampling.otlp.OtlpSpans;

/** How a text or a string of bytes holds spans; named as by the Collector's Kafka receiver. */
public enum SpanEncoding {
    /** An {@code ExportTraceServiceRequest} in protobuf. */
    OTLP_PROTO,
    /** An {@code ExportTraceServiceRequest} in JSON. */
    OTLP_JSON,
    /** One {@code jaeger.api_v2.Span} in protobuf. */
    JAEGER_PROTO,
    /** One {@code jaeger.api_v2.Span} in JSON. */
    JAEGER_JSON,
    /** A {@code zipkin.proto3.ListOfSpans}. */
    ZIPKIN_PROTO,
    /** A list of Zipkin's v2 spans in JSON. */
    ZIPKIN_JSON;

    /** A new translator from this encoding. */
    public SpanTranslator translator() {
        return switch (this) {
            case OTLP_PROTO -> {
                OtlpSpans spans = new OtlpSpans();
                yield bytes -> {
                    spans.forEach(bytes, 0, bytes.length, span -> {
                        // That it can be read is all there is to know.
                    });
                    return bytes;
                };
            }
            case OTLP_JSON -> {
                OtlpJsonReader reader = new OtlpJsonReader();
                yield bytes -> reader.toProtobuf(bytes, 0, bytes.length);
            }
            case JAEGER_PROTO -> new JaegerProtobuf();
            case JAEGER_JSON -> new JaegerJson();
            case ZIPKIN_PROTO -> new ZipkinProtobuf();
            case ZIPKIN_JSON -> new ZipkinJson();
        };
    }
}
