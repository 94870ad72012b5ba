package dev.tailsampling.otlp;

import static dev.tailsampling.otlp.OtlpField.many;
import static dev.tailsampling.otlp.OtlpField.one;

import dev.tailsampling.otlp.OtlpField.Content;
import dev.tailsampling.otlp.OtlpField.Numeric;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The messages of OTLP trace data and their fields, in the order of the .proto files: the one table by which JSON is
 * read and written. The {@code *_strindex} fields are left out, as they belong to profiles only. Immutable.
 */
final class OtlpMessage {

    private static final Pattern UPPER_CASE = Pattern.compile("[A-Z]");

    static final OtlpMessage KEY_VALUE = of(
            one(1, "key", Content.STRING),
            one(2, "value", () -> OtlpMessage.ANY_VALUE));

    static final OtlpMessage ARRAY_VALUE = of(
            many(1, "values", () -> OtlpMessage.ANY_VALUE));

    static final OtlpMessage KEY_VALUE_LIST = of(
            many(1, "values", () -> KEY_VALUE));

    static final OtlpMessage ANY_VALUE = oneOf(
            one(1, "stringValue", Content.STRING),
            one(2, "boolValue", Numeric.BOOL),
            one(3, "intValue", Numeric.INT64),
            one(4, "doubleValue", Numeric.DOUBLE),
            one(5, "arrayValue", () -> ARRAY_VALUE),
            one(6, "kvlistValue", () -> KEY_VALUE_LIST),
            one(7, "bytesValue", Content.BYTES));

    static final OtlpMessage SCOPE = of(
            one(1, "name", Content.STRING),
            one(2, "version", Content.STRING),
            many(3, "attributes", () -> KEY_VALUE),
            one(4, "droppedAttributesCount", Numeric.UINT32));

    static final OtlpMessage ENTITY_REF = of(
            one(1, "schemaUrl", Content.STRING),
            one(2, "type", Content.STRING),
            many(3, "idKeys", Content.STRING),
            many(4, "descriptionKeys", Content.STRING));

    static final OtlpMessage RESOURCE = of(
            many(1, "attributes", () -> KEY_VALUE),
            one(2, "droppedAttributesCount", Numeric.UINT32),
            many(3, "entityRefs", () -> ENTITY_REF));

    static final OtlpMessage EVENT = of(
            one(1, "timeUnixNano", Numeric.FIXED64),
            one(2, "name", Content.STRING),
            many(3, "attributes", () -> KEY_VALUE),
            one(4, "droppedAttributesCount", Numeric.UINT32));

    static final OtlpMessage LINK = of(
            one(1, "traceId", Content.TRACE_ID),
            one(2, "spanId", Content.SPAN_ID),
            one(3, "traceState", Content.STRING),
            many(4, "attributes", () -> KEY_VALUE),
            one(5, "droppedAttributesCount", Numeric.UINT32),
            one(6, "flags", Numeric.FIXED32));

    static final OtlpMessage STATUS = of(
            one(2, "message", Content.STRING),
            one(3, "code", Numeric.STATUS_CODE));

    static final OtlpMessage SPAN = of(
            one(1, "traceId", Content.TRACE_ID),
            one(2, "spanId", Content.SPAN_ID),
            one(3, "traceState", Content.STRING),
            one(4, "parentSpanId", Content.SPAN_ID),
            one(16, "flags", Numeric.FIXED32),
            one(5, "name", Content.STRING),
            one(6, "kind", Numeric.SPAN_KIND),
            one(7, "startTimeUnixNano", Numeric.FIXED64),
            one(8, "endTimeUnixNano", Numeric.FIXED64),
            many(9, "attributes", () -> KEY_VALUE),
            one(10, "droppedAttributesCount", Numeric.UINT32),
            many(11, "events", () -> EVENT),
            one(12, "droppedEventsCount", Numeric.UINT32),
            many(13, "links", () -> LINK),
            one(14, "droppedLinksCount", Numeric.UINT32),
            one(15, "status", () -> STATUS));

    static final OtlpMessage SCOPE_SPANS = of(
            one(1, "scope", () -> SCOPE).formerly("instrumentationLibrary"),
            many(2, "spans", () -> SPAN),
            one(3, "schemaUrl", Content.STRING));

    static final OtlpMessage RESOURCE_SPANS = of(
            one(1, "resource", () -> RESOURCE),
            many(2, "scopeSpans", () -> SCOPE_SPANS).formerly("instrumentationLibrarySpans"),
            one(3, "schemaUrl", Content.STRING));

    /** Also an ExportTraceServiceRequest, which is the same under another name. */
    static final OtlpMessage TRACES_DATA = of(
            many(1, "resourceSpans", () -> RESOURCE_SPANS));

    private final List<OtlpField> fields;
    private final int[] tags;
    /** Place in the table of the field with this number, or -1. */
    private final int[] indexByNumber;
    private final boolean oneOf;
    private final Map<String, OtlpField> byName = new HashMap<>();

    private OtlpMessage(boolean oneOf, OtlpField... fields) {
        this.fields = List.of(fields);
        this.tags = this.fields.stream().mapToInt(OtlpField::tag).toArray();
        this.indexByNumber = indexByNumber(this.fields);
        this.oneOf = oneOf;
        for (OtlpField field : fields) {
            for (String name : field.names()) {
                byName.put(name, field);
                byName.put(snakeCase(name), field);
            }
        }
    }

    private static int[] indexByNumber(List<OtlpField> fields) {
        int[] indices = new int[fields.stream().mapToInt(OtlpField::number).max().orElse(0) + 1];
        Arrays.fill(indices, -1);
        for (int index = 0; index < fields.size(); index++) {
            indices[fields.get(index).number()] = index;
        }
        return indices;
    }

    private static OtlpMessage of(OtlpField... fields) {
        return new OtlpMessage(false, fields);
    }

    private static OtlpMessage oneOf(OtlpField... fields) {
        return new OtlpMessage(true, fields);
    }

    /** The name in the .proto file of a field that JSON spells like this. */
    static String snakeCase(String camelCase) {
        return UPPER_CASE.matcher(camelCase).replaceAll(upper -> "_" + upper.group().toLowerCase(Locale.ROOT));
    }

    /** Whether at most one field is set, which then counts even if it holds its type's default. */
    boolean isOneOf() {
        return oneOf;
    }

    /** The field of that name in JSON, as the specification spells it, in snake_case or as of old; null if unknown. */
    @Nullable
    OtlpField named(String name) {
        return byName.get(name);
    }

    /** All fields, in the order of the table. */
    List<OtlpField> fields() {
        return fields;
    }

    /** The field at a place in the table. */
    OtlpField field(int index) {
        return fields.get(index);
    }

    /** Place in the table of the field with this tag on the wire, or -1 if there is none. */
    int indexOfTag(int tag) {
        int number = tag >>> 3;
        int index = number < indexByNumber.length ? indexByNumber[number] : -1;
        return index >= 0 && tags[index] == tag ? index : -1;
    }
}
