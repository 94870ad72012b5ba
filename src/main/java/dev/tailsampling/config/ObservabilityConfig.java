package dev.tailsampling.config;

/** Keys under {@code observability}: what the process tells of itself. */
public record ObservabilityConfig(
        @Setting(doc = "Least weight of what is logged.",
                key = "log_level", standard = "info") LogLevel logLevel,
        @Setting(doc = "Whether log lines are JSON.",
                key = "json_logging", standard = "true") boolean jsonLogging,
        @Setting(doc = "Whether metrics are served for Prometheus.",
                key = "enable_prometheus", standard = "true") boolean enablePrometheus,
        @Setting(doc = "Port for metrics; 0 takes a free one.",
                key = "metrics_port", standard = "9090", min = 0, max = 65535) int metricsPort,
        @Setting(doc = "Address for metrics.",
                key = "metrics_addr", standard = "0.0.0.0") String metricsAddr,
        @Setting(doc = "Whether health is served.",
                key = "enable_health_check", standard = "true") boolean enableHealthCheck,
        @Setting(doc = "Port for health; 0 takes a free one.",
                key = "health_port", standard = "8080", min = 0, max = 65535) int healthPort,
        @Setting(doc = "Address for health.",
                key = "health_addr", standard = "0.0.0.0") String healthAddr,
        @Setting(doc = "Name in its own telemetry.",
                key = "service_name", standard = "tail-sampling-selector") String serviceName) {

    /** Weight of a log line. */
    public enum LogLevel {
        TRACE, DEBUG, INFO, WARN, ERROR
    }
}
