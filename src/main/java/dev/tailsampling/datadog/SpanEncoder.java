package dev.tailsampling.datadog;

import dev.tailsampling.otlp.AttributeTexts;
import dev.tailsampling.otlp.OtlpAttributes;
import dev.tailsampling.otlp.WireSpan;
import dev.tailsampling.otlp.WireWriter;
import dev.tailsampling.trace.AttributeValue;
import dev.tailsampling.trace.AttributeValue.DoubleValue;
import dev.tailsampling.trace.AttributeValue.LongValue;
import dev.tailsampling.trace.ScopeView;
import dev.tailsampling.trace.StatusCode;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Set;
import java.util.function.UnaryOperator;

/** Turns OpenTelemetry spans into encoded Datadog spans. Not thread-safe. */
final class SpanEncoder {

    // Fields of Span.
    private static final int SERVICE = 1;
    private static final int NAME = 2;
    private static final int RESOURCE = 3;
    private static final int TRACE_ID = 4;
    private static final int SPAN_ID = 5;
    private static final int PARENT_ID = 6;
    private static final int START = 7;
    private static final int DURATION = 8;
    private static final int ERROR = 9;
    private static final int TYPE = 12;

    private static final HexFormat HEX = HexFormat.of();
    private static final String HTTP_STATUS = "http.status_code";
    private static final Set<String> QUERIES = Set.of("db.statement", "db.query.text", "sql.query");

    private final UnaryOperator<String> queryText;
    private final SpanNamer namer;
    private final SemanticAttributes attributes;
    private final SpanTags tags = new SpanTags();
    private final WireWriter writer = new WireWriter(4096);

    /** An encoder that changes the texts of queries like this. */
    SpanEncoder(UnaryOperator<String> queryText) {
        this.queryText = queryText;
        this.namer = new SpanNamer(queryText);
        this.attributes = namer.attributes();
    }

    /** Encodes the span that the view stands on. */
    EncodedSpan encode(WireSpan span, Tracer tracer) {
        SpanNames names = namer.of(span);
        writer.clear();
        writer.string(SERVICE, names.service());
        writer.string(NAME, names.operation());
        writer.string(RESOURCE, names.resource());
        writer.varint(TRACE_ID, span.traceIdLow());
        writer.varint(SPAN_ID, span.spanId());
        writer.varint(PARENT_ID, span.parentSpanId());
        writer.varint(START, span.startUnixNano());
        writer.varint(DURATION, Math.max(0, span.endUnixNano() - span.startUnixNano()));
        writer.varint(ERROR, span.status() == StatusCode.ERROR ? 1 : 0);
        writer.string(TYPE, names.type());
        collectTags(span, tracer);
        tags.writeTo(writer);
        return new EncodedSpan(span.spanId(), span.parentSpanId(), names.service(), writer.toByteArray());
    }

    /** What comes first stays: the span's own facts, its attributes, then those of its resource and its scope. */
    private void collectTags(WireSpan span, Tracer tracer) {
        tags.clear();
        addFacts(span);
        addHttpStatus();
        OtlpAttributes.forEach(span.attributes(), this::addAttribute);
        tags.metaIfAny("version", attributes.tag(SemanticAttribute.SERVICE_VERSION));
        tags.metaIfAny("env", attributes.tag(SemanticAttribute.ENVIRONMENT_NAME, SemanticAttribute.ENVIRONMENT));
        SpanError.addTo(tags, span, httpStatus());
        tracer.meta().forEach((name, value) -> tags.meta(name, query(name, value)));
        OtlpAttributes.forEach(span.scope().attributes(), (key, value) -> addText(key, AttributeTexts.text(value)));
        tags.metaIfAny("db.name", attributes.text(SemanticAttribute.DB_NAMESPACE));
    }

    private void addFacts(WireSpan span) {
        tags.meta("span.kind", span.kind().name().toLowerCase(Locale.ROOT));
        tags.meta("otel.trace_id", span.traceId().hex());
        if (span.traceIdHigh() != 0) {
            tags.meta(SpanTags.TRACE_ID_HIGH, HEX.toHexDigits(span.traceIdHigh()));
        }
        tags.meta("otel.status_code", switch (span.status()) {
            case UNSET -> "Unset";
            case OK -> "Ok";
            case ERROR -> "Error";
        });
        tags.metaIfAny("otel.status_description", span.statusMessage());
        addScope(span.scope());
        String traceState = span.traceState();
        tags.metaIfAny("w3c.tracestate", traceState == null ? "" : traceState);
        tags.metaIfAny("events", SpanJson.events(span));
        tags.metaIfAny("_dd.span_links", SpanJson.links(span));
        tags.metaIfAny("rpc.grpc.status_code", attributes.text(SemanticAttribute.RPC_GRPC_STATUS_CODE));
    }

    /** The names of a library are older ones for those of a scope. */
    private void addScope(ScopeView scope) {
        tags.metaIfAny("otel.scope.name", scope.name());
        tags.metaIfAny("otel.library.name", scope.name());
        tags.metaIfAny("otel.scope.version", scope.version());
        tags.metaIfAny("otel.library.version", scope.version());
    }

    private String httpStatus() {
        return attributes.text(SemanticAttribute.HTTP_STATUS_CODE, SemanticAttribute.HTTP_RESPONSE_STATUS_CODE);
    }

    /** As a number whatever it came as; a span may say it in either name. */
    private void addHttpStatus() {
        String status = httpStatus();
        if (!status.isEmpty() && status.length() <= 9 && status.chars().allMatch(c -> c >= '0' && c <= '9')) {
            tags.metric(HTTP_STATUS, Integer.parseInt(status));
        }
    }

    private void addAttribute(String key, AttributeValue value) {
        String name = TagName.of(key);
        if (name == null) {
            return;
        }
        switch (value) {
            case LongValue number -> tags.metric(name, number.value());
            case DoubleValue number -> tags.metric(name, number.value());
            case AttributeValue.StringValue text -> tags.meta(name, query(key, text.value()));
            case AttributeValue.BoolValue other -> tags.meta(name, AttributeTexts.text(other));
            case AttributeValue.BytesValue other -> tags.meta(name, AttributeTexts.text(other));
            case AttributeValue.ListValue other -> tags.meta(name, AttributeTexts.text(other));
            case AttributeValue.MapValue other -> tags.meta(name, AttributeTexts.text(other));
            case AttributeValue.EmptyValue other -> tags.meta(name, AttributeTexts.text(other));
        }
    }

    private void addText(String key, String value) {
        String name = TagName.of(key);
        if (name != null) {
            tags.meta(name, query(key, value));
        }
    }

    private String query(String key, String value) {
        return QUERIES.contains(key) ? queryText.apply(value) : value;
    }
}
