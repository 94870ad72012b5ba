package dev.tailsampling.translate;

import dev.tailsampling.trace.AttributeValue;
import dev.tailsampling.trace.SpanKind;
import dev.tailsampling.trace.TraceId;
import java.math.BigDecimal;
import java.util.HexFormat;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Reads a list of Zipkin's v2 spans in JSON. */
final class ZipkinJson implements SpanTranslator {

    private static final String FORMAT = "a list of Zipkin v2 spans in JSON";
    private static final int ID_DIGITS = 16;

    @Override
    public byte[] toOtlp(byte[] bytes) {
        return ZipkinSpan.toOtlp(JsonObject.parseList(FORMAT, bytes).stream().map(ZipkinJson::span).toList());
    }

    private static ZipkinSpan span(JsonObject span) {
        TraceId traceId = ids(() -> traceId(span.text("traceId")));
        if (traceId.isZero()) {
            JsonObject.malformed(FORMAT, "a span without a trace id");
        }
        return new ZipkinSpan(traceId, ids(() -> spanId(span.text("parentId"))), ids(() -> spanId(span.text("id"))),
                kind(span.text("kind")), span.text("name"), span.number("timestamp"), span.number("duration"),
                endpoint(span.object("localEndpoint")), endpoint(span.object("remoteEndpoint")),
                span.objects("annotations").stream()
                        .map(annotation -> new ZipkinSpan.Annotation(annotation.number("timestamp"),
                                annotation.text("value")))
                        .toList(),
                tags(span.object("tags")));
    }

    private static <T> T ids(Supplier<T> id) {
        try {
            return id.get();
        } catch (IllegalArgumentException e) {
            return JsonObject.malformed(FORMAT, "an id that is not hex: " + e.getMessage());
        }
    }

    /** Up to 32 hex digits; those that are missing on the left are zeros. */
    static TraceId traceId(String hex) {
        int high = Math.max(0, hex.length() - ID_DIGITS);
        return new TraceId(spanId(hex.substring(0, high)), spanId(hex.substring(high)));
    }

    /** Up to 16 hex digits, 0 for none. */
    static long spanId(String hex) {
        if (hex.length() > ID_DIGITS) {
            throw new IllegalArgumentException(hex);
        }
        return hex.isEmpty() ? 0 : HexFormat.fromHexDigitsToLong(hex);
    }

    private static SpanKind kind(String name) {
        SpanKind kind = name.isEmpty() ? SpanKind.UNSPECIFIED : SpanKind.ofName(name);
        return kind == null ? JsonObject.malformed(FORMAT, "a kind that Zipkin has not: " + name) : kind;
    }

    private static ZipkinSpan.@Nullable Endpoint endpoint(@Nullable JsonObject endpoint) {
        return endpoint == null
                ? null
                : new ZipkinSpan.Endpoint(endpoint.text("serviceName"),
                        Stream.of(endpoint.text("ipv4"), endpoint.text("ipv6")).filter(text -> !text.isEmpty())
                                .toList(),
                        (int) endpoint.number("port"));
    }

    /** Values should be texts; some writers have put numbers and truth values there. */
    private static Tags tags(@Nullable JsonObject tags) {
        Tags all = new Tags();
        if (tags != null) {
            tags.content().forEach((key, value) -> all.put(key, new AttributeValue.StringValue(switch (value) {
                case BigDecimal number -> number.toPlainString();
                case List<?> list -> JsonObject.<String>malformed(FORMAT, "the tag " + key + " must be a text");
                case JsonObject object -> JsonObject.<String>malformed(FORMAT, "the tag " + key + " must be a text");
                default -> value.toString();
            })));
        }
        return all;
    }
}
