package dev.tailsampling.export;

import java.net.URI;
import java.time.Duration;
import java.util.Collections;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * Where and how to send OTLP over gRPC. No method but {@link #headers} gives the headers' values away: they may be
 * credentials.
 *
 * @param endpoint {@code https://host:port} with TLS, {@code http://host:port} without; port 4317 if it has none
 * @param headers metadata of every request, names in lower case
 * @param requestTimeout deadline of one attempt, connecting included
 * @param maxRequestBytes requests are cut at this size before compression; a larger trace is sent alone
 * @param compression of requests
 * @param retry when to try again
 */
public record OtlpGrpcSettings(URI endpoint, Map<String, String> headers, Duration requestTimeout, int maxRequestBytes,
        Compression compression, RetryPolicy retry) {

    private static final int DEFAULT_PORT = 4317;

    /** Set by gRPC itself. */
    private static final Set<String> RESERVED = Set.of("content-type", "te", "user-agent");

    /** Sends to an endpoint with default settings. */
    public static OtlpGrpcSettings of(URI endpoint) {
        return new OtlpGrpcSettings(endpoint, Map.of(), Duration.ofSeconds(30),
                OtlpHttpSettings.DEFAULT_MAX_REQUEST_BYTES, Compression.GZIP, RetryPolicy.DEFAULT);
    }

    public OtlpGrpcSettings {
        requireUsable(endpoint);
        headers = checked(headers);
        if (!requestTimeout.isPositive()) {
            throw new IllegalArgumentException("the request timeout must be positive: " + requestTimeout);
        }
        if (maxRequestBytes < 1) {
            throw new IllegalArgumentException("the largest request must be positive: " + maxRequestBytes);
        }
    }

    private static void requireUsable(URI endpoint) {
        String scheme = endpoint.getScheme() == null ? "" : endpoint.getScheme().toLowerCase(Locale.ROOT);
        String path = endpoint.getRawPath() == null ? "" : endpoint.getRawPath();
        if (!Set.of("http", "https").contains(scheme) || endpoint.getHost() == null
                || !Set.of("", "/").contains(path) || endpoint.getRawQuery() != null) {
            throw new IllegalArgumentException("an OTLP/gRPC endpoint looks like https://host:4317, without a path");
        }
        if (endpoint.getRawUserInfo() != null) {
            throw new IllegalArgumentException(
                    "the OTLP/gRPC endpoint must not hold credentials; give them in an authorization header");
        }
    }

    private static Map<String, String> checked(Map<String, String> headers) {
        Map<String, String> copy = new TreeMap<>();
        headers.forEach((name, value) -> {
            String lowerCase = name.toLowerCase(Locale.ROOT);
            if (!lowerCase.matches("[0-9a-z_.-]+")) {
                throw new IllegalArgumentException("not a name of gRPC metadata: \"" + name + "\"");
            }
            if (RESERVED.contains(lowerCase) || lowerCase.startsWith("grpc-") || lowerCase.endsWith("-bin")) {
                throw new IllegalArgumentException("the header " + name + " cannot be chosen");
            }
            if (!value.chars().allMatch(c -> c >= ' ' && c <= '~')) {
                throw new IllegalArgumentException("the value of the header " + name
                        + " has a character that gRPC does not allow; a line break at its end?");
            }
            if (copy.put(lowerCase, value) != null) {
                throw new IllegalArgumentException("the header " + name + " is given twice");
            }
        });
        return Collections.unmodifiableMap(copy);
    }

    boolean usesTls() {
        return endpoint.getScheme().equalsIgnoreCase("https");
    }

    /** Without the brackets of an IPv6 address. */
    String host() {
        return endpoint.getHost().replaceAll("[\\[\\]]", "");
    }

    int port() {
        return endpoint.getPort() < 0 ? DEFAULT_PORT : endpoint.getPort();
    }

    /** The endpoint in full. */
    String place() {
        return endpoint.getScheme() + "://" + endpoint.getHost() + ":" + port();
    }

    /** Headers by name only. */
    @Override
    public String toString() {
        return "OtlpGrpcSettings[endpoint=" + place() + ", headers=" + headers.keySet() + ", requestTimeout="
                + requestTimeout + ", maxRequestBytes=" + maxRequestBytes + ", compression=" + compression + ", retry="
                + retry + "]";
    }
}
