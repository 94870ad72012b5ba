package dev.tailsampling.datadog;

import dev.tailsampling.otlp.AttributeTexts;
import dev.tailsampling.trace.AttributeKey;
import dev.tailsampling.trace.AttributeKeys;
import dev.tailsampling.trace.AttributeValue;
import dev.tailsampling.trace.AttributesView;
import dev.tailsampling.trace.SpanView;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The attributes of a span that say what it is, found in one pass: the span's own, else those of its resource. Reusable;
 * not thread-safe.
 */
final class SemanticAttributes implements AttributesView.Receiver {

    /** Attributes by name, those of Datadog's own convention first. */
    enum Key {
        OPERATION_NAME("operation.name"),
        RESOURCE_NAME("resource.name"),
        SPAN_TYPE("span.type"),
        SERVICE_NAME("service.name"),
        SERVICE_VERSION("service.version"),
        ENVIRONMENT_NAME("deployment.environment.name"),
        ENVIRONMENT("deployment.environment"),
        HTTP_REQUEST_METHOD("http.request.method"),
        HTTP_METHOD("http.method"),
        HTTP_ROUTE("http.route"),
        HTTP_RESPONSE_STATUS_CODE("http.response.status_code"),
        HTTP_STATUS_CODE("http.status_code"),
        URL_TEMPLATE("url.template"),
        DB_SYSTEM_NAME("db.system.name"),
        DB_SYSTEM("db.system"),
        DB_STATEMENT("db.statement"),
        DB_QUERY_TEXT("db.query.text"),
        DB_NAMESPACE("db.namespace"),
        MESSAGING_SYSTEM("messaging.system"),
        MESSAGING_OPERATION("messaging.operation"),
        MESSAGING_DESTINATION("messaging.destination"),
        MESSAGING_DESTINATION_NAME("messaging.destination.name"),
        RPC_SYSTEM("rpc.system"),
        RPC_SERVICE("rpc.service"),
        RPC_METHOD("rpc.method"),
        RPC_GRPC_STATUS_CODE("rpc.grpc.status_code"),
        FAAS_INVOKED_PROVIDER("faas.invoked_provider"),
        FAAS_INVOKED_NAME("faas.invoked_name"),
        FAAS_TRIGGER("faas.trigger"),
        GRAPHQL_OPERATION_TYPE("graphql.operation.type"),
        GRAPHQL_OPERATION_NAME("graphql.operation.name"),
        NETWORK_PROTOCOL_NAME("network.protocol.name");

        private final AttributeKey attribute;

        Key(String name) {
            attribute = AttributeKey.of(name);
        }
    }

    private static final AttributeKeys KEYS =
            AttributeKeys.of(Arrays.stream(Key.values()).map(key -> key.attribute).toList());

    private final @Nullable AttributeValue[] values = new AttributeValue[Key.values().length];

    /** Moves on to another span. */
    void read(SpanView span) {
        Arrays.fill(values, null);
        span.attributes().read(KEYS, this);
        span.resource().read(KEYS, this);
    }

    @Override
    public boolean wants(int number) {
        return values[number] == null;
    }

    @Override
    public void value(int number, AttributeValue value) {
        values[number] = value;
    }

    /** The value as text, empty when there is none. */
    String text(Key key) {
        AttributeValue value = values[key.ordinal()];
        return value == null ? "" : AttributeTexts.text(value);
    }

    /** The value of the first of two keys that has one, as text. */
    String text(Key first, Key second) {
        String text = text(first);
        return text.isEmpty() ? text(second) : text;
    }

    /** The value as a tag's value, empty when there is none. */
    String tag(Key key) {
        return TagText.value(text(key));
    }

    String tag(Key first, Key second) {
        return TagText.value(text(first, second));
    }
}
