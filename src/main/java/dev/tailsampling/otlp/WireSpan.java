package dev.tailsampling.otlp;

import dev.tailsampling.trace.AttributesView;
import dev.tailsampling.trace.SpanView;
import dev.tailsampling.trace.StatusCode;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * A span in wire form. One object serves all spans of a scan: {@link OtlpSpans} moves it from span to span. One pass
 * over the span's fields notes ids, times, status and where the rest stands; name, trace state and attributes are
 * decoded when asked for.
 */
public final class WireSpan implements SpanView {

    private static final int TRACE_ID_BYTES = 16;
    private static final int SPAN_ID_BYTES = 8;
    private static final int TRACE_STATE = 3;
    private static final int TRACE_STATE_TAG = TRACE_STATE << 3 | WireReader.LENGTH_DELIMITED;

    private final WireReader reader = new WireReader();
    private final WireReader statusReader = new WireReader();
    private final WireAttributes attributes = new WireAttributes(9);
    private final OtlpSpans context;

    private byte[] bytes = new byte[0];
    private int offset;
    private int length;
    private long traceIdHigh;
    private long traceIdLow;
    private long spanId;
    private long parentSpanId;
    private long start;
    private long end;
    private int statusNumber;
    private int nameOffset;
    private int nameLength;
    private int traceStateOffset;
    private int traceStateLength;
    private int attributesOffset;

    WireSpan(OtlpSpans context) {
        this.context = context;
    }

    void read(byte[] message, int spanOffset, int spanLength) {
        clear(message, spanOffset, spanLength);
        boolean hasTraceId = false;
        reader.reset(message, spanOffset, spanLength);
        while (reader.hasMore()) {
            int fieldStart = reader.position();
            int tag = reader.tag();
            switch (tag) {
                case 1 << 3 | WireReader.LENGTH_DELIMITED -> {
                    readTraceId();
                    hasTraceId = true;
                }
                case 2 << 3 | WireReader.LENGTH_DELIMITED -> spanId = readSpanId("span");
                case TRACE_STATE_TAG -> {
                    traceStateLength = reader.length();
                    traceStateOffset = reader.position();
                    reader.advance(traceStateLength);
                }
                case 4 << 3 | WireReader.LENGTH_DELIMITED -> parentSpanId = readSpanId("parent span");
                case 5 << 3 | WireReader.LENGTH_DELIMITED -> {
                    nameLength = reader.length();
                    nameOffset = reader.position();
                    reader.advance(nameLength);
                }
                case 7 << 3 | WireReader.FIXED64 -> start = reader.fixed64();
                case 8 << 3 | WireReader.FIXED64 -> end = reader.fixed64();
                case 9 << 3 | WireReader.LENGTH_DELIMITED -> {
                    attributesOffset = attributesOffset < 0 ? fieldStart : attributesOffset;
                    reader.advance(reader.length());
                }
                case 15 << 3 | WireReader.LENGTH_DELIMITED -> statusNumber = readStatus();
                default -> reader.skip(tag);
            }
        }
        if (!hasTraceId || (traceIdHigh | traceIdLow) == 0) {
            throw reader.malformed("a span without a trace id");
        }
    }

    private void clear(byte[] message, int spanOffset, int spanLength) {
        bytes = message;
        offset = spanOffset;
        length = spanLength;
        spanId = 0;
        parentSpanId = 0;
        start = 0;
        end = 0;
        statusNumber = 0;
        // An offset of the span before could lie outside this message.
        nameOffset = 0;
        nameLength = 0;
        traceStateOffset = 0;
        traceStateLength = 0;
        attributesOffset = -1;
    }

    private void readTraceId() {
        if (reader.length() != TRACE_ID_BYTES) {
            throw reader.malformed("a trace id that is not 16 bytes long");
        }
        traceIdHigh = WireReader.bigEndian(bytes, reader.position());
        traceIdLow = WireReader.bigEndian(bytes, reader.position() + 8);
        reader.advance(TRACE_ID_BYTES);
    }

    private long readSpanId(String which) {
        int idLength = reader.length();
        if (idLength == 0) {
            return 0;
        }
        if (idLength != SPAN_ID_BYTES) {
            throw reader.malformed("a " + which + " id that is not 8 bytes long");
        }
        long id = WireReader.bigEndian(bytes, reader.position());
        reader.advance(SPAN_ID_BYTES);
        return id;
    }

    /** The status code; a repeated status without a code leaves the code that came before, as messages are merged. */
    private int readStatus() {
        int statusLength = reader.length();
        statusReader.reset(bytes, reader.position(), statusLength);
        reader.advance(statusLength);
        int code = statusNumber;
        while (statusReader.hasMore()) {
            int tag = statusReader.tag();
            if (tag == (3 << 3 | WireReader.VARINT)) {
                code = (int) statusReader.varint();
            } else {
                statusReader.skip(tag);
            }
        }
        return code;
    }

    @Override
    public long traceIdHigh() {
        return traceIdHigh;
    }

    @Override
    public long traceIdLow() {
        return traceIdLow;
    }

    @Override
    public long spanId() {
        return spanId;
    }

    @Override
    public long parentSpanId() {
        return parentSpanId;
    }

    @Override
    public long startUnixNano() {
        return start;
    }

    @Override
    public long endUnixNano() {
        return end;
    }

    @Override
    public StatusCode status() {
        return StatusCode.ofNumber(statusNumber);
    }

    @Override
    public String name() {
        return new String(bytes, nameOffset, nameLength, StandardCharsets.UTF_8);
    }

    @Override
    public @Nullable String traceState() {
        return traceStateLength == 0
                ? null
                : new String(bytes, traceStateOffset, traceStateLength, StandardCharsets.UTF_8);
    }

    @Override
    public int encodedSize() {
        return length;
    }

    @Override
    public AttributesView attributes() {
        if (attributesOffset < 0) {
            attributes.reset(bytes, offset, 0);
        } else {
            attributes.reset(bytes, attributesOffset, offset + length - attributesOffset);
        }
        return attributes;
    }

    @Override
    public AttributesView resource() {
        return context.resourceAttributes();
    }

    /** Writes the span's fields as they stand, but the tracestate, which becomes another; empty for none. */
    void writeTo(WireWriter writer, String replacement) {
        boolean written = replacement.isEmpty();
        int copiedUpTo = offset;
        reader.reset(bytes, offset, length);
        while (reader.hasMore()) {
            int fieldStart = reader.position();
            int tag = reader.tag();
            reader.skip(tag);
            boolean replaced = tag == TRACE_STATE_TAG;
            // Where exporters have it: before the first field of a higher number.
            boolean here = !written && tag >= TRACE_STATE_TAG;
            if (replaced || here) {
                writer.raw(bytes, copiedUpTo, fieldStart - copiedUpTo);
                copiedUpTo = replaced ? reader.position() : fieldStart;
            }
            if (here) {
                writer.string(TRACE_STATE, replacement);
                written = true;
            }
        }
        writer.raw(bytes, copiedUpTo, offset + length - copiedUpTo);
        if (!written) {
            writer.string(TRACE_STATE, replacement);
        }
    }

    byte[] bytes() {
        return bytes;
    }

    int offset() {
        return offset;
    }

    OtlpSpans context() {
        return context;
    }
}
