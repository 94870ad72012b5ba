package dev.tailsampling.translate;

import dev.tailsampling.otlp.RequestBuilder;
import dev.tailsampling.trace.AttributeValue;
import dev.tailsampling.trace.TraceId;
import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Reads one {@code jaeger.api_v2.Span} in the JSON of protobuf: ids in base64 (or hex, as people write them), times as in
 * RFC 3339, durations as Go writes them, 64-bit numbers with or without quotes.
 */
final class JaegerJson implements SpanTranslator {

    private static final String FORMAT = "a Jaeger span in JSON";
    private static final Pattern DURATION_PART = Pattern.compile("(\\d+(?:\\.\\d*)?|\\.\\d+)(ns|us|µs|ms|s|m|h)");
    private static final long NANOS_PER_SECOND = 1_000_000_000;
    private static final Map<String, Long> NANOS = Map.of("ns", 1L, "us", 1_000L, "µs", 1_000L, "ms", 1_000_000L,
            "s", NANOS_PER_SECOND, "m", 60_000_000_000L, "h", 3_600_000_000_000L);
    private static final List<String> TYPES = List.of("STRING", "BOOL", "INT64", "FLOAT64", "BINARY");
    /** Length of 16 and of 8 bytes in base64. */
    private static final int TRACE_ID_BASE64 = 24;
    private static final int SPAN_ID_BASE64 = 12;

    private final RequestBuilder request = new RequestBuilder();

    @Override
    public byte[] toOtlp(byte[] bytes) {
        span(JsonObject.parse(FORMAT, bytes)).writeTo(request);
        return request.take();
    }

    private static JaegerSpan span(JsonObject span) {
        TraceId traceId = traceId(span.text("traceId"));
        if (traceId.isZero()) {
            JsonObject.malformed(FORMAT, "a span without a trace id");
        }
        long start = unixNano(span.text("startTime"));
        JsonObject process = span.object("process");
        return new JaegerSpan(traceId, spanId(span.text("spanId")), span.text("operationName"),
                span.objects("references").stream().map(JaegerJson::reference).toList(),
                start, start + nanos(span.text("duration")), tags(span.objects("tags")),
                span.objects("logs").stream().map(JaegerJson::log).toList(),
                process == null
                        ? null
                        : new JaegerSpan.Process(process.text("serviceName"), tags(process.objects("tags"))));
    }

    private static JaegerSpan.Reference reference(JsonObject reference) {
        String type = reference.content().get("refType") instanceof BigDecimal number
                ? number.toPlainString()
                : reference.text("refType");
        return new JaegerSpan.Reference(traceId(reference.text("traceId")), spanId(reference.text("spanId")),
                type.isEmpty() || type.equals("0") || type.equals("CHILD_OF"));
    }

    private static JaegerSpan.Log log(JsonObject log) {
        return new JaegerSpan.Log(unixNano(log.text("timestamp")), tags(log.objects("fields")));
    }

    private static Tags tags(List<JsonObject> tags) {
        Tags all = new Tags();
        tags.forEach(tag -> all.put(tag.text("key"), value(tag)));
        return all;
    }

    private static AttributeValue value(JsonObject tag) {
        return switch (type(tag)) {
            case "", "STRING" -> new AttributeValue.StringValue(tag.text("vStr"));
            case "BOOL" -> new AttributeValue.BoolValue(tag.flag("vBool"));
            case "INT64" -> new AttributeValue.LongValue(tag.number("vInt64"));
            case "FLOAT64" -> new AttributeValue.DoubleValue(tag.decimal("vFloat64").doubleValue());
            case "BINARY" -> new AttributeValue.BytesValue(base64(tag.text("vBinary")));
            default -> JsonObject.malformed(FORMAT, "a tag of type " + type(tag) + ", which Jaeger has not");
        };
    }

    /** Enums are names, or numbers. */
    private static String type(JsonObject tag) {
        return tag.content().get("vType") instanceof BigDecimal number && number.signum() >= 0
                && number.intValue() < TYPES.size() ? TYPES.get(number.intValue()) : tag.text("vType");
    }

    private static TraceId traceId(String text) {
        try {
            return ZipkinJson.traceId(text.length() == TRACE_ID_BASE64 || text.length() == SPAN_ID_BASE64
                    ? hex(base64(text))
                    : text);
        } catch (IllegalArgumentException e) {
            return JsonObject.malformed(FORMAT, "a trace id that is neither base64 nor hex: " + text);
        }
    }

    private static long spanId(String text) {
        try {
            return ZipkinJson.spanId(text.length() == SPAN_ID_BASE64 ? hex(base64(text)) : text);
        } catch (IllegalArgumentException e) {
            return JsonObject.malformed(FORMAT, "a span id that is neither base64 nor hex: " + text);
        }
    }

    private static String hex(byte[] bytes) {
        return HexFormat.of().formatHex(bytes);
    }

    private static byte[] base64(String text) {
        try {
            return Base64.getDecoder().decode(text);
        } catch (IllegalArgumentException e) {
            return JsonObject.malformed(FORMAT, "not base64: " + text);
        }
    }

    private static long unixNano(String text) {
        if (text.isEmpty()) {
            return 0;
        }
        try {
            Instant instant = OffsetDateTime.parse(text).toInstant();
            return Math.addExact(Math.multiplyExact(instant.getEpochSecond(), NANOS_PER_SECOND), instant.getNano());
        } catch (DateTimeException | ArithmeticException e) {
            return JsonObject.malformed(FORMAT, "not a time as in RFC 3339: " + text);
        }
    }

    /** As Go's time.ParseDuration reads it, but for signs: 1.5s, 2m30s. */
    private static long nanos(String text) {
        Matcher part = DURATION_PART.matcher(text);
        BigDecimal nanos = BigDecimal.ZERO;
        int end = 0;
        while (part.find() && part.start() == end) {
            nanos = nanos.add(new BigDecimal(part.group(1)).multiply(BigDecimal.valueOf(unit(part.group(2)))));
            end = part.end();
        }
        return end == text.length()
                ? nanos.longValue()
                : JsonObject.<Long>malformed(FORMAT, "not a duration: " + text);
    }

    private static long unit(@Nullable String name) {
        return name == null ? 0 : NANOS.getOrDefault(name, 0L);
    }
}
