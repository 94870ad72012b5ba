package dev.tailsampling.datadog;

import com.google.protobuf.ByteString;
import dev.tailsampling.trace.Threshold;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.common.v1.AnyValue;
import io.opentelemetry.proto.common.v1.ArrayValue;
import io.opentelemetry.proto.common.v1.InstrumentationScope;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.resource.v1.Resource;
import io.opentelemetry.proto.trace.v1.ResourceSpans;
import io.opentelemetry.proto.trace.v1.ScopeSpans;
import io.opentelemetry.proto.trace.v1.Span;
import io.opentelemetry.proto.trace.v1.Span.SpanKind;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;

/** OpenTelemetry spans, encoded by OpenTelemetry's own classes, and the way to Datadog's form and back. */
final class TestTrace {

    static final long TRACE_ID_HIGH = 0x0102030405060708L;
    static final long TRACE_ID_LOW = 0xf1f2f3f4f5f6f7f8L;
    static final String TRACE_ID = "0102030405060708f1f2f3f4f5f6f7f8";
    static final long START = 1_700_000_000_000_000_000L;

    /** Digits become question marks. */
    static final PayloadSettings SETTINGS = new PayloadSettings("", "", query -> query.replaceAll("[0-9]+", "?"), 100,
            PayloadSettings.DEFAULT_MAX_BYTES);

    private TestTrace() {}

    /** A span of 5 ms. */
    static Span.Builder span(SpanKind kind, String name, long id, long parentId, Map<String, ?> attributes) {
        Span.Builder span = Span.newBuilder().setTraceId(bytes(TRACE_ID_HIGH, TRACE_ID_LOW)).setSpanId(bytes(id))
                .setName(name).setKind(kind).setStartTimeUnixNano(START).setEndTimeUnixNano(START + 5_000_000)
                .addAllAttributes(attributes(attributes));
        return parentId == 0 ? span : span.setParentSpanId(bytes(parentId));
    }

    static Span.Builder span(SpanKind kind, Map<String, ?> attributes) {
        return span(kind, "name", 1, 0, attributes);
    }

    static ResourceSpans resource(Map<String, ?> attributes, Span.Builder... spans) {
        ScopeSpans.Builder scope =
                ScopeSpans.newBuilder().setScope(InstrumentationScope.newBuilder().setName("lib").setVersion("1.2"));
        for (Span.Builder span : spans) {
            scope.addSpans(span);
        }
        return ResourceSpans.newBuilder().setResource(Resource.newBuilder().addAllAttributes(attributes(attributes)))
                .addScopeSpans(scope).build();
    }

    static KeptTrace trace(ResourceSpans... resources) {
        return new KeptTrace(ExportTraceServiceRequest.newBuilder().addAllResourceSpans(List.of(resources)).build()
                .toByteArray(), "errors", Threshold.ALWAYS);
    }

    /** The span as Datadog gets it from the service "shop". */
    static DatadogSchema.Span mapped(Span.Builder span) {
        return mapped(Map.of("service.name", "shop"), span);
    }

    static DatadogSchema.Span mapped(Map<String, ?> resource, Span.Builder span) {
        return payload(trace(resource(resource, span))).spans().findFirst().orElseThrow();
    }

    static DatadogSchema.Payload payload(KeptTrace trace) {
        return payloads(SETTINGS, List.of(trace)).getFirst();
    }

    static List<DatadogSchema.Payload> payloads(PayloadSettings settings, List<KeptTrace> traces) {
        return encoded(settings, traces).stream().map(DatadogSchema::decode).toList();
    }

    static List<byte[]> encoded(PayloadSettings settings, List<KeptTrace> traces) {
        PayloadBuilder builder = new PayloadBuilder(settings);
        List<AgentPayload> payloads = new ArrayList<>();
        traces.forEach(trace -> payloads.addAll(builder.add(trace)));
        builder.rest().ifPresent(payloads::add);
        return payloads.stream().map(AgentPayload::toByteArray).toList();
    }

    static PayloadSettings settings(UnaryOperator<String> queryText, int maxTraces, int maxBytes) {
        return new PayloadSettings("", "", queryText, maxTraces, maxBytes);
    }

    static ByteString bytes(long... numbers) {
        ByteBuffer buffer = ByteBuffer.allocate(8 * numbers.length);
        for (long number : numbers) {
            buffer.putLong(number);
        }
        return ByteString.copyFrom(buffer.array());
    }

    static List<KeyValue> attributes(Map<String, ?> attributes) {
        return attributes.entrySet().stream()
                .map(entry -> KeyValue.newBuilder().setKey(entry.getKey()).setValue(value(entry.getValue())).build())
                .toList();
    }

    static AnyValue value(Object value) {
        AnyValue.Builder any = AnyValue.newBuilder();
        return switch (value) {
            case Integer number -> any.setIntValue(number).build();
            case Double number -> any.setDoubleValue(number).build();
            case Boolean bool -> any.setBoolValue(bool).build();
            case List<?> list -> any.setArrayValue(ArrayValue.newBuilder()
                    .addAllValues(list.stream().map(TestTrace::value).toList())).build();
            default -> any.setStringValue((String) value).build();
        };
    }
}
