package dev.tailsampling.translate;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.common.v1.AnyValue;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.trace.v1.ResourceSpans;
import io.opentelemetry.proto.trace.v1.Span;
import java.util.HexFormat;
import java.util.List;

/** Values of OpenTelemetry's own classes. */
final class Expected {

    private Expected() {}

    static ExportTraceServiceRequest parse(byte[] otlp) {
        try {
            return ExportTraceServiceRequest.parseFrom(otlp);
        } catch (InvalidProtocolBufferException e) {
            throw new AssertionError("no ExportTraceServiceRequest", e);
        }
    }

    static ResourceSpans only(byte[] otlp) {
        List<ResourceSpans> all = parse(otlp).getResourceSpansList();
        if (all.size() != 1 || all.getFirst().getScopeSpansCount() != 1
                || all.getFirst().getScopeSpans(0).getSpansCount() != 1) {
            throw new AssertionError("not one span: " + all);
        }
        return all.getFirst();
    }

    static Span onlySpan(byte[] otlp) {
        return only(otlp).getScopeSpans(0).getSpans(0);
    }

    static ByteString hex(String digits) {
        return ByteString.copyFrom(HexFormat.of().parseHex(digits));
    }

    static KeyValue attribute(String key, String value) {
        return attribute(key, AnyValue.newBuilder().setStringValue(value));
    }

    static KeyValue attribute(String key, long value) {
        return attribute(key, AnyValue.newBuilder().setIntValue(value));
    }

    static KeyValue attribute(String key, boolean value) {
        return attribute(key, AnyValue.newBuilder().setBoolValue(value));
    }

    static KeyValue attribute(String key, AnyValue.Builder value) {
        return KeyValue.newBuilder().setKey(key).setValue(value).build();
    }
}
