package dev.tailsampling.otlp;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.tailsampling.trace.AttributeKey;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.common.v1.AnyValue;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.trace.v1.Span;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** A span that is copied with one attribute more loses nothing but what it had under that key. */
class AddedAttributeTest {

    private static final long SEED = 20_261_127;
    private static final String KEY = "sampling.priority";

    private static KeyValue attribute(String key, long value) {
        return KeyValue.newBuilder().setKey(key).setValue(AnyValue.newBuilder().setIntValue(value)).build();
    }

    private static List<Span> spans(ExportTraceServiceRequest request) {
        return request.getResourceSpansList().stream().flatMap(resource -> resource.getScopeSpansList().stream())
                .flatMap(scope -> scope.getSpansList().stream()).toList();
    }

    @Test
    void takesThePlaceOfOthersOfItsKey() throws InvalidProtocolBufferException {
        RandomRequests requests = new RandomRequests(SEED);
        Random random = new Random(SEED);
        for (int i = 0; i < 200; i++) {
            ExportTraceServiceRequest.Builder request = requests.next().toBuilder();
            request.getResourceSpansBuilderList().forEach(resource -> resource.getScopeSpansBuilderList()
                    .forEach(scope -> scope.getSpansBuilderList().forEach(span -> addSome(span, random))));
            List<Span> expected = new ArrayList<>();
            spans(request.build()).forEach(span -> expected.add(replaced(span)));

            byte[] bytes = request.build().toByteArray();
            TraceBytes copies = new TraceBytes();
            new OtlpSpans().forEach(bytes, 0, bytes.length, span -> copies.add(span, AttributeKey.of(KEY), 2));

            byte[] copied = copies.take();
            assertThat(copied == null ? List.of() : spans(ExportTraceServiceRequest.parseFrom(copied)))
                    .as("request %d of seed %d", i, SEED).isEqualTo(expected);
        }
    }

    private static void addSome(Span.Builder span, Random random) {
        for (int n = random.nextInt(3); n > 0; n--) {
            span.addAttributes(random.nextInt(span.getAttributesCount() + 1), attribute(KEY, random.nextInt(3) - 1));
        }
    }

    private static Span replaced(Span span) {
        return span.toBuilder().clearAttributes().addAllAttributes(span.getAttributesList().stream()
                .filter(attribute -> !attribute.getKey().equals(KEY)).toList()).addAttributes(attribute(KEY, 2))
                .build();
    }
}
