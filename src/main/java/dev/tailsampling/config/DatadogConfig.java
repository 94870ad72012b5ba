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
                doc = "OTLP/HTTP URL of a Datadog Agent, which then does not sample the kept traces again.",
                key = "agent_otlp_endpoint") @Nullable String agentOtlpEndpoint,
        @Setting(doc = "Environment of spans whose resource has no deployment.environment.name.",
                key = "env") @Nullable String env,
        @Setting(doc = "Host of spans whose resource names none.",
                key = "hostname") @Nullable String hostname,
        @Setting(
                doc = "Whether literals in the texts of database queries are replaced by ? on their way.",
                key = "obfuscate_sql", standard = "true") boolean obfuscateSql,
        @Setting(
                doc = "Whether APM stats of all spans are sent; then nothing else should compute them.",
                key = "apm_stats", standard = "false") boolean apmStats,
        @Setting(doc = "Full URL of the intake of APM stats, instead of the one that follows from api_endpoint.",
                key = "stats_endpoint") @Nullable String statsEndpoint,
        @Setting(doc = "Whether several traces share a request.",
                key = "batch_enabled", standard = "true") boolean batchEnabled,
        @Setting(doc = "Traces per request at most; a request of 3 MB is full, too.",
                key = "batch_size", standard = "100", min = 1) int batchSize,
        @Setting(
                doc = "Of no effect, as an incomplete batch waits for nothing; older configurations have it.",
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
