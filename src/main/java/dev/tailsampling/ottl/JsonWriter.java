package dev.tailsampling.ottl;

import java.math.BigDecimal;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.StringJoiner;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Values as Go's encoding/json writes them: keys in order, {@code <}, {@code >} and {@code &} escaped. */
final class JsonWriter {

    private static final double LARGEST_PLAIN = 1e21;
    private static final double SMALLEST_PLAIN = 1e-6;

    private JsonWriter() {}

    /** @throws EvaluationException if the value is nothing that JSON knows */
    static String json(@Nullable Object value) {
        return switch (value) {
            case null -> "null";
            case Boolean bool -> bool.toString();
            case Long number -> number.toString();
            case Double number -> number(number);
            case String string -> quoted(string);
            case byte[] bytes -> quoted(Base64.getEncoder().encodeToString(bytes));
            case List<?> list -> {
                StringJoiner elements = new StringJoiner(",", "[", "]");
                list.forEach(element -> elements.add(json(element)));
                yield elements.toString();
            }
            case Map<?, ?> map -> {
                StringJoiner entries = new StringJoiner(",", "{", "}");
                new TreeMap<>(map).forEach((key, entry) -> entries.add(quoted((String) key) + ":" + json(entry)));
                yield entries.toString();
            }
            default -> throw new EvaluationException("expected a value with a text but got " + Values.typeOf(value));
        };
    }

    private static String number(double value) {
        if (Double.isNaN(value) || Double.isInfinite(value)) {
            throw new EvaluationException("JSON has no " + value);
        }
        double magnitude = Math.abs(value);
        String sign = Double.compare(value, 0.0) < 0 ? "-" : "";
        if (magnitude == 0) {
            return sign + "0";
        }
        BigDecimal decimal = new BigDecimal(Double.toString(magnitude)).stripTrailingZeros();
        if (magnitude >= SMALLEST_PLAIN && magnitude < LARGEST_PLAIN) {
            return sign + decimal.toPlainString();
        }
        String digits = decimal.unscaledValue().toString();
        int exponent = decimal.precision() - decimal.scale() - 1;
        return sign + digits.charAt(0) + (digits.length() > 1 ? "." + digits.substring(1) : "")
                + (exponent < 0 ? "e" : "e+") + exponent;
    }

    private static String quoted(String text) {
        StringBuilder json = new StringBuilder("\"");
        for (char c : text.toCharArray()) {
            switch (c) {
                case '"', '\\' -> json.append('\\').append(c);
                case '\n' -> json.append("\\n");
                case '\r' -> json.append("\\r");
                case '\t' -> json.append("\\t");
                case '<', '>', '&', '\u2028', '\u2029' -> json.append(String.format("\\u%04x", (int) c));
                default -> json.append(c < ' ' ? String.format("\\u%04x", (int) c) : String.valueOf(c));
            }
        }
        return json.append('"').toString();
    }
}
