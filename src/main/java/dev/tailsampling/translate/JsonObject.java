package dev.tailsampling.translate;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import dev.tailsampling.otlp.MalformedOtlpException;
import java.io.IOException;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A JSON object in memory. Names are found whether they are written in camelCase or in snake_case, and null counts as
 * absent. What is not as it should be is a {@link MalformedOtlpException}.
 *
 * @param format what the text should be, for messages
 * @param content values are texts, numbers ({@link BigDecimal}), truth values, lists and {@link JsonObject}s
 */
record JsonObject(String format, Map<String, Object> content) {

    /** Names from the text are not interned: they are anybody's, and would stay for ever. */
    static final JsonFactory FACTORY =
            JsonFactory.builder().disable(JsonFactory.Feature.INTERN_FIELD_NAMES).build();

    /** A text that is one object. */
    static JsonObject parse(String format, byte[] utf8) {
        return parseAny(format, utf8) instanceof JsonObject object ? object : malformed(format, "it must be an object");
    }

    /** A text that is a list of objects. */
    static List<JsonObject> parseList(String format, byte[] utf8) {
        return parseAny(format, utf8) instanceof List<?> list
                ? objects(format, "each span", list)
                : malformed(format, "it must be a list");
    }

    private static @Nullable Object parseAny(String format, byte[] utf8) {
        try (JsonParser parser = FACTORY.createParser(utf8)) {
            parser.nextToken();
            Object value = value(format, parser);
            return parser.nextToken() == null ? value : malformed(format, "something follows it");
        } catch (JsonProcessingException e) {
            throw new MalformedOtlpException("not " + format + ": " + e.getOriginalMessage());
        } catch (IOException e) {
            throw new MalformedOtlpException("not " + format + ": " + e.getMessage());
        }
    }

    /** How deep texts may nest is the parser's to limit. */
    private static @Nullable Object value(String format, JsonParser parser) throws IOException {
        JsonToken token = parser.currentToken();
        return switch (token) {
            case START_OBJECT -> {
                Map<String, Object> content = new LinkedHashMap<>();
                for (String name = parser.nextFieldName(); name != null; name = parser.nextFieldName()) {
                    parser.nextToken();
                    Object value = value(format, parser);
                    if (value != null) {
                        content.put(name, value);
                    }
                }
                yield new JsonObject(format, content);
            }
            case START_ARRAY -> {
                List<@Nullable Object> list = new ArrayList<>();
                while (parser.nextToken() != JsonToken.END_ARRAY) {
                    list.add(value(format, parser));
                }
                yield list;
            }
            case VALUE_STRING -> parser.getText();
            case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> parser.getDecimalValue();
            case VALUE_TRUE -> true;
            case VALUE_FALSE -> false;
            case VALUE_NULL -> null;
            case null, default -> malformed(format, "it is empty");
        };
    }

    /** A name without case and underscores. */
    static String simple(String name) {
        return name.replace("_", "").toLowerCase(Locale.ROOT);
    }

    private @Nullable Object get(String name) {
        Object value = content.get(name);
        if (value != null) {
            return value;
        }
        for (Map.Entry<String, Object> entry : content.entrySet()) {
            if (simple(entry.getKey()).equals(simple(name))) {
                return entry.getValue();
            }
        }
        return null;
    }

    /** A text, empty if absent. */
    String text(String name) {
        return switch (get(name)) {
            case null -> "";
            case String text -> text;
            default -> malformed(format, name + " must be a text");
        };
    }

    /** A whole number, also as a text, 0 if absent. */
    long number(String name) {
        try {
            return decimal(name).longValueExact();
        } catch (ArithmeticException e) {
            return malformed(format, name + " must be a whole number of 64 bits");
        }
    }

    /** A number, also as a text, 0 if absent. */
    BigDecimal decimal(String name) {
        try {
            return switch (get(name)) {
                case null -> BigDecimal.ZERO;
                case BigDecimal number -> number;
                case String text -> new BigDecimal(text);
                default -> malformed(format, name + " must be a number");
            };
        } catch (NumberFormatException e) {
            return malformed(format, name + " must be a number");
        }
    }

    /** A truth value, false if absent. */
    boolean flag(String name) {
        return switch (get(name)) {
            case null -> false;
            case Boolean flag -> flag;
            default -> malformed(format, name + " must be true or false");
        };
    }

    /** An object, null if absent. */
    @Nullable
    JsonObject object(String name) {
        return switch (get(name)) {
            case null -> null;
            case JsonObject object -> object;
            default -> malformed(format, name + " must be an object");
        };
    }

    /** A list of objects, empty if absent. */
    List<JsonObject> objects(String name) {
        return switch (get(name)) {
            case null -> List.of();
            case List<?> list -> objects(format, name, list);
            default -> malformed(format, name + " must be a list");
        };
    }

    private static List<JsonObject> objects(String format, String name, List<?> list) {
        List<JsonObject> objects = new ArrayList<>(list.size());
        for (Object item : list) {
            objects.add(item instanceof JsonObject object ? object : malformed(format, name + " must be an object"));
        }
        return objects;
    }

    /** Never returns; its type fits everywhere. */
    static <T> T malformed(String format, String what) {
        throw new MalformedOtlpException("not " + format + ": " + what);
    }
}
