package dev.tailsampling.admin;

import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;

/** What is answered to a request. */
sealed interface Answer {

    /**
     * A whole document.
     *
     * @param status HTTP status
     * @param mediaType of the body; empty for none
     * @param body may be empty
     * @param headers further headers
     */
    record Document(int status, String mediaType, byte[] body, Map<String, String> headers) implements Answer {

        /** The same with one more header. */
        Document with(String header, String value) {
            Map<String, String> more = new LinkedHashMap<>(headers);
            more.put(header, value);
            return new Document(status, mediaType, body, more);
        }
    }

    /**
     * Events until one side ends them.
     *
     * @param events closed when the answer ends
     */
    record Stream(CycleFeed.Subscription events) implements Answer {}

    static Document json(int status, Json.Fields fields) {
        return new Document(status, Route.JSON, Json.object(fields), Map.of());
    }

    /** A document that is there already. */
    static Document json(int status, String text) {
        return new Document(status, Route.JSON, text.getBytes(StandardCharsets.UTF_8), Map.of());
    }

    /** Done, and nothing to say. */
    static Document empty() {
        return new Document(204, "", new byte[0], Map.of());
    }
}
