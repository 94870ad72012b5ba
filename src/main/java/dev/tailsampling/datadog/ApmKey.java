package dev.tailsampling.datadog;

/**
 * What APM stats are grouped by ({@code BucketsAggregationKey} and {@code PayloadAggregationKey} in datadog-agent,
 * {@code pkg/trace/stats/aggregation.go}).
 *
 * @param source where the spans come from
 * @param service name of the service
 * @param name name of the operation
 * @param resource what was worked on
 * @param type "web", "sql", …
 * @param spanKind "server", "client", …
 * @param httpStatusCode 0 for none
 * @param traceRoot whether the spans have no parent
 */
public record ApmKey(Source source, String service, String name, String resource, String type, String spanKind,
        int httpStatusCode, boolean traceRoot) {

    /** Stands for texts that are left out so that there are not too many groups. */
    static final String BLOCKED = "tss_blocked";

    /**
     * Where spans come from. Any of it may be empty.
     *
     * @param hostname the host
     * @param env the environment
     * @param version version of the service
     */
    public record Source(String hostname, String env, String version) {}

    /** The group of all resources. */
    ApmKey withoutResource() {
        return new ApmKey(source, service, name, BLOCKED, type, spanKind, httpStatusCode, traceRoot);
    }

    /** The group of all spans of an environment. */
    ApmKey withoutAnything() {
        return new ApmKey(new Source("", source.env(), ""), BLOCKED, BLOCKED, BLOCKED, BLOCKED, BLOCKED, 0, false);
    }
}
