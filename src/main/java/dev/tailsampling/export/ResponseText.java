package dev.tailsampling.export;

import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.List;
import java.util.stream.Stream;

/**
 * Turns what a destination says into text for reports: one line, not long, and without the credentials that were sent
 * to it, which some servers repeat in their answers. Immutable.
 */
final class ResponseText {

    private static final int MAX_CHARACTERS = 200;

    /** Shorter header values are tenants or versions rather than secrets; blotting them out would spoil the text. */
    private static final int SHORTEST_SECRET = 4;

    private final List<String> secrets;

    /** Blots out these header values, and the credentials after a scheme such as "Bearer". */
    ResponseText(Collection<String> headerValues) {
        secrets = headerValues.stream().flatMap(value -> Stream.of(value, value.substring(value.lastIndexOf(' ') + 1)))
                .filter(secret -> secret.length() >= SHORTEST_SECRET).distinct()
                .sorted((a, b) -> b.length() - a.length()).toList();
    }

    /** An error's body: the message of a {@code google.rpc.Status} if it is one, else the body as it stands. */
    String ofError(byte[] body) {
        String message = statusMessage(body);
        return clean(message.isEmpty() ? new String(body, StandardCharsets.UTF_8) : message);
    }

    /** This text in a presentable form. */
    String clean(String text) {
        String cleaned = text;
        for (String secret : secrets) {
            cleaned = cleaned.replace(secret, "***");
        }
        cleaned = cleaned.replaceAll("[\\p{Cntrl}\\s]+", " ").strip();
        return cleaned.length() <= MAX_CHARACTERS ? cleaned : cleaned.substring(0, MAX_CHARACTERS);
    }

    private static String statusMessage(byte[] body) {
        try {
            ProtoFields fields = new ProtoFields(body);
            String message = "";
            while (fields.next()) {
                message = fields.isBytes(2) ? fields.string() : message;
            }
            return message;
        } catch (IndexOutOfBoundsException e) {
            return "";
        }
    }
}
