package dev.tailsampling.datadog;

import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The names under which attributes become tags: OpenTelemetry's for HTTP are replaced by Datadog's. */
final class TagName {

    private static final Map<String, String> NAMES = Map.ofEntries(
            Map.entry("client.address", "http.client_ip"),
            Map.entry("http.response.body.size", "http.response.content_length"),
            Map.entry("http.response.status_code", "http.status_code"),
            Map.entry("http.request.body.size", "http.request.content_length"),
            Map.entry("http.request.header.referrer", "http.referrer"),
            Map.entry("http.request.method", "http.method"),
            Map.entry("network.protocol.version", "http.version"),
            Map.entry("server.address", "http.server_name"),
            Map.entry("url.full", "http.url"),
            Map.entry("user_agent.original", "http.useragent"));

    private static final String REQUEST_HEADER = "http.request.header.";
    private static final String DATADOG_REQUEST_HEADER = "http.request.headers.";

    /** Datadog's own convention: these became fields of the span. */
    private static final Set<String> FIELDS = Set.of("service.name", "operation.name", "resource.name", "span.type");

    /** What this program says of every chunk; an older decision's words would contradict it. */
    private static final Set<String> OURS = Set.of("sampling.priority", SpanTags.PRIORITY, SpanTags.SAMPLE_RATE,
            SpanTags.TOP_LEVEL, SpanTags.DECISION_MAKER, SpanTags.TRACE_ID_HIGH, SpanTags.POLICY);

    private TagName() {}

    /** The tag's name; null if the attribute does not become one. */
    static @Nullable String of(String attribute) {
        String renamed = NAMES.get(attribute);
        if (renamed != null) {
            return renamed;
        }
        if (attribute.startsWith(REQUEST_HEADER)) {
            return DATADOG_REQUEST_HEADER + attribute.substring(REQUEST_HEADER.length());
        }
        return FIELDS.contains(attribute) || OURS.contains(attribute) ? null : attribute;
    }
}
