package dev.tailsampling.store;

import com.zaxxer.hikari.HikariConfig;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Where a PostgreSQL database is, and how to get in.
 *
 * @param url {@code jdbc:postgresql://host:port/database}; the driver's parameters may follow a question mark
 * @param user null for the one that the URL or the driver knows
 * @param password null for none
 * @param poolSize connections at most, at least 1
 */
public record PostgresSettings(String url, @Nullable String user, @Nullable String password, int poolSize) {

    private static final String SCHEME = "jdbc:postgresql:";
    private static final Pattern CREDENTIALS = Pattern.compile("//[^/?]*@");

    /** How long to wait for a free connection, or for a server that is away. */
    private static final long CONNECTION_TIMEOUT_MILLIS = 10_000;

    /** A statement that takes longer than this has lost its server. */
    private static final int SOCKET_TIMEOUT_SECONDS = 300;

    /**
     * Checks the form of the URL; connects to nothing.
     *
     * @throws IllegalArgumentException if the URL is no PostgreSQL URL or holds credentials before its host, in one
     *         sentence that does not show them
     */
    public PostgresSettings {
        if (!url.toLowerCase(Locale.ROOT).startsWith(SCHEME)) {
            throw new IllegalArgumentException(shown(url)
                    + " is no PostgreSQL database; write jdbc:postgresql://host:port/database");
        }
        if (CREDENTIALS.matcher(url).find()) {
            throw new IllegalArgumentException(shown(url)
                    + " has credentials in its URL, which the driver does not read there; set user and password apart");
        }
        if (poolSize < 1) {
            throw new IllegalArgumentException("a pool needs at least one connection: " + poolSize);
        }
    }

    /** For messages: without credentials and parameters. */
    String shown() {
        return shown(url);
    }

    private static String shown(String url) {
        return CREDENTIALS.matcher(url.split("\\?", 2)[0]).replaceAll("//");
    }

    HikariConfig pool() {
        HikariConfig config = new HikariConfig();
        config.setJdbcUrl(url);
        config.setUsername(user);
        config.setPassword(password);
        config.setPoolName("control-plane");
        config.setMaximumPoolSize(poolSize);
        config.setMinimumIdle(0);
        config.setConnectionTimeout(CONNECTION_TIMEOUT_MILLIS);
        config.addDataSourceProperty("reWriteBatchedInserts", "true");
        config.addDataSourceProperty("ApplicationName", "tail-sampling-selector");
        config.addDataSourceProperty("tcpKeepAlive", "true");
        config.addDataSourceProperty("socketTimeout", Integer.toString(SOCKET_TIMEOUT_SECONDS));
        return config;
    }

    @Override
    public String toString() {
        return "PostgresSettings[url=" + shown() + ", user=" + user + ", poolSize=" + poolSize + "]";
    }
}
