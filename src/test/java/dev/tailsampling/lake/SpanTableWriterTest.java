package dev.tailsampling.lake;

import static org.assertj.core.api.Assertions.assertThat;

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
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
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
                table.forEach(row -> rows.add(FlatSpanText.text(row)));
            }
            return rows;
        }
    }

    @Test
    void everySpanBecomesARow() throws IOException {
        List<byte[]> messages = new ArrayList<>();
        new TraceGenerator(new TraceLoad(SEED, Profile.attributes(), 40))
                .forEachRemaining(message -> messages.add(message.otlp()));

        assertThat(written(messages)).as("seed %s", SEED).hasSizeGreaterThan(1_000)
                .containsExactlyInAnyOrderElementsOf(FlatSpanText.expected(messages));
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
