package dev.tailsampling.admin;

import dev.tailsampling.admin.AdminServerSettings.Listener;
import dev.tailsampling.admin.AdminServerSettings.TlsFiles;
import dev.tailsampling.config.ConfigException;
import io.helidon.common.configurable.Resource;
import io.helidon.common.pki.Keys;
import io.helidon.common.socket.SocketOptions;
import io.helidon.common.tls.Tls;
import io.helidon.http.DirectHandler.EventType;
import io.helidon.webserver.ListenerConfig;
import io.helidon.webserver.WebServer;
import io.helidon.webserver.WebServerConfig;
import io.helidon.webserver.http.DirectHandlers;
import io.helidon.webserver.http.HttpRouting;
import io.helidon.webserver.http.HttpService;
import io.helidon.webserver.http1.Http1Config;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The HTTP server: the admin API with health and metrics on one port, health and metrics alone on another. Each request
 * has a virtual thread. Thread-safe.
 */
public final class AdminServer implements AutoCloseable {

    private static final String METRICS = "metrics";
    private static final int MAX_HEADER_BYTES = 16 * 1024;
    private static final int MAX_PROLOGUE_BYTES = 8 * 1024;

    /** So much more than is taken is read before it is refused; what is larger still ends the connection at once. */
    private static final int READ_TO_REFUSE_BYTES = 4 * 1024 * 1024;

    /** Besides what the API answers at the same time: listeners of events, probes and scrapes. */
    private static final int OTHER_REQUESTS = CycleFeed.MAX_SUBSCRIBERS + 32;
    private static final int CONNECTIONS_PER_REQUEST = 4;
    private static final Duration READ_TIMEOUT = Duration.ofSeconds(30);
    private static final Duration IDLE_TIMEOUT = Duration.ofMinutes(2);
    private static final Duration IDLE_PERIOD = Duration.ofSeconds(15);

    private final WebServer server;
    private final CycleFeed feed;

    private AdminServer(WebServer server, CycleFeed feed) {
        this.server = server;
        this.feed = feed;
    }

    /**
     * Starts to listen.
     *
     * @param openServices what is served on both ports without a token
     * @param feed ends with the server
     * @throws ConfigException if the certificate or the key cannot be read
     * @throws UncheckedIOException if it cannot listen on a port: one sentence with the setting to change
     */
    public static AdminServer start(AdminServerSettings settings, List<HttpService> openServices, AdminPorts ports,
            CycleFeed feed) {
        Dispatcher dispatcher = new Dispatcher(new Gate(settings.access()), settings.maxConcurrentRequests(),
                settings.maxRequestBytes());
        Tls tls = settings.tls() == null ? null : tls(settings.tls());
        WebServerConfig.Builder config = WebServer.builder();
        listen(config, settings.main(), settings, tls,
                AdminRoutes.routing(AdminRoutes.of(ports, feed), openServices, dispatcher));
        if (settings.metrics() != null) {
            ListenerConfig.Builder metrics = ListenerConfig.builder();
            listen(metrics, settings.metrics(), settings, tls, AdminRoutes.routing(openServices));
            config.putSocket(METRICS, metrics.name(METRICS).build());
        }
        refuseTaken(settings.main());
        if (settings.metrics() != null) {
            refuseTaken(settings.metrics());
        }
        // The order in which the process ends is for the caller to say.
        WebServer server = config.shutdownHook(false).build().start();
        if (!server.isRunning()) {
            throw new UncheckedIOException(new IOException("the admin server did not start; the log says why"));
        }
        return new AdminServer(server, feed);
    }

    /** Helidon only logs that it cannot listen. */
    private static void refuseTaken(Listener listener) {
        try (ServerSocket socket = new ServerSocket()) {
            socket.setReuseAddress(true);
            socket.bind(new InetSocketAddress(listener.host(), listener.port()));
        } catch (IOException e) {
            throw new UncheckedIOException("cannot listen on " + listener.host() + ":" + listener.port() + ": "
                    + e.getMessage() + "; end the program that listens there, or change " + listener.setting(), e);
        }
    }

    private static void listen(ListenerConfig.BuilderBase<?, ?> config, Listener listener,
            AdminServerSettings settings, @Nullable Tls tls, HttpRouting.Builder routing) {
        int requests = settings.maxConcurrentRequests() + OTHER_REQUESTS;
        config.host(listener.host()).port(listener.port()).routing(routing)
                .maxPayloadSize((long) settings.maxRequestBytes() + READ_TO_REFUSE_BYTES)
                .maxConcurrentRequests(requests).maxTcpConnections(requests * CONNECTIONS_PER_REQUEST)
                .connectionOptions(SocketOptions.builder().readTimeout(READ_TIMEOUT).build())
                .idleConnectionTimeout(IDLE_TIMEOUT).idleConnectionPeriod(IDLE_PERIOD)
                .shutdownGracePeriod(settings.stopDeadline()).directHandlers(problems())
                .addProtocol(Http1Config.builder().maxHeadersSize(MAX_HEADER_BYTES)
                        .maxPrologueLength(MAX_PROLOGUE_BYTES).build());
        if (tls != null) {
            config.tls(tls);
        }
    }

    /** Helidon refuses some requests itself, before a route is found. */
    private static DirectHandlers problems() {
        DirectHandlers.Builder handlers = DirectHandlers.builder();
        for (EventType type : EventType.values()) {
            handlers.addHandler(type, new ProblemHandler());
        }
        return handlers.build();
    }

    private static Tls tls(TlsFiles files) {
        try {
            Keys keys = Keys.builder().pem(pem -> pem.key(Resource.create(files.key()))
                    .certChain(Resource.create(files.certificates()))).build();
            return Tls.builder().privateKey(keys).privateKeyCertChain(keys).build();
        } catch (RuntimeException e) {
            throw new ConfigException("admin.tls_certificate_file " + files.certificates() + " and admin.tls_key_file "
                    + files.key() + " cannot be used, both must be PEM, the key PKCS 8: " + e.getMessage(), e);
        }
    }

    /** Port of admin, health and metrics. */
    public int port() {
        return server.port();
    }

    /** Port of health and metrics alone; that of all if there is no other. */
    public int metricsPort() {
        return server.prototype().sockets().containsKey(METRICS) ? server.port(METRICS) : server.port();
    }

    /** Ends event streams, takes no more requests, and waits for those in progress, no longer than the deadline. */
    @Override
    public void close() {
        feed.close();
        server.stop();
    }
}
