package dev.tailsampling.store;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import com.zaxxer.hikari.pool.HikariPool.PoolInitializationException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.Objects;
import java.util.Optional;
import javax.sql.DataSource;
import org.jdbi.v3.core.HandleCallback;
import org.jdbi.v3.core.HandleConsumer;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.JdbiException;
import org.sqlite.SQLiteConfig;
import org.sqlite.SQLiteDataSource;

/**
 * A pool of connections whose failures are {@link UncheckedIOException}s that name the database. Thread-safe.
 */
final class Database implements AutoCloseable {

    /** How long to wait for another process that writes. */
    private static final int BUSY_TIMEOUT_MILLIS = 30_000;

    /** How long to wait for another thread of this process, which may be remembering a large cycle. */
    private static final long CONNECTION_TIMEOUT_MILLIS = 120_000;

    /** Reads the file, too: SQLite answers "SELECT 1" without. */
    private static final String PROBE = "SELECT COUNT(*) FROM schema_version";
    private static final int PROBE_TIMEOUT_MILLIS = 1_000;

    private final String name;
    private final HikariDataSource pool;
    private final Jdbi jdbi;
    private final Jdbi probe;
    private final Dialect dialect;

    private Database(String name, HikariDataSource pool, DataSource probed, Dialect dialect) {
        this.name = name;
        this.pool = pool;
        this.jdbi = Jdbi.create(pool);
        this.probe = Jdbi.create(probed);
        this.dialect = dialect;
        dialect.configure(jdbi);
    }

    /**
     * Opens or creates an SQLite file, with its folders.
     *
     * @throws UncheckedIOException if it cannot be opened or is no SQLite file
     */
    static Database openSqlite(Path file) {
        String name = "state file " + file;
        try {
            Files.createDirectories(file.toAbsolutePath().normalize().getParent());
            return new Database(name, new HikariDataSource(poolOfOne(sqlite(file))), readOnly(file), Dialect.SQLITE);
        } catch (IOException e) {
            throw new UncheckedIOException(name + ": its folder cannot be created: " + e, e);
        } catch (PoolInitializationException e) {
            throw failure(name, e);
        }
    }

    /**
     * Connects to a PostgreSQL database.
     *
     * @throws UncheckedIOException if there is none, or it lets nobody in
     */
    static Database openPostgres(PostgresSettings settings) {
        String name = "control plane " + settings.shown();
        try {
            HikariDataSource pool = new HikariDataSource(settings.pool());
            return new Database(name, pool, pool, Dialect.POSTGRESQL);
        } catch (PoolInitializationException e) {
            throw failure(name, e);
        } catch (RuntimeException e) {
            // The pool's own exception shows the URL, with the passwords that may be in it: it is not handed on.
            throw new UncheckedIOException(new IOException(
                    name + ": the driver cannot read this URL; write jdbc:postgresql://host:port/database"));
        }
    }

    /**
     * Write-ahead log with {@code synchronous=NORMAL}: a power cut may undo the last transactions but never damages the
     * file. That is enough here, since the ledger is the truth and what was undone is read from it again. Transactions
     * take the write lock when they begin: taking it later fails at once, without waiting, if another process wrote
     * meanwhile.
     */
    private static SQLiteDataSource sqlite(Path file) {
        SQLiteConfig config = new SQLiteConfig();
        config.setJournalMode(SQLiteConfig.JournalMode.WAL);
        config.setSynchronous(SQLiteConfig.SynchronousMode.NORMAL);
        config.setBusyTimeout(BUSY_TIMEOUT_MILLIS);
        config.setTransactionMode(SQLiteConfig.TransactionMode.IMMEDIATE);
        SQLiteDataSource source = new SQLiteDataSource(config);
        source.setUrl("jdbc:sqlite:" + file.toAbsolutePath());
        return source;
    }

    /** Does not wait for who writes: the write-ahead log lets others read meanwhile. */
    private static SQLiteDataSource readOnly(Path file) {
        SQLiteConfig config = new SQLiteConfig();
        config.setReadOnly(true);
        config.setBusyTimeout(PROBE_TIMEOUT_MILLIS);
        SQLiteDataSource source = new SQLiteDataSource(config);
        source.setUrl("jdbc:sqlite:" + file.toAbsolutePath());
        return source;
    }

    /** SQLite has one writer; a second connection would only wait for the first. */
    private static HikariConfig poolOfOne(SQLiteDataSource source) {
        HikariConfig config = new HikariConfig();
        config.setDataSource(source);
        config.setPoolName("state");
        config.setMaximumPoolSize(1);
        config.setMaxLifetime(0);
        config.setConnectionTimeout(CONNECTION_TIMEOUT_MILLIS);
        return config;
    }

    /** Runs queries. */
    <T> T read(HandleCallback<T, RuntimeException> queries) {
        try {
            return jdbi.withHandle(queries);
        } catch (JdbiException e) {
            throw failure(name, e);
        }
    }

    /** Runs statements in one transaction. */
    void write(HandleConsumer<RuntimeException> statements) {
        writeAndGet(handle -> {
            statements.useHandle(handle);
            return true;
        });
    }

    /** Runs statements in one transaction. */
    <T> T writeAndGet(HandleCallback<T, RuntimeException> statements) {
        try {
            return jdbi.inTransaction(statements);
        } catch (JdbiException e) {
            throw failure(name, e);
        }
    }

    /** Runs statements in one transaction, which survives a power cut once this returns. */
    void writeDurably(HandleConsumer<RuntimeException> statements) {
        try {
            jdbi.useHandle(handle -> dialect.durably(handle, () -> handle.useTransaction(statements)));
        } catch (JdbiException e) {
            throw failure(name, e);
        }
    }

    /** Names it in messages. */
    String name() {
        return name;
    }

    /** Brings the schema up to date, in one transaction. */
    void migrate(Migrator migrator) {
        try {
            jdbi.useTransaction(migrator::migrate);
        } catch (JdbiException e) {
            throw failure(name, e);
        } catch (SchemaException e) {
            throw new UncheckedIOException(name + ": " + e.getMessage(), e);
        }
    }

    /** Whether it answers; empty if it does, else why not in one sentence. A large transaction is not waited for. */
    Optional<String> problem() {
        try {
            probe.useHandle(handle -> handle.createQuery(PROBE).mapTo(Integer.class).one());
            return Optional.empty();
        } catch (JdbiException e) {
            return Optional.of(Objects.requireNonNullElse(failure(name, e).getMessage(), name));
        }
    }

    @Override
    public void close() {
        pool.close();
    }

    /** The driver's message is the one that helps; what the layers above add is SQL, parameters and waiting times. */
    private static UncheckedIOException failure(String name, RuntimeException e) {
        Throwable driver = e;
        for (Throwable cause = e; cause != null; cause = cause.getCause()) {
            if (cause instanceof SQLException || !(driver instanceof SQLException)) {
                driver = cause;
            }
        }
        String message = name + ": " + String.valueOf(driver.getMessage()).strip().replaceAll("\\s*\\R\\s*", "; ");
        return new UncheckedIOException(message, new IOException(message, e));
    }
}
