package dev.tailsampling.otlp;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.io.SegmentedStringWriter;
import com.fasterxml.jackson.core.util.BufferRecycler;
import dev.tailsampling.otlp.OtlpField.Content;
import dev.tailsampling.otlp.OtlpField.Nested;
import dev.tailsampling.otlp.OtlpField.Numeric;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;

/**
 * Writes an {@code ExportTraceServiceRequest} in OTLP/JSON as the specification has it: ids in lower-case hex, enums as
 * integers, 64-bit numbers as strings, fields in the order of the .proto files. Fields that are not on the wire are not
 * written; fields that OTLP does not know are left out. Thread-safe.
 */
public final class OtlpJsonWriter {

    private static final JsonFactory JSON = new JsonFactory();
    private static final HexFormat HEX = HexFormat.of();

    private final JsonGenerator out;

    private OtlpJsonWriter(JsonGenerator out) {
        this.out = out;
    }

    /**
     * Writes the request as one JSON object, on one line unless the generator is set up otherwise.
     *
     * @throws MalformedOtlpException if the bytes are not OTLP; what comes before the defect has been written
     * @throws IOException if the generator cannot write
     */
    public static void write(byte[] request, JsonGenerator out) throws IOException {
        Slice whole = new Slice();
        whole.set(request, 0, request.length);
        new OtlpJsonWriter(out).message(OtlpMessage.TRACES_DATA, whole, 0);
    }

    /**
     * The request as one JSON object on one line.
     *
     * @throws MalformedOtlpException if the bytes are not OTLP
     */
    public static String toJson(byte[] request) {
        try (SegmentedStringWriter text = new SegmentedStringWriter(new BufferRecycler())) {
            try (JsonGenerator out = JSON.createGenerator(text)) {
                write(request, out);
            }
            return text.getAndClear();
        } catch (IOException e) {
            throw new UncheckedIOException("writing into memory", e);
        }
    }

    private void message(OtlpMessage message, Slice content, int depth) throws IOException {
        if (depth > AnyValueReader.MAX_DEPTH) {
            throw new MalformedOtlpException("not OTLP protobuf: an attribute nested more than "
                    + AnyValueReader.MAX_DEPTH + " levels deep");
        }
        FieldPlaces places = new FieldPlaces(message, content);
        out.writeStartObject();
        int next;
        for (int place = 0; place < places.count(); place = next) {
            next = places.nextField(place);
            field(places, place, next, depth);
        }
        out.writeEndObject();
    }

    private void field(FieldPlaces places, int from, int toExclusive, int depth) throws IOException {
        OtlpField field = places.field(from);
        out.writeFieldName(field.name());
        if (!field.repeated()) {
            value(field.type(), places, from, toExclusive, depth);
            return;
        }
        out.writeStartArray();
        for (int place = from; place < toExclusive; place++) {
            value(field.type(), places, place, place + 1, depth);
        }
        out.writeEndArray();
    }

    /**
     * One value from one or more places: of scalars the last counts, messages are merged. A switch over patterns took an
     * eighth of a short run here, as its linkage is slow until it is compiled.
     */
    private void value(OtlpField.Type type, FieldPlaces places, int from, int toExclusive, int depth)
            throws IOException {
        if (type instanceof Nested nested) {
            OtlpMessage message = nested.message();
            message(message, places.merged(from, toExclusive), message == OtlpMessage.ANY_VALUE ? depth + 1 : depth);
        } else if (type instanceof Content content) {
            content(content, places.at(toExclusive - 1));
        } else {
            number((Numeric) type, places.at(toExclusive - 1));
        }
    }

    private void content(Content type, WireReader reader) throws IOException {
        int length = reader.length();
        byte[] bytes = reader.bytes();
        int offset = reader.position();
        switch (type) {
            case STRING -> out.writeString(new String(bytes, offset, length, StandardCharsets.UTF_8));
            case BYTES -> out.writeBinary(bytes, offset, length);
            case TRACE_ID, SPAN_ID -> out.writeString(HEX.formatHex(bytes, offset, offset + length));
        }
    }

    private void number(Numeric type, WireReader reader) throws IOException {
        switch (type) {
            case BOOL -> out.writeBoolean(reader.varint() != 0);
            case INT64 -> out.writeString(Long.toString(reader.varint()));
            case UINT32 -> out.writeNumber(Integer.toUnsignedLong((int) reader.varint()));
            case SPAN_KIND, STATUS_CODE -> out.writeNumber((int) reader.varint());
            case FIXED32 -> out.writeNumber(Integer.toUnsignedLong(reader.fixed32()));
            case FIXED64 -> out.writeString(Long.toUnsignedString(reader.fixed64()));
            case DOUBLE -> floatingPoint(Double.longBitsToDouble(reader.fixed64()));
        }
    }

    private void floatingPoint(double value) throws IOException {
        if (Double.isFinite(value)) {
            out.writeNumber(value);
        } else {
            out.writeString(Double.toString(value));
        }
    }
}
