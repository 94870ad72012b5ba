package dev.tailsampling.admin;

import dev.tailsampling.config.AdminConfig;
import dev.tailsampling.config.ObservabilityConfig;
import dev.tailsampling.config.SelectorConfig;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How the server listens, and to whom.
 *
 * @param main where admin, health and metrics are served
 * @param metrics where health and metrics alone are served; null if that is the same
 * @param access who may use the admin API
 * @param tls how connections are encrypted; null for not at all
 * @param maxRequestBytes size of a request's body at most
 * @param maxConcurrentRequests requests that are answered at the same time at most
 * @param stopDeadline how long requests in progress may take when the server stops
 * @param remarks what the operator should know of it, one sentence each
 */
public record AdminServerSettings(Listener main, @Nullable Listener metrics, Access access, @Nullable TlsFiles tls,
        int maxRequestBytes, int maxConcurrentRequests, Duration stopDeadline, List<String> remarks) {

    private static final String LOOPBACK = "127.0.0.1";

    /** The server ends after the cycles, which have had most of the time. */
    private static final Duration STOP_DEADLINE = Duration.ofSeconds(5);

    public AdminServerSettings {
        remarks = List.copyOf(remarks);
    }

    /**
     * Where to listen.
     *
     * @param host name or address
     * @param port 0 for a free one
     * @param setting the key that names the port, for messages
     */
    public record Listener(String host, int port, String setting) {}

    /**
     * A certificate and its key.
     *
     * @param certificates PEM, the server's own first
     * @param key PEM, PKCS 8
     */
    public record TlsFiles(Path certificates, Path key) {}

    /**
     * What the configuration asks for. Without tokens and {@code admin.insecure} it is loopback, whatever the address.
     *
     * @throws dev.tailsampling.config.ConfigException if a token cannot be read
     */
    public static AdminServerSettings of(SelectorConfig config) {
        ObservabilityConfig shown = config.observability();
        Access access = Access.of(config.admin());
        boolean loopback = access instanceof Access.ThisMachine;
        Listener main = new Listener(loopback ? LOOPBACK : shown.healthAddr(), shown.healthPort(),
                "observability.health_port");
        Listener metrics = new Listener(loopback ? LOOPBACK : shown.metricsAddr(), shown.metricsPort(),
                "observability.metrics_port");
        boolean same = main.port() != 0 && main.port() == metrics.port() && main.host().equals(metrics.host());
        return new AdminServerSettings(main, same ? null : metrics, access, tls(config.admin()),
                config.admin().maxRequestBytes(), config.admin().maxConcurrentRequests(),
                shorter(config.app().shutdownTimeout(), STOP_DEADLINE), remarks(access, config.admin(), shown));
    }

    private static Duration shorter(Duration one, Duration other) {
        return one.compareTo(other) < 0 ? one : other;
    }

    private static @Nullable TlsFiles tls(AdminConfig config) {
        return config.tlsCertificateFile() == null || config.tlsKeyFile() == null
                ? null
                : new TlsFiles(config.tlsCertificateFile(), config.tlsKeyFile());
    }

    private static List<String> remarks(Access access, AdminConfig config, ObservabilityConfig shown) {
        List<String> remarks = new ArrayList<>();
        switch (access) {
            case Access.ThisMachine ignored -> {
                if (!isLoopback(shown.healthAddr()) || !isLoopback(shown.metricsAddr())) {
                    remarks.add("there are no admin.tokens, so admin, health and metrics listen on " + LOOPBACK
                            + " only: make a token with tss token, or set admin.insecure to let anybody in");
                }
            }
            case Access.Anybody ignored -> remarks.add("admin.insecure is set: anybody who reaches port "
                    + shown.healthPort() + " may change rules and policies");
            case Access.Tokens ignored -> {
                if (config.tlsKeyFile() == null && !isLoopback(shown.healthAddr())) {
                    remarks.add("admin tokens go over the network unencrypted: set admin.tls_certificate_file and "
                            + "admin.tls_key_file, or let a proxy encrypt");
                }
            }
        }
        return remarks;
    }

    private static boolean isLoopback(String host) {
        return host.equals("localhost") || host.equals("::1") || host.startsWith("127.");
    }
}
