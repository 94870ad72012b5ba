package dev.tailsampling.admin;

import com.fasterxml.jackson.core.ErrorReportConfiguration;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadFeature;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** JSON that is answered with, and JSON that was sent. */
final class Json {

    /** So much of what is wrong is quoted. */
    private static final int QUOTED_LENGTH = 32;

    private static final JsonFactory FACTORY =
            JsonFactory.builder().enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION).errorReportConfiguration(
                    ErrorReportConfiguration.builder().maxErrorTokenLength(QUOTED_LENGTH).build()).build();

    private static final int LAST_ASCII = 126;

    private Json() {}

    /** Writes the fields of one object. */
    interface Fields {
        /** Called between the braces. */
        void write(JsonGenerator json) throws IOException;
    }

    /** Writes the fields of one of several objects. */
    interface FieldsOf<T> {
        /** Called between the braces. */
        void write(JsonGenerator json, T item) throws IOException;
    }

    /** All in ASCII, the rest escaped: so half a character, which JSON may hold, does no harm. */
    static byte[] object(Fields fields) {
        StringWriter text = new StringWriter();
        try (JsonGenerator json = FACTORY.createGenerator(text).setHighestNonEscapedChar(LAST_ASCII)) {
            json.writeStartObject();
            fields.write(json);
            json.writeEndObject();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return text.toString().getBytes(StandardCharsets.US_ASCII);
    }

    /** A field that is a list of objects. */
    static <T> void writeList(JsonGenerator json, String field, List<T> items, FieldsOf<T> fields)
            throws IOException {
        json.writeArrayFieldStart(field);
        for (T item : items) {
            json.writeStartObject();
            fields.write(json, item);
            json.writeEndObject();
        }
        json.writeEndArray();
    }

    /** A field that is a list of texts. */
    static void writeTexts(JsonGenerator json, String field, List<String> texts) throws IOException {
        json.writeArrayFieldStart(field);
        for (String text : texts) {
            json.writeString(text);
        }
        json.writeEndArray();
    }

    /** A field that is a time, or null. */
    static void writeTime(JsonGenerator json, String field, @Nullable Instant time) throws IOException {
        json.writeStringField(field, time == null ? null : time.toString());
    }

    /**
     * Refuses what is no single JSON object, or has a name twice.
     *
     * @throws Problem.Refusal with the place
     */
    static void checkObject(String text) {
        try (JsonParser parser = FACTORY.createParser(text)) {
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                throw new Problem(Problem.Kind.BAD_REQUEST, "the body must be a JSON object").refusal();
            }
            parser.skipChildren();
            if (parser.nextToken() != null) {
                throw new Problem(Problem.Kind.BAD_REQUEST, "the body must end after one JSON object").refusal();
            }
        } catch (IOException e) {
            throw malformed(e);
        }
    }

    /**
     * The number in an object that holds nothing else.
     *
     * @throws Problem.Refusal if it is another object, or the number is not whole
     */
    static long onlyWhole(String text, String field) {
        checkObject(text);
        Problem.Refusal other = new Problem(Problem.Kind.BAD_REQUEST,
                "the body must be like {\"" + field + "\": 3600}, with a whole number").refusal();
        try (JsonParser parser = FACTORY.createParser(text)) {
            parser.nextToken();
            if (!field.equals(parser.nextFieldName()) || !parser.nextToken().isNumeric()) {
                throw other;
            }
            long number = parser.getDecimalValue().longValueExact();
            if (parser.nextToken() != JsonToken.END_OBJECT) {
                throw other;
            }
            return number;
        } catch (ArithmeticException e) {
            throw other;
        } catch (IOException e) {
            throw malformed(e);
        }
    }

    private static Problem.Refusal malformed(IOException e) {
        String message = e instanceof JsonProcessingException json
                ? json.getOriginalMessage() + at(json.getLocation())
                : String.valueOf(e.getMessage());
        return new Problem(Problem.Kind.BAD_REQUEST, "the body is not valid JSON: " + message).refusal();
    }

    private static String at(@Nullable JsonLocation location) {
        return location == null ? "" : " at line " + location.getLineNr() + ", column " + location.getColumnNr();
    }
}
