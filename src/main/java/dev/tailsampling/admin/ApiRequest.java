package dev.tailsampling.admin;

import io.helidon.common.media.type.MediaType;
import io.helidon.common.media.type.MediaTypes;
import io.helidon.http.Header;
import io.helidon.http.HeaderNames;
import io.helidon.http.HttpMediaType;
import io.helidon.webserver.http.ServerRequest;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What is asked, read by name and type; what cannot be read is refused. */
final class ApiRequest {

    private static final List<String> YAML_TYPES =
            List.of(Route.YAML, "application/x-yaml", "text/yaml", "text/x-yaml");

    private final ServerRequest request;
    private final Caller caller;
    private final int maxBytes;

    ApiRequest(ServerRequest request, Caller caller, int maxBytes) {
        this.request = request;
        this.caller = caller;
        this.maxBytes = maxBytes;
    }

    Caller caller() {
        return caller;
    }

    /** A parameter in the path. */
    String path(String name) {
        return request.path().pathParameters().get(name);
    }

    /** A header that may be there once. */
    Optional<String> header(String name) {
        // Not split at commas, which are part of the value.
        List<String> values = request.headers().find(HeaderNames.create(name)).map(Header::allValues).orElse(List.of());
        if (values.size() > 1) {
            throw parameter("the header " + name + " must be given once");
        }
        return values.stream().findFirst();
    }

    /** A query parameter; null if it is absent. */
    @Nullable
    String text(String name) {
        List<String> values = request.query().all(name, List::of);
        if (values.size() > 1) {
            throw parameter(name + " must be given once");
        }
        if (values.isEmpty()) {
            return null;
        }
        if (values.getFirst().isEmpty()) {
            throw parameter(name + " must not be empty: leave it out");
        }
        return values.getFirst();
    }

    /** A whole number, both bounds inclusive. */
    int whole(String name, int least, int most, int otherwise) {
        String text = text(name);
        if (text == null) {
            return otherwise;
        }
        try {
            int number = Integer.parseInt(text);
            if (number >= least && number <= most) {
                return number;
            }
        } catch (NumberFormatException e) {
            // Refused as numbers out of range are.
        }
        throw parameter(name + " must be a whole number from " + least + " to " + most + ", not " + text);
    }

    /** A truth value, false if it is absent. */
    boolean flag(String name) {
        String text = text(name);
        return switch (text) {
            case null -> false;
            case "true" -> true;
            case "false" -> false;
            default -> throw parameter(name + " must be true or false, not " + text);
        };
    }

    /** A time in UTC; null if it is absent. */
    @Nullable
    Instant time(String name) {
        String text = text(name);
        try {
            if (text == null || text.endsWith("Z")) {
                return text == null ? null : Instant.parse(text);
            }
        } catch (DateTimeParseException e) {
            // Refused as times of other zones are.
        }
        throw parameter(name + " must be a time in UTC like 2026-11-22T10:15:30Z, not " + text);
    }

    /** One of several names; null if it is absent. */
    <E extends Enum<E>> @Nullable E choice(String name, Class<E> kind) {
        String text = text(name);
        if (text == null) {
            return null;
        }
        List<E> all = List.of(kind.getEnumConstants());
        return all.stream().filter(one -> one.name().equals(text)).findFirst().orElseThrow(() -> parameter(name
                + " must be one of " + all.stream().map(Enum::name).collect(Collectors.joining(", ")) + ", not "
                + text));
    }

    static Problem.Refusal parameter(String sentence) {
        return new Problem(Problem.Kind.INVALID_PARAMETER, sentence).refusal();
    }

    /** The body, which must be a JSON object. */
    String jsonObject() {
        String type = mediaType();
        if (!type.equals(Route.JSON)) {
            throw mediaType(type, Route.JSON);
        }
        String text = body();
        Json.checkObject(text);
        return text;
    }

    /** The body in JSON or YAML; as JSON if it was said to be. */
    Text jsonOrYaml() {
        String type = mediaType();
        if (type.equals(Route.JSON)) {
            return new Text(jsonObject(), Form.JSON);
        }
        if (!YAML_TYPES.contains(type)) {
            throw mediaType(type, Route.YAML + " or " + Route.JSON);
        }
        return new Text(body(), Form.YAML);
    }

    /** How a text is written. */
    enum Form {
        JSON, YAML
    }

    /**
     * A text that was sent.
     *
     * @param text not checked further, unless it is JSON
     * @param form how it is written
     */
    record Text(String text, Form form) {}

    private String mediaType() {
        try {
            return request.headers().contentType().map(HttpMediaType::mediaType).map(MediaType::text).orElse("");
        } catch (IllegalArgumentException e) {
            return "";
        }
    }

    private static Problem.Refusal mediaType(String type, String wanted) {
        return new Problem(Problem.Kind.UNSUPPORTED_MEDIA_TYPE, "the body must be sent with Content-Type: " + wanted
                + (type.isEmpty() ? "" : ", not " + type)).refusal();
    }

    /** One that is too large is read to its end all the same, or its sender might not see the answer. */
    private String body() {
        try (InputStream stream = request.content().inputStream()) {
            byte[] bytes = stream.readNBytes(maxBytes);
            if (stream.transferTo(OutputStream.nullOutputStream()) > 0) {
                throw new Problem(Problem.Kind.TOO_LARGE, "the body has more than " + maxBytes
                        + " bytes, which is admin.max_request_bytes").refusal();
            }
            return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
        } catch (CharacterCodingException e) {
            throw new Problem(Problem.Kind.BAD_REQUEST, "the body is not UTF-8").refusal();
        } catch (IOException | UncheckedIOException e) {
            throw new Problem(Problem.Kind.BAD_REQUEST, "the body ended before its end").refusal();
        }
    }

    /** Refuses query parameters that nobody knows. */
    void knows(List<String> parameters) {
        for (String name : request.query().names()) {
            if (!parameters.contains(name)) {
                throw parameter("unknown query parameter " + name + (parameters.isEmpty()
                        ? "; there are none"
                        : "; known are " + String.join(", ", parameters)));
            }
        }
    }

    /** Refuses callers that would not take what is answered. */
    void accepts(String mediaType) {
        List<HttpMediaType> accepted = accepted();
        MediaType produced = MediaTypes.create(mediaType);
        boolean acceptable = accepted.isEmpty() || accepted.stream().anyMatch(type -> type.test(produced));
        if (!acceptable) {
            throw new Problem(Problem.Kind.NOT_ACCEPTABLE, "the answer is " + mediaType
                    + ", which the Accept header leaves out").refusal();
        }
    }

    private List<HttpMediaType> accepted() {
        try {
            return request.headers().acceptedTypes();
        } catch (IllegalArgumentException e) {
            throw new Problem(Problem.Kind.BAD_REQUEST, "the Accept header is no list of media types").refusal();
        }
    }
}
