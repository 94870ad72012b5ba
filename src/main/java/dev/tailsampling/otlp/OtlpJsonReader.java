package dev.tailsampling.otlp;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import dev.tailsampling.otlp.OtlpField.Content;
import dev.tailsampling.otlp.OtlpField.Nested;
import dev.tailsampling.otlp.OtlpField.Numeric;
import java.io.IOException;
import java.util.regex.Pattern;

/**
 * Turns an {@code ExportTraceServiceRequest} (or {@code TracesData}, the same) from OTLP/JSON into protobuf. Besides
 * the specification's form it takes what exporters have been seen to write: snake_case names, names of enums, 64-bit
 * numbers without quotes, ids in base64 or of 64 bits, and {@code instrumentationLibrarySpans}. Null counts as absent;
 * fields that OTLP does not know are skipped.
 *
 * <p>Fields keep the order that they have in the JSON, which protobuf allows. Reusable for many texts; not thread-safe.
 */
public final class OtlpJsonReader {

    /** Names from the text are not interned: they are anybody's, and would stay for ever. */
    private static final JsonFactory JSON =
            JsonFactory.builder().disable(JsonFactory.Feature.INTERN_FIELD_NAMES).build();
    /** How Jackson names another place in the text; only the line and column say anything. */
    private static final Pattern SOURCE = Pattern.compile("\\[Source: .*?(line: \\d+, column: \\d+)]");
    private static final int INITIAL_CAPACITY = 4096;

    private final WireWriter writer = new WireWriter(INITIAL_CAPACITY);

    /**
     * The request as protobuf; an empty array for an empty object.
     *
     * @throws MalformedOtlpException if the text is not one JSON object of OTLP trace data
     */
    public byte[] toProtobuf(String json) {
        try (JsonParser parser = JSON.createParser(json)) {
            return new Conversion(parser).run();
        } catch (IOException e) {
            throw malformed(e);
        }
    }

    /**
     * The request as protobuf, from JSON in UTF-8; an empty array for an empty object.
     *
     * @throws MalformedOtlpException if the bytes are not one JSON object of OTLP trace data
     */
    public byte[] toProtobuf(byte[] utf8, int offset, int length) {
        try (JsonParser parser = JSON.createParser(utf8, offset, length)) {
            return new Conversion(parser).run();
        } catch (IOException e) {
            throw malformed(e);
        }
    }

    private static MalformedOtlpException malformed(IOException defect) {
        return defect instanceof JsonProcessingException json && json.getLocation() != null
                ? JsonScalars.malformed(SOURCE.matcher(json.getOriginalMessage()).replaceAll("$1"), json.getLocation())
                : new MalformedOtlpException("not OTLP/JSON: " + defect.getMessage());
    }

    /** One text on its way through the reader's writer. */
    private final class Conversion {

        private final JsonParser parser;
        private final JsonScalars scalars;

        Conversion(JsonParser parser) {
            this.parser = parser;
            this.scalars = new JsonScalars(parser);
        }

        byte[] run() throws IOException {
            writer.clear();
            parser.nextToken();
            message(OtlpMessage.TRACES_DATA, 0);
            if (parser.nextToken() != null) {
                throw JsonScalars.malformed("something follows the request", parser.currentTokenLocation());
            }
            return writer.toByteArray();
        }

        private void message(OtlpMessage message, int depth) throws IOException {
            if (depth > AnyValueReader.MAX_DEPTH) {
                throw scalars.mustBe("nested at most " + AnyValueReader.MAX_DEPTH + " levels deep");
            }
            if (!parser.hasToken(JsonToken.START_OBJECT)) {
                throw scalars.mustBe("an object");
            }
            for (String name = parser.nextFieldName(); name != null; name = parser.nextFieldName()) {
                OtlpField field = message.named(name);
                JsonToken token = parser.nextToken();
                if (field == null) {
                    parser.skipChildren();
                } else if (token != JsonToken.VALUE_NULL) {
                    field(field, message.isOneOf(), depth);
                }
            }
        }

        private void field(OtlpField field, boolean evenDefault, int depth) throws IOException {
            if (!field.repeated()) {
                value(field, evenDefault, depth);
                return;
            }
            if (!parser.hasToken(JsonToken.START_ARRAY)) {
                throw scalars.mustBe("an array");
            }
            while (parser.nextToken() != JsonToken.END_ARRAY) {
                if (!parser.hasToken(JsonToken.VALUE_NULL)) {
                    value(field, true, depth);
                }
            }
        }

        private void value(OtlpField field, boolean evenDefault, int depth) throws IOException {
            switch (field.type()) {
                case Nested nested -> {
                    int mark = writer.begin(field.number());
                    message(nested.message(), nested.message() == OtlpMessage.ANY_VALUE ? depth + 1 : depth);
                    writer.end(mark);
                }
                case Content content -> {
                    byte[] bytes = scalars.content(content);
                    if (evenDefault || bytes.length > 0) {
                        writer.bytes(field.number(), bytes, 0, bytes.length);
                    }
                }
                case Numeric numeric -> {
                    long number = scalars.number(numeric);
                    if (evenDefault || number != 0) {
                        writer.number(field.tag(), number);
                    }
                }
            }
        }
    }
}
