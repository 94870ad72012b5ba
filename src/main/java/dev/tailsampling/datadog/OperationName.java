package dev.tailsampling.datadog;

import dev.tailsampling.trace.SpanKind;
import org.jspecify.annotations.Nullable;

/** The operation name of a span, by what it takes part in: the first rule that applies. */
final class OperationName {

    private OperationName() {}

    static String of(SpanKind kind, SemanticAttributes attributes) {
        String given = attributes.tag(SemanticAttribute.OPERATION_NAME);
        if (!given.isEmpty()) {
            return given;
        }
        String name = switch (kind) {
            case CLIENT -> client(attributes);
            case SERVER -> server(attributes);
            case PRODUCER, CONSUMER -> messaging(attributes);
            case UNSPECIFIED, INTERNAL -> null;
        };
        if (name != null) {
            return name;
        }
        return attributes.text(SemanticAttribute.GRAPHQL_OPERATION_TYPE).isEmpty()
                ? general(kind, attributes)
                : "graphql.server.request";
    }

    private static @Nullable String client(SemanticAttributes attributes) {
        if (isHttp(attributes)) {
            return "http.client.request";
        }
        String database = attributes.tag(SemanticAttribute.DB_SYSTEM_NAME, SemanticAttribute.DB_SYSTEM);
        if (!database.isEmpty()) {
            return database + ".query";
        }
        String messaging = messaging(attributes);
        if (messaging != null) {
            return messaging;
        }
        String rpc = attributes.tag(SemanticAttribute.RPC_SYSTEM);
        if (!rpc.isEmpty()) {
            return rpc.equals("aws-api") ? aws(attributes) : rpc + ".client.request";
        }
        String provider = attributes.tag(SemanticAttribute.FAAS_INVOKED_PROVIDER);
        String function = attributes.tag(SemanticAttribute.FAAS_INVOKED_NAME);
        return provider.isEmpty() || function.isEmpty() ? null : provider + "." + function + ".invoke";
    }

    private static String aws(SemanticAttributes attributes) {
        String service = attributes.tag(SemanticAttribute.RPC_SERVICE);
        return service.isEmpty() ? "aws.client.request" : "aws." + service + ".request";
    }

    private static @Nullable String server(SemanticAttributes attributes) {
        if (isHttp(attributes)) {
            return "http.server.request";
        }
        String messaging = messaging(attributes);
        if (messaging != null) {
            return messaging;
        }
        String rpc = attributes.tag(SemanticAttribute.RPC_SYSTEM);
        if (!rpc.isEmpty()) {
            return rpc + ".server.request";
        }
        String trigger = attributes.tag(SemanticAttribute.FAAS_TRIGGER);
        return trigger.isEmpty() ? null : trigger + ".invoke";
    }

    private static boolean isHttp(SemanticAttributes attributes) {
        return !attributes.text(SemanticAttribute.HTTP_REQUEST_METHOD, SemanticAttribute.HTTP_METHOD).isEmpty();
    }

    private static @Nullable String messaging(SemanticAttributes attributes) {
        String system = attributes.tag(SemanticAttribute.MESSAGING_SYSTEM);
        String operation = attributes.tag(SemanticAttribute.MESSAGING_OPERATION);
        return system.isEmpty() || operation.isEmpty() ? null : system + "." + operation;
    }

    private static String general(SpanKind kind, SemanticAttributes attributes) {
        String protocol = attributes.tag(SemanticAttribute.NETWORK_PROTOCOL_NAME);
        String prefix = protocol.isEmpty() ? "" : protocol + ".";
        return switch (kind) {
            case CLIENT -> prefix + "client.request";
            case SERVER -> prefix + "server.request";
            case PRODUCER -> "Producer";
            case CONSUMER -> "Consumer";
            case UNSPECIFIED, INTERNAL -> "Internal";
        };
    }
}
