package dev.tailsampling.otlp;

import dev.tailsampling.trace.AttributeValue;
import dev.tailsampling.trace.AttributeValue.BoolValue;
import dev.tailsampling.trace.AttributeValue.BytesValue;
import dev.tailsampling.trace.AttributeValue.DoubleValue;
import dev.tailsampling.trace.AttributeValue.EmptyValue;
import dev.tailsampling.trace.AttributeValue.ListValue;
import dev.tailsampling.trace.AttributeValue.LongValue;
import dev.tailsampling.trace.AttributeValue.MapValue;
import dev.tailsampling.trace.AttributeValue.StringValue;
import dev.tailsampling.trace.AttributesView;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;

/** Attributes as texts, as the Collector's {@code AsString} writes values: bytes in base64, lists and maps as JSON. */
public final class AttributeTexts {

    private AttributeTexts() {}

    /** The attributes; of a repeated key the first. */
    public static Map<String, String> of(AttributesView attributes) {
        Map<String, String> texts = new LinkedHashMap<>();
        OtlpAttributes.forEach(attributes, (key, value) -> texts.putIfAbsent(key, text(value)));
        return texts;
    }

    /** One value as text; an empty one is an empty text. */
    public static String text(AttributeValue value) {
        return switch (value) {
            case StringValue text -> text.value();
            case BytesValue bytes -> Base64.getEncoder().encodeToString(bytes.value());
            case EmptyValue none -> "";
            case BoolValue bool -> json(bool);
            case LongValue number -> json(number);
            case DoubleValue number -> number(number.value());
            case ListValue list -> json(list);
            case MapValue map -> json(map);
        };
    }

    /** One value as JSON; an empty one is null. */
    public static String json(AttributeValue value) {
        return switch (value) {
            case StringValue text -> quoted(text.value());
            case BytesValue bytes -> quoted(text(bytes));
            case EmptyValue none -> "null";
            case BoolValue bool -> Boolean.toString(bool.value());
            case LongValue number -> Long.toString(number.value());
            case DoubleValue number ->
                Double.isFinite(number.value()) ? number(number.value()) : quoted(number(number.value()));
            case ListValue list ->
                list.values().stream().map(AttributeTexts::json).collect(Collectors.joining(",", "[", "]"));
            case MapValue map -> map.entries().stream().map(entry -> quoted(entry.key()) + ":" + json(entry.value()))
                    .collect(Collectors.joining(",", "{", "}"));
        };
    }

    private static String number(double value) {
        return value == Math.rint(value) && Math.abs(value) < 1e15
                ? Long.toString((long) value)
                : Double.toString(value);
    }

    /** A text as a JSON string. */
    public static String quoted(String text) {
        StringBuilder json = new StringBuilder("\"");
        text.chars().forEach(c -> {
            if (c == '"' || c == '\\') {
                json.append('\\').append((char) c);
            } else if (c < ' ') {
                json.append("\\u%04x".formatted(c));
            } else {
                json.append((char) c);
            }
        });
        return json.append('"').toString();
    }
}
