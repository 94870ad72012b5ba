package dev.tailsampling.config;

import dev.tailsampling.config.Setting.Use;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Keys under {@code datadog}: where kept traces go. */
public record DatadogConfig(
        @Setting(doc = "URL of the site's API.",
                key = "api_endpoint", standard = "https://api.datadoghq.com", use = Use.LATER) String apiEndpoint,
        @Setting(doc = "API key; nothing is sent without one.",
                key = "api_key", use = Use.LATER) @Nullable Secret apiKey,
        @Setting(doc = "Application key.",
                key = "application_key", use = Use.LATER) @Nullable Secret applicationKey,
        @Setting(doc = "Whether several traces share a request.",
                key = "batch_enabled", standard = "true", use = Use.LATER) boolean batchEnabled,
        @Setting(doc = "Traces per request at most.",
                key = "batch_size", standard = "100", min = 1, use = Use.LATER) int batchSize,
        @Setting(doc = "How long an incomplete batch waits for more.",
                key = "batch_timeout_secs", standard = "5", min = 0, use = Use.LATER) Duration batchTimeout,
        @Setting(doc = "How long a request may take.",
                key = "request_timeout_secs", standard = "30", min = 1, use = Use.LATER) Duration requestTimeout,
        @Setting(doc = "Further attempts for a request that failed.",
                key = "max_retries", standard = "3", min = 0, use = Use.LATER) int maxRetries,
        @Setting(doc = "Pause before the first of them; it doubles with each.",
                key = "retry_initial_delay_ms", standard = "1000", min = 0,
                use = Use.LATER) Duration retryInitialDelay) {

    @Override
    public String toString() {
        return EffectiveYaml.line(this);
    }
}
