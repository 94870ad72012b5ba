package dev.tailsampling.otlp;

import com.google.protobuf.ByteString;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.common.v1.AnyValue;
import io.opentelemetry.proto.common.v1.ArrayValue;
import io.opentelemetry.proto.common.v1.EntityRef;
import io.opentelemetry.proto.common.v1.InstrumentationScope;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.common.v1.KeyValueList;
import io.opentelemetry.proto.resource.v1.Resource;
import io.opentelemetry.proto.trace.v1.ResourceSpans;
import io.opentelemetry.proto.trace.v1.ScopeSpans;
import io.opentelemetry.proto.trace.v1.Span;
import io.opentelemetry.proto.trace.v1.Status;
import java.util.List;
import java.util.Random;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * Requests that use every field of OTLP trace data, each being there or not by chance. Ids come from few traces, and
 * neighbouring resources and scopes are often equal. The same seed gives the same requests.
 */
public final class RandomRequests {

    /** Every text that occurs, as a key too. */
    static final List<String> WORDS = List.of("", "a", "http.method", "GET /cart/{id}", "zażółć gęślą", "\"\\\n\u0001",
            "😀", "\u2028", "x".repeat(200));
    private static final int TRACES = 4;
    private static final int MAX_DEPTH = 4;

    private final Random random;

    /** Requests that follow from a seed. */
    public RandomRequests(long seed) {
        random = new Random(seed);
    }

    /** One more request. */
    public ExportTraceServiceRequest next() {
        ExportTraceServiceRequest.Builder request = ExportTraceServiceRequest.newBuilder();
        ResourceSpans last = resourceSpans();
        for (int i = random.nextInt(4); i > 0; i--) {
            ResourceSpans next = resourceSpans();
            last = chance(3)
                    ? next.toBuilder().setSchemaUrl(last.getSchemaUrl()).setResource(last.getResource()).build()
                    : next;
            request.addResourceSpans(last);
        }
        return request.build();
    }

    private ResourceSpans resourceSpans() {
        ResourceSpans.Builder builder = ResourceSpans.newBuilder();
        if (chance(5)) {
            builder.clearResource();
        } else {
            builder.setResource(resource());
        }
        if (chance(3)) {
            builder.setSchemaUrl(word());
        }
        InstrumentationScope scope = scope();
        for (int i = random.nextInt(4); i > 0; i--) {
            scope = chance(2) ? scope : scope();
            builder.addScopeSpans(scopeSpans(scope));
        }
        return builder.build();
    }

    private Resource resource() {
        Resource.Builder builder = Resource.newBuilder().addAllAttributes(attributes());
        if (chance(4)) {
            builder.setDroppedAttributesCount(random.nextInt());
        }
        if (chance(4)) {
            builder.addEntityRefs(EntityRef.newBuilder().setSchemaUrl(word()).setType(word())
                    .addAllIdKeys(few(this::word)).addAllDescriptionKeys(few(this::word)));
        }
        return builder.build();
    }

    private InstrumentationScope scope() {
        InstrumentationScope.Builder builder = InstrumentationScope.newBuilder().setName(word()).setVersion(word());
        if (chance(3)) {
            builder.addAllAttributes(attributes()).setDroppedAttributesCount(random.nextInt(3));
        }
        return builder.build();
    }

    private ScopeSpans scopeSpans(InstrumentationScope scope) {
        ScopeSpans.Builder builder = ScopeSpans.newBuilder().addAllSpans(few(this::span));
        if (!chance(5)) {
            builder.setScope(scope);
        }
        if (chance(4)) {
            builder.setSchemaUrl(word());
        }
        return builder.build();
    }

    private Span span() {
        Span.Builder builder = Span.newBuilder().setTraceId(traceId()).addAllAttributes(attributes());
        if (!chance(10)) {
            builder.setSpanId(bytes(8));
        }
        if (chance(2)) {
            builder.setParentSpanId(bytes(8));
        }
        if (chance(2)) {
            builder.setTraceState("ot=rv:0123456789abcd").setFlags(random.nextInt());
        }
        if (!chance(10)) {
            builder.setName(word()).setKindValue(random.nextInt(8) - 1);
        }
        if (!chance(10)) {
            builder.setStartTimeUnixNano(random.nextLong()).setEndTimeUnixNano(random.nextLong());
        }
        if (chance(2)) {
            builder.setStatus(status());
        }
        if (chance(3)) {
            builder.addAllEvents(few(this::event)).addAllLinks(few(this::link));
        }
        if (chance(4)) {
            builder.setDroppedAttributesCount(random.nextInt()).setDroppedEventsCount(random.nextInt(9))
                    .setDroppedLinksCount(random.nextInt(9));
        }
        return builder.build();
    }

    private Status status() {
        Status.Builder builder = Status.newBuilder().setCodeValue(random.nextInt(5) - 1);
        if (chance(2)) {
            builder.setMessage(word());
        }
        return builder.build();
    }

    private Span.Event event() {
        return Span.Event.newBuilder().setTimeUnixNano(random.nextLong()).setName(word()).addAllAttributes(attributes())
                .setDroppedAttributesCount(random.nextInt(2)).build();
    }

    private Span.Link link() {
        return Span.Link.newBuilder().setTraceId(traceId()).setSpanId(bytes(8)).setTraceState(word())
                .addAllAttributes(attributes()).setDroppedAttributesCount(random.nextInt(2))
                .setFlags(random.nextInt()).build();
    }

    private List<KeyValue> attributes() {
        return few(() -> keyValue(1));
    }

    private KeyValue keyValue(int depth) {
        KeyValue.Builder builder = KeyValue.newBuilder().setKey(word());
        // Inside a value, "no value" and "an empty value" are one to AttributeValue, so only the latter is made there.
        if (depth > 1 || !chance(10)) {
            builder.setValue(value(depth));
        }
        return builder.build();
    }

    private AnyValue value(int depth) {
        AnyValue.Builder builder = AnyValue.newBuilder();
        switch (random.nextInt(depth < MAX_DEPTH ? 8 : 6)) {
            case 0 -> builder.setStringValue(word());
            case 1 -> builder.setBoolValue(random.nextBoolean());
            case 2 -> builder.setIntValue(chance(4) ? 0 : random.nextLong());
            case 3 -> builder.setDoubleValue(number());
            case 4 -> builder.setBytesValue(bytes(random.nextInt(5)));
            case 5 -> builder.clearValue();
            case 6 -> builder.setArrayValue(ArrayValue.newBuilder().addAllValues(few(() -> value(depth + 1))));
            default -> builder.setKvlistValue(KeyValueList.newBuilder().addAllValues(few(() -> keyValue(depth + 1))));
        }
        return builder.build();
    }

    private double number() {
        return switch (random.nextInt(6)) {
            case 0 -> Double.NaN;
            case 1 -> Double.NEGATIVE_INFINITY;
            case 2 -> -0.0;
            case 3 -> Double.MIN_VALUE;
            case 4 -> random.nextInt();
            default -> random.nextGaussian() * 1e100;
        };
    }

    private ByteString traceId() {
        byte[] id = new byte[16];
        new Random(random.nextInt(TRACES)).nextBytes(id);
        return ByteString.copyFrom(id);
    }

    private ByteString bytes(int length) {
        byte[] bytes = new byte[length];
        random.nextBytes(bytes);
        return ByteString.copyFrom(bytes);
    }

    private String word() {
        return WORDS.get(random.nextInt(WORDS.size()));
    }

    private <T> List<T> few(Supplier<T> element) {
        return Stream.generate(element).limit(random.nextInt(4)).toList();
    }

    private boolean chance(int oneIn) {
        return random.nextInt(oneIn) == 0;
    }
}
