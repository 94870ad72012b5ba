package dev.tailsampling.config;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Attributes that OpenTelemetry's semantic conventions renamed: old name → new name. */
final class ConventionNames {

    private static final Map<String, String> RENAMED = Map.ofEntries(
            Map.entry("http.method", "http.request.method"),
            Map.entry("http.status_code", "http.response.status_code"),
            Map.entry("http.url", "url.full"),
            Map.entry("http.target", "url.path"),
            Map.entry("http.scheme", "url.scheme"),
            Map.entry("http.server_name", "server.address"),
            Map.entry("http.client_ip", "client.address"),
            Map.entry("http.user_agent", "user_agent.original"),
            Map.entry("net.peer.name", "server.address"),
            Map.entry("net.peer.port", "server.port"),
            Map.entry("net.host.name", "server.address"),
            Map.entry("net.host.port", "server.port"),
            Map.entry("net.sock.peer.addr", "network.peer.address"),
            Map.entry("net.sock.peer.port", "network.peer.port"),
            Map.entry("net.transport", "network.transport"),
            Map.entry("db.system", "db.system.name"),
            Map.entry("db.name", "db.namespace"),
            Map.entry("db.statement", "db.query.text"),
            Map.entry("db.operation", "db.operation.name"),
            Map.entry("db.sql.table", "db.collection.name"),
            Map.entry("messaging.destination", "messaging.destination.name"),
            Map.entry("messaging.operation", "messaging.operation.type"),
            Map.entry("deployment.environment", "deployment.environment.name"),
            Map.entry("code.function", "code.function.name"),
            Map.entry("code.filepath", "code.file.path"),
            Map.entry("code.lineno", "code.line.number"));

    private ConventionNames() {}

    /** What an attribute is called now; null if it kept its name. */
    static @Nullable String successor(String key) {
        return RENAMED.get(key);
    }
}
