package dev.tailsampling.otlp;

import dev.tailsampling.trace.AttributeKey;
import dev.tailsampling.trace.AttributeValue;
import dev.tailsampling.trace.AttributeValue.LongValue;
import dev.tailsampling.trace.AttributeValue.StringValue;
import java.util.List;

/**
 * Similar spans that leave as one: the first of them, with the end of the last and the numbers of all.
 *
 * @param members in the order of their starts, at least one
 */
record SpanRun(List<Member> members) {

    /** How many spans there were. */
    static final String COUNT = "tss.compression.count";
    private static final String PREFIX = "tss.compression.";

    private static final int END = 8;
    private static final int END_TAG = END << 3 | WireReader.FIXED64;
    private static final int ATTRIBUTES = 9;
    private static final int ATTRIBUTES_TAG = ATTRIBUTES << 3 | WireReader.LENGTH_DELIMITED;

    /**
     * One span of the run.
     *
     * @param index in the request, from 0
     */
    record Member(int index, long spanId, long startUnixNano, long endUnixNano) {
        long durationNanos() {
            return endUnixNano - startUnixNano;
        }
    }

    Member first() {
        return members.getFirst();
    }

    private long lastEndUnixNano() {
        return members.stream().mapToLong(Member::endUnixNano).max().orElseThrow();
    }

    /** Writes the fields of the span that stands for all: those of the first one but what the run changes. */
    void writeTo(WireWriter writer, WireSpan first, String source) {
        byte[] bytes = first.bytes();
        WireReader reader = new WireReader().reset(bytes, first.offset(), first.encodedSize());
        WireAttributes attribute = new WireAttributes(ATTRIBUTES);
        while (reader.hasMore()) {
            int start = reader.position();
            int tag = reader.tag();
            reader.skip(tag);
            attribute.reset(bytes, start, reader.position() - start);
            if (tag == END_TAG) {
                writer.fixed64(END, lastEndUnixNano());
            } else if (tag != ATTRIBUTES_TAG || !writeStatement(writer, attribute)) {
                writer.raw(bytes, start, reader.position() - start);
            }
        }
        writeNumbers(writer, source);
    }

    /** Writes the attribute without its literals if it is the text of a query; false if it is another one. */
    private static boolean writeStatement(WireWriter writer, WireAttributes attribute) {
        for (AttributeKey key : SimilarSpans.STATEMENTS) {
            AttributeValue statement = attribute.get(key);
            if (statement != null) {
                write(writer, key.name(), SimilarSpans.sanitized(statement));
                return true;
            }
        }
        return false;
    }

    private void writeNumbers(WireWriter writer, String source) {
        var durations = members.stream().mapToLong(Member::durationNanos).summaryStatistics();
        write(writer, COUNT, new LongValue(durations.getCount()));
        write(writer, PREFIX + "duration_total_nanos", new LongValue(durations.getSum()));
        write(writer, PREFIX + "duration_min_nanos", new LongValue(durations.getMin()));
        write(writer, PREFIX + "duration_max_nanos", new LongValue(durations.getMax()));
        write(writer, PREFIX + "first_start_unix_nano", new LongValue(first().startUnixNano()));
        write(writer, PREFIX + "last_end_unix_nano", new LongValue(lastEndUnixNano()));
        write(writer, PREFIX + "source", new StringValue(source));
    }

    private static void write(WireWriter writer, String key, AttributeValue value) {
        int mark = writer.begin(ATTRIBUTES);
        writer.string(1, key);
        AnyValueWriter.write(writer, 2, value);
        writer.end(mark);
    }
}
