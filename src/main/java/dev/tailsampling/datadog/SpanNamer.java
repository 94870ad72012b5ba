package dev.tailsampling.datadog;

import dev.tailsampling.otlp.OtlpAttributes;
import dev.tailsampling.otlp.WireSpan;
import dev.tailsampling.trace.SpanView;
import java.util.function.UnaryOperator;

/**
 * Names spans as an Agent names them that it receives by OTLP, with its names of the second version
 * ({@code pkg/trace/transform/otelutil.go}). A span's own attributes come before those of its resource. Reusable; not
 * thread-safe.
 */
public final class SpanNamer {

    private static final int MAX_RESOURCE_BYTES = 5000;
    private static final int MAX_TYPE_BYTES = 100;
    private static final String NO_SERVICE = "otlpresourcenoservicename";
    private static final String GEN_AI = "gen_ai.";

    private final UnaryOperator<String> queryText;
    private final SemanticAttributes attributes = new SemanticAttributes();

    /**
     * A namer that changes texts of queries before they become names.
     *
     * @param queryText removes what is private, {@link UnaryOperator#identity} for nothing
     */
    public SpanNamer(UnaryOperator<String> queryText) {
        this.queryText = queryText;
    }

    /** The names of a span. */
    public SpanNames of(WireSpan span) {
        attributes.read(span);
        String operation = TagText.operation(OperationName.of(span.kind(), attributes));
        String type = type(span);
        String resource = TagText.truncated(resource(span, type), MAX_RESOURCE_BYTES);
        return new SpanNames(service(), operation, resource.isEmpty() ? operation : resource, type);
    }

    /** The attributes of the last span that was named. */
    SemanticAttributes attributes() {
        return attributes;
    }

    private String service() {
        String name = attributes.text(SemanticAttribute.SERVICE_NAME);
        return name.isEmpty() ? NO_SERVICE : TagText.service(name);
    }

    private String type(WireSpan span) {
        if (OtlpAttributes.anyKeyStartsWith(span.attributes(), GEN_AI)) {
            return "llm";
        }
        String type = attributes.text(SemanticAttribute.SPAN_TYPE);
        return type.isEmpty() ? typeByKind(span) : TagText.truncated(type, MAX_TYPE_BYTES);
    }

    private String typeByKind(SpanView span) {
        return switch (span.kind()) {
            case SERVER -> "web";
            case CLIENT -> {
                String system = attributes.tag(SemanticAttribute.DB_SYSTEM_NAME, SemanticAttribute.DB_SYSTEM);
                yield system.isEmpty() ? "http" : DatabaseType.of(system);
            }
            case UNSPECIFIED, INTERNAL, PRODUCER, CONSUMER -> "custom";
        };
    }

    /** The first that applies; an empty text is none. */
    private String resource(SpanView span, String type) {
        String given = attributes.text(SemanticAttribute.RESOURCE_NAME);
        if (!given.isEmpty()) {
            return given;
        }
        String method = attributes.text(SemanticAttribute.HTTP_REQUEST_METHOD, SemanticAttribute.HTTP_METHOD);
        if (!method.isEmpty()) {
            return httpResource(span, method.equals("_OTHER") ? "HTTP" : method);
        }
        String operation = attributes.text(SemanticAttribute.MESSAGING_OPERATION);
        if (!operation.isEmpty()) {
            return joined(operation,
                    attributes.text(SemanticAttribute.MESSAGING_DESTINATION,
                            SemanticAttribute.MESSAGING_DESTINATION_NAME));
        }
        String procedure = attributes.text(SemanticAttribute.RPC_METHOD);
        if (!procedure.isEmpty()) {
            return joined(procedure, attributes.text(SemanticAttribute.RPC_SERVICE));
        }
        String graphql = attributes.text(SemanticAttribute.GRAPHQL_OPERATION_TYPE);
        return graphql.isEmpty()
                ? queryOrName(span, type)
                : joined(graphql, attributes.text(SemanticAttribute.GRAPHQL_OPERATION_NAME));
    }

    private String httpResource(SpanView span, String method) {
        return switch (span.kind()) {
            case SERVER -> joined(method, attributes.text(SemanticAttribute.HTTP_ROUTE));
            case CLIENT -> joined(method, attributes.text(SemanticAttribute.URL_TEMPLATE));
            case UNSPECIFIED, INTERNAL, PRODUCER, CONSUMER -> method;
        };
    }

    private String queryOrName(SpanView span, String type) {
        String system = attributes.text(SemanticAttribute.DB_SYSTEM_NAME, SemanticAttribute.DB_SYSTEM);
        String query = system.isEmpty()
                ? ""
                : attributes.text(SemanticAttribute.DB_STATEMENT, SemanticAttribute.DB_QUERY_TEXT);
        if (query.isEmpty()) {
            return span.name();
        }
        return type.equals(DatabaseType.REDIS) ? RedisCommands.of(query) : queryText.apply(query);
    }

    private static String joined(String what, String where) {
        return where.isEmpty() ? what : what + " " + where;
    }
}
