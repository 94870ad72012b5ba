package dev.tailsampling.otlp;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.tailsampling.trace.AttributeValue;
import dev.tailsampling.trace.AttributeValue.MapValue.Entry;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * Attributes as a plain JSON object, which is how some tables hold them. Numbers without fraction that fit into 64 bits
 * are integers, the others doubles; null counts as absent.
 */
public final class JsonAttributes {

    /** Names from the text are not interned: they are anybody's, and would stay for ever. */
    private static final JsonFactory JSON =
            JsonFactory.builder().disable(JsonFactory.Feature.INTERN_FIELD_NAMES).build();

    private JsonAttributes() {}

    /**
     * The attributes in their order; none if the bytes are not one JSON object.
     *
     * @param utf8 holds the text
     */
    public static List<Entry> read(byte[] utf8, int offset, int length) {
        try (JsonParser parser = JSON.createParser(utf8, offset, length)) {
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                return List.of();
            }
            List<Entry> entries = entries(parser, 0);
            return parser.nextToken() == null ? entries : List.of();
        } catch (IOException e) {
            return List.of();
        }
    }

    private static List<Entry> entries(JsonParser parser, int depth) throws IOException {
        List<Entry> entries = new ArrayList<>();
        for (String key = parser.nextFieldName(); key != null; key = parser.nextFieldName()) {
            if (parser.nextToken() != JsonToken.VALUE_NULL) {
                entries.add(new Entry(key, value(parser, depth)));
            }
        }
        return entries;
    }

    private static AttributeValue value(JsonParser parser, int depth) throws IOException {
        if (depth > AnyValueReader.MAX_DEPTH) {
            throw new IOException("nested too deep");
        }
        return switch (parser.currentToken()) {
            case START_OBJECT -> new AttributeValue.MapValue(List.copyOf(entries(parser, depth + 1)));
            case START_ARRAY -> {
                List<AttributeValue> values = new ArrayList<>();
                while (parser.nextToken() != JsonToken.END_ARRAY) {
                    values.add(value(parser, depth + 1));
                }
                yield new AttributeValue.ListValue(List.copyOf(values));
            }
            case VALUE_TRUE, VALUE_FALSE -> new AttributeValue.BoolValue(parser.getBooleanValue());
            case VALUE_NUMBER_INT -> integer(parser);
            case VALUE_NUMBER_FLOAT -> new AttributeValue.DoubleValue(parser.getDoubleValue());
            case VALUE_NULL -> new AttributeValue.EmptyValue();
            default -> new AttributeValue.StringValue(parser.getText());
        };
    }

    private static AttributeValue integer(JsonParser parser) throws IOException {
        return switch (parser.getNumberType()) {
            case INT, LONG -> new AttributeValue.LongValue(parser.getLongValue());
            default -> new AttributeValue.DoubleValue(parser.getDoubleValue());
        };
    }
}
