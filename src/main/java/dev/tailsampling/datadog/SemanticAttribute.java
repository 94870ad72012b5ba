package dev.tailsampling.datadog;

import dev.tailsampling.trace.AttributeKey;

/** Attributes that say what a span is, Datadog's own convention first. */
enum SemanticAttribute {
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

    private final String attributeName;

    SemanticAttribute(String attributeName) {
        this.attributeName = attributeName;
    }

    AttributeKey key() {
        return AttributeKey.of(attributeName);
    }
}
