package dev.tailsampling.translate;

import dev.tailsampling.otlp.WireReader;
import dev.tailsampling.trace.SpanKind;
import dev.tailsampling.trace.TraceId;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Reads a {@code zipkin.proto3.ListOfSpans}; field numbers are those of Zipkin's {@code zipkin.proto}. */
final class ZipkinProtobuf implements SpanTranslator {

    private static final String FORMAT = "a list of Zipkin spans in protobuf";
    /** By number on the wire. */
    private static final List<SpanKind> KINDS = List.of(SpanKind.UNSPECIFIED, SpanKind.CLIENT, SpanKind.SERVER,
            SpanKind.PRODUCER, SpanKind.CONSUMER);
    private static final int IPV4_BYTES = 4;
    private static final int IPV6_BYTES = 16;

    @Override
    public byte[] toOtlp(byte[] bytes) {
        WireReader reader = new WireReader(FORMAT).reset(bytes, 0, bytes.length);
        List<ZipkinSpan> spans = new ArrayList<>();
        while (reader.hasMore()) {
            int tag = reader.tag();
            if (tag == (1 << 3 | WireReader.LENGTH_DELIMITED)) {
                spans.add(span(JaegerProtobuf.nested(reader)));
            } else {
                reader.skip(tag);
            }
        }
        return ZipkinSpan.toOtlp(spans);
    }

    private static ZipkinSpan span(WireReader reader) {
        TraceId traceId = new TraceId(0, 0);
        long parentId = 0;
        long id = 0;
        int kind = 0;
        String name = "";
        long timestamp = 0;
        long duration = 0;
        ZipkinSpan.Endpoint local = null;
        ZipkinSpan.Endpoint remote = null;
        List<ZipkinSpan.Annotation> annotations = new ArrayList<>();
        Tags tags = new Tags();
        while (reader.hasMore()) {
            int tag = reader.tag();
            switch (tag) {
                case 1 << 3 | WireReader.LENGTH_DELIMITED -> traceId = JaegerProtobuf.traceId(reader);
                case 2 << 3 | WireReader.LENGTH_DELIMITED -> parentId = JaegerProtobuf.spanId(reader);
                case 3 << 3 | WireReader.LENGTH_DELIMITED -> id = JaegerProtobuf.spanId(reader);
                case 4 << 3 | WireReader.VARINT -> kind = (int) reader.varint();
                case 5 << 3 | WireReader.LENGTH_DELIMITED -> name = JaegerProtobuf.text(reader);
                case 6 << 3 | WireReader.FIXED64 -> timestamp = reader.fixed64();
                case 7 << 3 | WireReader.VARINT -> duration = reader.varint();
                case 8 << 3 | WireReader.LENGTH_DELIMITED -> local = endpoint(JaegerProtobuf.nested(reader));
                case 9 << 3 | WireReader.LENGTH_DELIMITED -> remote = endpoint(JaegerProtobuf.nested(reader));
                case 10 << 3 | WireReader.LENGTH_DELIMITED ->
                    annotations.add(annotation(JaegerProtobuf.nested(reader)));
                case 11 << 3 | WireReader.LENGTH_DELIMITED -> readTag(JaegerProtobuf.nested(reader), tags);
                default -> reader.skip(tag);
            }
        }
        if (traceId.isZero()) {
            throw reader.malformed("a span without a trace id");
        }
        return new ZipkinSpan(traceId, parentId, id,
                kind >= 0 && kind < KINDS.size() ? KINDS.get(kind) : SpanKind.UNSPECIFIED, name, timestamp, duration,
                local, remote, annotations, tags);
    }

    private static ZipkinSpan.Endpoint endpoint(WireReader reader) {
        String serviceName = "";
        List<String> addresses = new ArrayList<>();
        int port = 0;
        while (reader.hasMore()) {
            int tag = reader.tag();
            switch (tag) {
                case 1 << 3 | WireReader.LENGTH_DELIMITED -> serviceName = JaegerProtobuf.text(reader);
                case 2 << 3 | WireReader.LENGTH_DELIMITED -> addresses.add(ipv4(reader));
                case 3 << 3 | WireReader.LENGTH_DELIMITED -> addresses.add(ipv6(reader));
                case 4 << 3 | WireReader.VARINT -> port = (int) reader.varint();
                default -> reader.skip(tag);
            }
        }
        return new ZipkinSpan.Endpoint(serviceName, addresses.stream().filter(text -> !text.isEmpty()).toList(), port);
    }

    private static String ipv4(WireReader reader) {
        byte[] bytes = address(reader, IPV4_BYTES);
        return IntStream.range(0, bytes.length).mapToObj(i -> String.valueOf(bytes[i] & 0xff))
                .collect(Collectors.joining("."));
    }

    /** All eight groups, without zeros in front; the longest run of zeros is not shortened. */
    private static String ipv6(WireReader reader) {
        byte[] bytes = address(reader, IPV6_BYTES);
        return IntStream.range(0, bytes.length / 2)
                .mapToObj(i -> Integer.toHexString((bytes[2 * i] & 0xff) << 8 | bytes[2 * i + 1] & 0xff))
                .collect(Collectors.joining(":"));
    }

    private static byte[] address(WireReader reader, int size) {
        byte[] bytes = JaegerProtobuf.content(reader);
        if (bytes.length != 0 && bytes.length != size) {
            throw reader.malformed("an address of " + bytes.length + " bytes");
        }
        return bytes;
    }

    private static ZipkinSpan.Annotation annotation(WireReader reader) {
        long timestamp = 0;
        String value = "";
        while (reader.hasMore()) {
            int tag = reader.tag();
            switch (tag) {
                case 1 << 3 | WireReader.FIXED64 -> timestamp = reader.fixed64();
                case 2 << 3 | WireReader.LENGTH_DELIMITED -> value = JaegerProtobuf.text(reader);
                default -> reader.skip(tag);
            }
        }
        return new ZipkinSpan.Annotation(timestamp, value);
    }

    /** An entry of the map: key in field 1, value in field 2. */
    private static void readTag(WireReader reader, Tags tags) {
        String key = "";
        String value = "";
        while (reader.hasMore()) {
            int tag = reader.tag();
            switch (tag) {
                case 1 << 3 | WireReader.LENGTH_DELIMITED -> key = JaegerProtobuf.text(reader);
                case 2 << 3 | WireReader.LENGTH_DELIMITED -> value = JaegerProtobuf.text(reader);
                default -> reader.skip(tag);
            }
        }
        tags.put(key, value);
    }
}
