package dev.tailsampling.lake;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.tailsampling.generate.Profile;
import dev.tailsampling.generate.TraceGenerator;
import dev.tailsampling.generate.TraceLoad;
import dev.tailsampling.otlp.AttributeTexts;
import dev.tailsampling.trace.AttributeValue;
import dev.tailsampling.trace.AttributeValue.BoolValue;
import dev.tailsampling.trace.AttributeValue.DoubleValue;
import dev.tailsampling.trace.AttributeValue.ListValue;
import dev.tailsampling.trace.AttributeValue.LongValue;
import dev.tailsampling.trace.AttributeValue.MapValue;
import dev.tailsampling.trace.AttributeValue.StringValue;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.trace.v1.ResourceSpans;
import io.opentelemetry.proto.trace.v1.ScopeSpans;
import io.opentelemetry.proto.trace.v1.Span;
import io.opentelemetry.proto.trace.v1.TracesData;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.apache.iceberg.data.IcebergGenerics;
import org.apache.iceberg.data.Record;
import org.apache.iceberg.io.CloseableIterable;
import org.junit.jupiter.api.Test;

/** What the flattened table says of spans is what protobuf-java says. */
class SpanTableWriterTest {

    private static final long SEED = 11;

    private static List<String> written(Iterable<byte[]> messages) throws IOException {
        try (TestLake lake = TestLake.inMemory();
                SpanTableWriter writer = new SpanTableWriter(lake.catalog, TestLake.TABLE)) {
            int count = 0;
            for (byte[] message : messages) {
                writer.append(KafkaMessage.of(0, message, 0));
                if (++count % 50 == 0) {
                    writer.commit(MessageWriter.CatchUp.MORE_DATA);
                }
            }
            writer.commit(MessageWriter.CatchUp.CAUGHT_UP);
            assertThat(writer.commit(MessageWriter.CatchUp.CAUGHT_UP)).isZero();
            writer.append(KafkaMessage.of(0, messages.iterator().next(), 0));
            writer.close();
            List<String> rows = new ArrayList<>();
            try (CloseableIterable<Record> table = IcebergGenerics.read(lake.table()).build()) {
                table.forEach(row -> rows.add(text(row)));
            }
            return rows;
        }
    }

    private static String text(Record row) {
        return String.join("|", text(row, "TraceId"), text(row, "SpanId"), text(row, "ParentSpanId"),
                text(row, "TraceState"), text(row, "SpanName"), text(row, "SpanKind"), text(row, "StatusCode"),
                text(row, "StatusMessage"), text(row, "Timestamp"), text(row, "Duration"), text(row, "ServiceName"),
                text(row, "ScopeName"), text(row, "ResourceAttributes"), text(row, "SpanAttributes"),
                text(row, "Events.Timestamp"), text(row, "Events.Name"), text(row, "Events.Attributes"),
                text(row, "Links.SpanId"), text(row, "Links.TraceId"));
    }

    private static String text(Record row, String column) {
        return sorted(row.getField(column)).toString();
    }

    /** Maps come in any order. */
    private static Object sorted(Object value) {
        return switch (value) {
            case Map<?, ?> map -> new TreeMap<>(map);
            case List<?> list -> list.stream().map(SpanTableWriterTest::sorted).toList();
            default -> value;
        };
    }

    private static List<String> expected(Iterable<byte[]> messages) throws InvalidProtocolBufferException {
        List<String> rows = new ArrayList<>();
        for (byte[] message : messages) {
            for (ResourceSpans resource : TracesData.parseFrom(message).getResourceSpansList()) {
                for (ScopeSpans scope : resource.getScopeSpansList()) {
                    scope.getSpansList().forEach(span -> rows.add(text(resource, scope, span)));
                }
            }
        }
        return rows;
    }

    private static String text(ResourceSpans resource, ScopeSpans scope, Span span) {
        Map<String, String> shared = texts(resource.getResource().getAttributesList());
        HexFormat hex = HexFormat.of();
        return String.join("|", hex.formatHex(span.getTraceId().toByteArray()),
                hex.formatHex(span.getSpanId().toByteArray()), hex.formatHex(span.getParentSpanId().toByteArray()),
                span.getTraceState(), span.getName(), capitalized(span.getKind().name(), "SPAN_KIND_"),
                capitalized(span.getStatus().getCode().name(), "STATUS_CODE_"), span.getStatus().getMessage(),
                Long.toString(span.getStartTimeUnixNano()),
                Long.toString(span.getEndTimeUnixNano() - span.getStartTimeUnixNano()), shared.get("service.name"),
                scope.getScope().getName(), shared.toString(), texts(span.getAttributesList()).toString(),
                span.getEventsList().stream().map(Span.Event::getTimeUnixNano).toList().toString(),
                span.getEventsList().stream().map(Span.Event::getName).toList().toString(),
                span.getEventsList().stream().map(event -> texts(event.getAttributesList())).toList().toString(),
                span.getLinksList().stream().map(link -> hex.formatHex(link.getSpanId().toByteArray())).toList()
                        .toString(),
                span.getLinksList().stream().map(link -> hex.formatHex(link.getTraceId().toByteArray())).toList()
                        .toString());
    }

    private static String capitalized(String name, String prefix) {
        String word = name.substring(prefix.length());
        return word.charAt(0) + word.substring(1).toLowerCase(Locale.ROOT);
    }

    private static Map<String, String> texts(List<KeyValue> attributes) {
        Map<String, String> texts = new TreeMap<>();
        attributes.forEach(attribute -> texts.put(attribute.getKey(), attribute.getValue().hasStringValue()
                ? attribute.getValue().getStringValue()
                : Long.toString(attribute.getValue().getIntValue())));
        return texts;
    }

    @Test
    void everySpanBecomesARow() throws IOException {
        List<byte[]> messages = new ArrayList<>();
        new TraceGenerator(new TraceLoad(SEED, Profile.attributes(), 40))
                .forEachRemaining(message -> messages.add(message.otlp()));

        assertThat(written(messages)).as("seed %s", SEED).hasSizeGreaterThan(1_000)
                .containsExactlyInAnyOrderElementsOf(expected(messages));
    }

    @Test
    void valuesAreTextsAsTheCollectorWritesThem() {
        AttributeValue list = new ListValue(List.of(new StringValue("a \"b\"\n"), new LongValue(1),
                new MapValue(List.of(new MapValue.Entry("k", new BoolValue(true)))), new AttributeValue.EmptyValue()));

        assertThat(AttributeTexts.text(new StringValue("plain \"text\""))).isEqualTo("plain \"text\"");
        assertThat(AttributeTexts.text(new LongValue(-5))).isEqualTo("-5");
        assertThat(AttributeTexts.text(new DoubleValue(2))).isEqualTo("2");
        assertThat(AttributeTexts.text(new DoubleValue(0.25))).isEqualTo("0.25");
        assertThat(AttributeTexts.text(new AttributeValue.BytesValue(new byte[]{1, 2}))).isEqualTo("AQI=");
        assertThat(AttributeTexts.text(new AttributeValue.EmptyValue())).isEmpty();
        assertThat(AttributeTexts.text(list)).isEqualTo("[\"a \\\"b\\\"\\u000a\",1,{\"k\":true},null]");
    }
}
