package dev.tailsampling.export;

import java.net.URI;
import java.time.Duration;
import java.util.Map;

/**
 * Where requests over HTTP go. Only {@link #headers} and {@link #uri} may hold what is secret.
 *
 * @param uri full URL
 * @param headers sent with every request
 * @param requestTimeout for one attempt, from connecting to the last byte of the answer
 * @param compression of requests
 */
record HttpTarget(URI uri, Map<String, String> headers, Duration requestTimeout, Compression compression) {

    /** The URL without its query, which may hold a key. */
    String place() {
        String port = uri.getPort() < 0 ? "" : ":" + uri.getPort();
        return uri.getScheme() + "://" + uri.getHost() + port + uri.getRawPath();
    }

    /** Headers by name only. */
    @Override
    public String toString() {
        return place() + " with headers " + headers.keySet();
    }
}
