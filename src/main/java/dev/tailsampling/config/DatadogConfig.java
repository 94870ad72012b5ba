package dev.tailsampling.config;

import dev.tailsampling.config.Setting.Use;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Keys under {@code datadog}: where kept traces go. */
public record DatadogConfig(
        @Setting(doc = "URL of the site's API, https://api.SITE; traces go to https://trace.agent.SITE.",
                key = "api_endpoint", standard = "https://api.datadoghq.com") String apiEndpoint,
        @Setting(doc = "Full URL of the trace intake, instead of the one that follows from api_endpoint.",
                key = "trace_endpoint") @Nullable String traceEndpoint,
        @Setting(doc = "API key; nothing is sent to the trace intake without one.",
                key = "api_key") @Nullable Secret apiKey,
        @Setting(doc = "Application key.",
                key = "application_key", use = Use.LATER) @Nullable Secret applicationKey,
        @Setting(
                doc = "URL for OTLP over HTTP of a Datadog Agent, such as http://agent:4318; kept traces go there, marked "
                        + "so that it does not sample them again.",
                key = "agent_otlp_endpoint") @Nullable String agentOtlpEndpoint,
        @Setting(doc = "Environment of spans whose resource has no deployment.environment.name.",
                key = "env") @Nullable String env,
        @Setting(doc = "Host of spans whose resource names none.",
                key = "hostname") @Nullable String hostname,
        @Setting(
                doc = "Whether literals in the texts of database queries are replaced by ? before they are sent to the "
                        + "trace intake.",
                key = "obfuscate_sql", standard = "true") boolean obfuscateSql,
        @Setting(
                doc = "Whether hits, errors and latencies of all spans, kept or not, are sent as APM stats; then nothing else "
                        + "should compute them, as Datadog adds up what it gets.",
                key = "apm_stats", standard = "false") boolean apmStats,
        @Setting(doc = "Full URL of the intake of APM stats, instead of the one that follows from api_endpoint.",
                key = "stats_endpoint") @Nullable String statsEndpoint,
        @Setting(doc = "Whether several traces share a request.",
                key = "batch_enabled", standard = "true") boolean batchEnabled,
        @Setting(doc = "Traces per request at most; a request of 3 MB is full, too.",
                key = "batch_size", standard = "100", min = 1) int batchSize,
        @Setting(
                doc = "Of no effect: an incomplete batch waits for nothing, as the traces that were decided together are "
                        + "sent at once. Accepted so that older configurations load.",
                key = "batch_timeout_secs", standard = "5", min = 0) Duration batchTimeout,
        @Setting(doc = "How long a request may take.",
                key = "request_timeout_secs", standard = "30", min = 1) Duration requestTimeout,
        @Setting(doc = "Further attempts for a request that failed.",
                key = "max_retries", standard = "3", min = 0) int maxRetries,
        @Setting(
                doc = "Longest pause before the first of them; it doubles with each. The pause itself is drawn by chance.",
                key = "retry_initial_delay_ms", standard = "1000", min = 0) Duration retryInitialDelay) {

    public DatadogConfig {
        requireUrl("api_endpoint", apiEndpoint);
        requireUrl("trace_endpoint", traceEndpoint);
        requireUrl("stats_endpoint", statsEndpoint);
        requireUrl("agent_otlp_endpoint", agentOtlpEndpoint);
    }

    private static void requireUrl(String key, @Nullable String url) {
        if (url != null && !url.startsWith("http://") && !url.startsWith("https://")) {
            throw new IllegalArgumentException("datadog." + key + " must begin with http:// or https://");
        }
    }

    @Override
    public String toString() {
        return EffectiveYaml.line(this);
    }
}
