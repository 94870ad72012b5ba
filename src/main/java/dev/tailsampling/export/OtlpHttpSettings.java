package dev.tailsampling.export;

import java.net.URI;
import java.time.Duration;
import java.util.Collections;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * Where and how to send OTLP over HTTP. No method but {@link #headers} gives the headers' values away: they may be
 * credentials.
 *
 * @param endpoint full URL; {@code /v1/traces} is added when it has no path
 * @param headers sent with every request, names in any case
 * @param requestTimeout for one attempt, from connecting to the last byte of the answer
 * @param maxRequestBytes requests are cut at this size before compression; a larger trace is sent alone
 * @param compression of requests
 * @param retry when to try again
 */
public record OtlpHttpSettings(URI endpoint, Map<String, String> headers, Duration requestTimeout, int maxRequestBytes,
        Compression compression, RetryPolicy retry) {

    /** Default size of a request before compression. */
    public static final int DEFAULT_MAX_REQUEST_BYTES = 4 << 20;

    /** Set by the exporter or by the HTTP client. */
    private static final Set<String> RESERVED =
            Set.of("content-type", "content-encoding", "content-length", "connection",
                    "expect", "host", "transfer-encoding", "upgrade");
    private static final String DEFAULT_PATH = "/v1/traces";

    /** Sends to an endpoint with default settings. */
    public static OtlpHttpSettings of(URI endpoint) {
        return new OtlpHttpSettings(endpoint, Map.of(), Duration.ofSeconds(30), DEFAULT_MAX_REQUEST_BYTES,
                RetryPolicy.DEFAULT);
    }

    /** Compresses with gzip. */
    public OtlpHttpSettings(URI endpoint, Map<String, String> headers, Duration requestTimeout, int maxRequestBytes,
            RetryPolicy retry) {
        this(endpoint, headers, requestTimeout, maxRequestBytes, Compression.GZIP, retry);
    }

    public OtlpHttpSettings {
        endpoint = checked(endpoint);
        headers = checked(headers);
        if (!requestTimeout.isPositive()) {
            throw new IllegalArgumentException("the request timeout must be positive: " + requestTimeout);
        }
        if (maxRequestBytes < 1) {
            throw new IllegalArgumentException("the largest request must be positive: " + maxRequestBytes);
        }
    }

    private static URI checked(URI endpoint) {
        String scheme = endpoint.getScheme() == null ? "" : endpoint.getScheme().toLowerCase(Locale.ROOT);
        if (!Set.of("http", "https").contains(scheme) || endpoint.getHost() == null) {
            throw new IllegalArgumentException("an OTLP/HTTP endpoint looks like https://host:4318/v1/traces");
        }
        if (endpoint.getRawUserInfo() != null) {
            throw new IllegalArgumentException(
                    "the OTLP/HTTP endpoint must not hold credentials; give them in an Authorization header");
        }
        String path = endpoint.getPath();
        return path == null || path.isEmpty() || path.equals("/") ? withDefaultPath(endpoint) : endpoint;
    }

    private static URI withDefaultPath(URI endpoint) {
        String query = endpoint.getRawQuery() == null ? "" : "?" + endpoint.getRawQuery();
        return URI.create(endpoint.getScheme() + "://" + endpoint.getRawAuthority() + DEFAULT_PATH + query);
    }

    private static Map<String, String> checked(Map<String, String> headers) {
        Map<String, String> copy = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        headers.forEach((name, value) -> {
            if (name.isEmpty() || !name.chars().allMatch(OtlpHttpSettings::isToken)) {
                throw new IllegalArgumentException("not a header name: \"" + name + "\"");
            }
            if (RESERVED.contains(name.toLowerCase(Locale.ROOT))) {
                throw new IllegalArgumentException("the header " + name + " cannot be chosen");
            }
            if (!value.chars().allMatch(c -> c >= ' ' && c <= '~' || c == '\t')) {
                throw new IllegalArgumentException("the value of the header " + name
                        + " has a character that HTTP does not allow; a line break at its end?");
            }
            if (copy.put(name, value) != null) {
                throw new IllegalArgumentException("the header " + name + " is given twice");
            }
        });
        return Collections.unmodifiableMap(copy);
    }

    /** RFC 9110, 5.6.2. */
    private static boolean isToken(int c) {
        return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9'
                || "!#$%&'*+-.^_`|~".indexOf(c) >= 0;
    }

    HttpTarget target() {
        return new HttpTarget(endpoint, headers, requestTimeout, compression);
    }

    /** Headers by name only. */
    @Override
    public String toString() {
        return "OtlpHttpSettings[endpoint=" + target().place() + ", headers=" + headers.keySet() + ", requestTimeout="
                + requestTimeout + ", maxRequestBytes=" + maxRequestBytes + ", compression=" + compression + ", retry="
                + retry + "]";
    }
}
