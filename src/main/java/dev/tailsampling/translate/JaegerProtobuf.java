package dev.tailsampling.translate;

import dev.tailsampling.otlp.RequestBuilder;
import dev.tailsampling.otlp.WireReader;
import dev.tailsampling.trace.AttributeValue;
import dev.tailsampling.trace.TraceId;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads one {@code jaeger.api_v2.Span}; field numbers are those of Jaeger's {@code model.proto}. */
final class JaegerProtobuf implements SpanTranslator {

    static final String FORMAT = "a Jaeger span in protobuf";

    private static final long NANOS_PER_SECOND = 1_000_000_000;

    private final RequestBuilder request = new RequestBuilder();

    @Override
    public byte[] toOtlp(byte[] bytes) {
        span(new WireReader(FORMAT).reset(bytes, 0, bytes.length)).writeTo(request);
        return request.take();
    }

    private static JaegerSpan span(WireReader reader) {
        TraceId traceId = new TraceId(0, 0);
        long spanId = 0;
        String name = "";
        List<JaegerSpan.Reference> references = new ArrayList<>();
        long start = 0;
        long duration = 0;
        Tags tags = new Tags();
        List<JaegerSpan.Log> logs = new ArrayList<>();
        JaegerSpan.Process process = null;
        while (reader.hasMore()) {
            int tag = reader.tag();
            switch (tag) {
                case 1 << 3 | WireReader.LENGTH_DELIMITED -> traceId = traceId(reader);
                case 2 << 3 | WireReader.LENGTH_DELIMITED -> spanId = spanId(reader);
                case 3 << 3 | WireReader.LENGTH_DELIMITED -> name = text(reader);
                case 4 << 3 | WireReader.LENGTH_DELIMITED -> references.add(reference(nested(reader)));
                case 6 << 3 | WireReader.LENGTH_DELIMITED -> start = nanos(nested(reader));
                case 7 << 3 | WireReader.LENGTH_DELIMITED -> duration = nanos(nested(reader));
                case 8 << 3 | WireReader.LENGTH_DELIMITED -> readTag(nested(reader), tags);
                case 9 << 3 | WireReader.LENGTH_DELIMITED -> logs.add(log(nested(reader)));
                case 10 << 3 | WireReader.LENGTH_DELIMITED -> process = process(nested(reader));
                default -> reader.skip(tag);
            }
        }
        if (traceId.isZero()) {
            throw reader.malformed("a span without a trace id");
        }
        return new JaegerSpan(traceId, spanId, name, references, start, start + duration, tags, logs, process);
    }

    /** A trace id of 16 bytes, or of 8 as older clients had it. */
    static TraceId traceId(WireReader reader) {
        int length = reader.length();
        return switch (length) {
            case 16 -> new TraceId(reader.bigEndian(), reader.bigEndian());
            case 8 -> new TraceId(0, reader.bigEndian());
            default -> throw reader.malformed("a trace id that is neither 16 nor 8 bytes long");
        };
    }

    /** A span id of 8 bytes, 0 if empty. */
    static long spanId(WireReader reader) {
        int length = reader.length();
        return switch (length) {
            case 0 -> 0;
            case 8 -> reader.bigEndian();
            default -> throw reader.malformed("a span id that is not 8 bytes long");
        };
    }

    static String text(WireReader reader) {
        return new String(content(reader), StandardCharsets.UTF_8);
    }

    static byte[] content(WireReader reader) {
        int length = reader.length();
        int start = reader.position();
        reader.advance(length);
        return Arrays.copyOfRange(reader.bytes(), start, start + length);
    }

    /** A reader of the message that is the field's content. */
    static WireReader nested(WireReader reader) {
        int length = reader.length();
        int start = reader.position();
        reader.advance(length);
        return reader.within(start, length);
    }

    /** A google.protobuf.Timestamp or Duration: both have seconds in field 1 and nanoseconds in field 2. */
    private static long nanos(WireReader reader) {
        long nanos = 0;
        while (reader.hasMore()) {
            int tag = reader.tag();
            switch (tag) {
                case 1 << 3 | WireReader.VARINT -> nanos += reader.varint() * NANOS_PER_SECOND;
                case 2 << 3 | WireReader.VARINT -> nanos += reader.varint();
                default -> reader.skip(tag);
            }
        }
        return nanos;
    }

    private static JaegerSpan.Reference reference(WireReader reader) {
        TraceId traceId = new TraceId(0, 0);
        long spanId = 0;
        boolean childOf = true;
        while (reader.hasMore()) {
            int tag = reader.tag();
            switch (tag) {
                case 1 << 3 | WireReader.LENGTH_DELIMITED -> traceId = traceId(reader);
                case 2 << 3 | WireReader.LENGTH_DELIMITED -> spanId = spanId(reader);
                case 3 << 3 | WireReader.VARINT -> childOf = reader.varint() == 0;
                default -> reader.skip(tag);
            }
        }
        return new JaegerSpan.Reference(traceId, spanId, childOf);
    }

    private static JaegerSpan.Log log(WireReader reader) {
        long time = 0;
        Tags fields = new Tags();
        while (reader.hasMore()) {
            int tag = reader.tag();
            switch (tag) {
                case 1 << 3 | WireReader.LENGTH_DELIMITED -> time = nanos(nested(reader));
                case 2 << 3 | WireReader.LENGTH_DELIMITED -> readTag(nested(reader), fields);
                default -> reader.skip(tag);
            }
        }
        return new JaegerSpan.Log(time, fields);
    }

    private static JaegerSpan.Process process(WireReader reader) {
        String serviceName = "";
        Tags tags = new Tags();
        while (reader.hasMore()) {
            int tag = reader.tag();
            switch (tag) {
                case 1 << 3 | WireReader.LENGTH_DELIMITED -> serviceName = text(reader);
                case 2 << 3 | WireReader.LENGTH_DELIMITED -> readTag(nested(reader), tags);
                default -> reader.skip(tag);
            }
        }
        return new JaegerSpan.Process(serviceName, tags);
    }

    /** A KeyValue: a key, the type of the value, and a field for each type. */
    private static void readTag(WireReader reader, Tags tags) {
        String key = "";
        int type = 0;
        @Nullable AttributeValue[] values = new AttributeValue[5];
        while (reader.hasMore()) {
            int tag = reader.tag();
            switch (tag) {
                case 1 << 3 | WireReader.LENGTH_DELIMITED -> key = text(reader);
                case 2 << 3 | WireReader.VARINT -> type = (int) reader.varint();
                case 3 << 3 | WireReader.LENGTH_DELIMITED -> values[0] = new AttributeValue.StringValue(text(reader));
                case 4 << 3 | WireReader.VARINT -> values[1] = new AttributeValue.BoolValue(reader.varint() != 0);
                case 5 << 3 | WireReader.VARINT -> values[2] = new AttributeValue.LongValue(reader.varint());
                case 6 << 3 | WireReader.FIXED64 ->
                    values[3] = new AttributeValue.DoubleValue(Double.longBitsToDouble(reader.fixed64()));
                case 7 << 3 | WireReader.LENGTH_DELIMITED -> values[4] = new AttributeValue.BytesValue(content(reader));
                default -> reader.skip(tag);
            }
        }
        if (type < 0 || type >= values.length) {
            throw reader.malformed("a tag of type " + type + ", which Jaeger has not");
        }
        AttributeValue value = values[type];
        tags.put(key, value == null ? defaultValue(type) : value);
    }

    /** Protobuf leaves out values that are zero. */
    private static AttributeValue defaultValue(int type) {
        return switch (type) {
            case 0 -> new AttributeValue.StringValue("");
            case 1 -> new AttributeValue.BoolValue(false);
            case 2 -> new AttributeValue.LongValue(0);
            case 3 -> new AttributeValue.DoubleValue(0);
            default -> new AttributeValue.BytesValue(new byte[0]);
        };
    }
}
