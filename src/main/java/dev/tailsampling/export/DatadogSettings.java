package dev.tailsampling.export;

import dev.tailsampling.datadog.PayloadSettings;
import java.net.URI;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;

/**
 * Where and how to send to Datadog's trace intake. No method but {@link #apiKey} gives the key away.
 *
 * @param endpoint full URL of the intake, see {@link #intakeOf}
 * @param apiKey key of the account, not empty
 * @param hostname host of spans whose resource names none, may be empty
 * @param env environment of spans whose resource names none, may be empty
 * @param queryText removes what is private from the texts of database queries
 * @param maxTraces traces in a request at most, at least 1
 * @param maxRequestBytes requests are cut at this size before compression, at least 1; a larger span is sent alone
 * @param requestTimeout for one attempt, from connecting to the last byte of the answer
 * @param compression of requests
 * @param retry when to try again
 */
public record DatadogSettings(URI endpoint, String apiKey, String hostname, String env,
        UnaryOperator<String> queryText, int maxTraces, int maxRequestBytes, Duration requestTimeout,
        Compression compression, RetryPolicy retry) {

    /** Requests are cut here: the intake takes about 3.2 MB before compression. */
    public static final int DEFAULT_MAX_REQUEST_BYTES = PayloadSettings.DEFAULT_MAX_BYTES;

    private static final String API_HOST = "api.";
    private static final String INTAKE_HOST = "trace.agent.";
    private static final String INTAKE_PATH = "/api/v0.2/traces";

    public DatadogSettings {
        String scheme = endpoint.getScheme() == null ? "" : endpoint.getScheme().toLowerCase(Locale.ROOT);
        if (!Set.of("http", "https").contains(scheme) || endpoint.getHost() == null) {
            throw new IllegalArgumentException(
                    "Datadog's trace intake looks like https://trace.agent.datadoghq.com/api/v0.2/traces");
        }
        if (apiKey.isEmpty() || !apiKey.chars().allMatch(c -> c > ' ' && c <= '~')) {
            throw new IllegalArgumentException("Datadog's API key is empty or has a character that HTTP does not allow;"
                    + " a line break at its end?");
        }
        if (!requestTimeout.isPositive()) {
            throw new IllegalArgumentException("the request timeout must be positive: " + requestTimeout);
        }
    }

    /**
     * The trace intake of a site, from the URL of its API: https://api.datadoghq.eu is https://trace.agent.datadoghq.eu.
     *
     * @throws IllegalArgumentException if the host does not begin with "api."
     */
    public static URI intakeOf(URI api) {
        String host = api.getHost();
        if (host == null || !host.startsWith(API_HOST) || host.length() == API_HOST.length()) {
            throw new IllegalArgumentException("the trace intake is not known for the API at " + host
                    + ", which is not of the form https://api.SITE; give its full URL");
        }
        return URI.create("https://" + INTAKE_HOST + host.substring(API_HOST.length()) + INTAKE_PATH);
    }

    /**
     * Retries by their number and the longest first pause, within two minutes.
     *
     * @param maxRetries further attempts after the first, at least 0
     * @param initialDelay longest pause before the first of them, not negative; it doubles up to half a minute
     */
    public static RetryPolicy retries(int maxRetries, Duration initialDelay) {
        RetryPolicy standard = RetryPolicy.DEFAULT;
        Duration first = initialDelay.isPositive() ? initialDelay : Duration.ofMillis(1);
        Duration longest = first.compareTo(standard.maxBackoff()) > 0 ? first : standard.maxBackoff();
        return new RetryPolicy(maxRetries + 1, first, longest, standard.maxRetryAfter(), standard.maxElapsed());
    }

    HttpTarget target() {
        return new HttpTarget(endpoint, Map.of("DD-Api-Key", apiKey), requestTimeout, compression);
    }

    /** Without the key. */
    @Override
    public String toString() {
        return "DatadogSettings[endpoint=" + target().place() + ", hostname=" + hostname + ", env=" + env
                + ", maxTraces=" + maxTraces + ", maxRequestBytes=" + maxRequestBytes + ", requestTimeout="
                + requestTimeout + ", compression=" + compression + ", retry=" + retry + "]";
    }
}
