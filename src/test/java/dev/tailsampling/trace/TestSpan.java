package dev.tailsampling.trace;

import dev.tailsampling.trace.AttributeValue.BoolValue;
import dev.tailsampling.trace.AttributeValue.DoubleValue;
import dev.tailsampling.trace.AttributeValue.LongValue;
import dev.tailsampling.trace.AttributeValue.StringValue;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A span for tests, set up by chained calls. A root span of status UNSET without times, unless told otherwise. */
public final class TestSpan implements SpanView {

    private static final long NANOS_PER_MILLI = 1_000_000;

    private final TraceId traceId;
    private final Map<String, AttributeValue> attributes = new HashMap<>();
    private final Map<String, AttributeValue> resource = new HashMap<>();
    private long spanId = 1;
    private long parentSpanId;
    private long start;
    private long end;
    private StatusCode status = StatusCode.UNSET;
    private String name = "";
    private @Nullable String traceState;
    private int encodedSize = 100;

    private TestSpan(TraceId traceId) {
        this.traceId = traceId;
    }

    /** A span of trace 1. */
    public static TestSpan span() {
        return of(new TraceId(0, 1));
    }

    /** A span of that trace. */
    public static TestSpan of(TraceId traceId) {
        return new TestSpan(traceId);
    }

    public TestSpan id(long id) {
        spanId = id;
        return this;
    }

    public TestSpan parent(long id) {
        parentSpanId = id;
        return this;
    }

    public TestSpan status(StatusCode code) {
        status = code;
        return this;
    }

    public TestSpan name(String text) {
        name = text;
        return this;
    }

    public TestSpan traceState(@Nullable String header) {
        traceState = header;
        return this;
    }

    public TestSpan encodedSize(int bytes) {
        encodedSize = bytes;
        return this;
    }

    /** Start and end in nanoseconds since the epoch, 0 for none. */
    public TestSpan nanos(long startNano, long endNano) {
        start = startNano;
        end = endNano;
        return this;
    }

    /** Start and end in milliseconds since the epoch. */
    public TestSpan millis(long startMillis, long endMillis) {
        return nanos(startMillis * NANOS_PER_MILLI, endMillis * NANOS_PER_MILLI);
    }

    public TestSpan with(String key, AttributeValue value) {
        attributes.put(key, value);
        return this;
    }

    public TestSpan with(String key, String value) {
        return with(key, new StringValue(value));
    }

    public TestSpan with(String key, long value) {
        return with(key, new LongValue(value));
    }

    public TestSpan with(String key, double value) {
        return with(key, new DoubleValue(value));
    }

    public TestSpan with(String key, boolean value) {
        return with(key, new BoolValue(value));
    }

    public TestSpan resource(String key, AttributeValue value) {
        resource.put(key, value);
        return this;
    }

    public TestSpan resource(String key, String value) {
        return resource(key, new StringValue(value));
    }

    @Override
    public long traceIdHigh() {
        return traceId.high();
    }

    @Override
    public long traceIdLow() {
        return traceId.low();
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
        return status;
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public @Nullable String traceState() {
        return traceState;
    }

    @Override
    public int encodedSize() {
        return encodedSize;
    }

    @Override
    public AttributesView attributes() {
        return key -> attributes.get(key.name());
    }

    @Override
    public AttributesView resource() {
        return key -> resource.get(key.name());
    }

    @Override
    public String toString() {
        return "span " + Long.toHexString(spanId) + " of " + traceId + " " + status + " " + start + "-" + end + " "
                + traceState + " " + attributes + " " + resource;
    }
}
