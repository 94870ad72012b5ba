package dev.tailsampling.export;

import java.net.URI;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * Where and how to send APM stats. No method but {@link #apiKey} gives the key away.
 *
 * @param endpoint full URL of the intake, see {@link #intakeOf}
 * @param apiKey key of the account, not empty
 * @param hostname host that is said to send them, may be empty
 * @param env environment of that host, may be empty
 * @param requestTimeout for one attempt, from connecting to the last byte of the answer
 * @param retry when to try again
 */
public record ApmStatsSettings(URI endpoint, String apiKey, String hostname, String env, Duration requestTimeout,
        RetryPolicy retry) {

    private static final String PATH = "/api/v0.2/stats";

    public ApmStatsSettings {
        String scheme = endpoint.getScheme() == null ? "" : endpoint.getScheme().toLowerCase(Locale.ROOT);
        if (!Set.of("http", "https").contains(scheme) || endpoint.getHost() == null) {
            throw new IllegalArgumentException(
                    "Datadog's intake of APM stats looks like https://trace.agent.datadoghq.com/api/v0.2/stats");
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
     * The intake of a site's APM stats, from the URL of its API.
     *
     * @throws IllegalArgumentException if the host does not begin with "api."
     */
    public static URI intakeOf(URI api) {
        return DatadogSettings.intakeOf(api).resolve(PATH);
    }

    HttpTarget target() {
        return new HttpTarget(endpoint, Map.of("DD-Api-Key", apiKey, "Content-Type", "application/msgpack"),
                requestTimeout, Compression.GZIP);
    }

    /** Without the key. */
    @Override
    public String toString() {
        return "ApmStatsSettings[endpoint=" + target().place() + ", hostname=" + hostname + ", env=" + env
                + ", requestTimeout=" + requestTimeout + ", retry=" + retry + "]";
    }
}
