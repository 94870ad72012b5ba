package dev.tailsampling.store;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Assumptions;

/**
 * A database of its own on a real PostgreSQL server, which listens on loopback: one server for all tests of the JVM, that
 * ends with it. The server's programs come from a jar; where they do not run, the test is skipped and says why.
 *
 * @param url for {@link PostgresSettings}; nobody has to log in
 */
public record LocalPostgres(String url) {

    /** Who owns everything. */
    public static final String USER = "postgres";

    private static final AtomicInteger DATABASES = new AtomicInteger();
    private static @Nullable EmbeddedPostgres server;

    /** An empty database. */
    public static LocalPostgres create() {
        EmbeddedPostgres running = server();
        String name = "tss" + DATABASES.incrementAndGet();
        of(running, USER).execute("CREATE DATABASE " + name);
        return of(running, name);
    }

    static LocalPostgres of(EmbeddedPostgres running, String name) {
        return new LocalPostgres("jdbc:postgresql://localhost:" + running.getPort() + "/" + name);
    }

    private static synchronized EmbeddedPostgres server() {
        if (server == null) {
            server = start(EmbeddedPostgres.builder());
        }
        return server;
    }

    /** Starts a server as it is configured; the test is skipped if this machine can run none. */
    static EmbeddedPostgres start(EmbeddedPostgres.Builder builder) {
        try {
            return builder.start();
        } catch (IOException | IllegalStateException e) {
            return Assumptions.abort("no PostgreSQL server can be started here (as root it needs unshare): " + e);
        }
    }

    /** How to connect to it. */
    public PostgresSettings settings() {
        return new PostgresSettings(url, USER, null, 4);
    }

    /** Runs statements past the code under test. */
    public void execute(String sql) {
        try (Connection connection = connect(); Statement statement = connection.createStatement()) {
            statement.execute(sql);
        } catch (SQLException e) {
            throw new UncheckedIOException(new IOException(sql, e));
        }
    }

    /** All rows as an operator sees them, columns joined by a bar. */
    public List<String> query(String sql) {
        try (Connection connection = connect();
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            List<String> found = new ArrayList<>();
            while (rows.next()) {
                List<String> columns = new ArrayList<>();
                for (int column = 1; column <= rows.getMetaData().getColumnCount(); column++) {
                    columns.add(String.valueOf(rows.getString(column)));
                }
                found.add(String.join("|", columns));
            }
            return found;
        } catch (SQLException e) {
            throw new UncheckedIOException(new IOException(sql, e));
        }
    }

    /** Empties all tables of the schema, but not the list of its migrations. */
    public void empty() {
        String tables = String.join(", ", query("SELECT quote_ident(tablename) FROM pg_tables "
                + "WHERE schemaname = 'public' AND tablename <> 'schema_version'"));
        execute("TRUNCATE " + tables);
    }

    private Connection connect() throws SQLException {
        return DriverManager.getConnection(url, USER, null);
    }
}
