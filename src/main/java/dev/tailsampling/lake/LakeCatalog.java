package dev.tailsampling.lake;

import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.Function;
import org.apache.iceberg.CatalogUtil;
import org.apache.iceberg.PartitionSpec;
import org.apache.iceberg.Schema;
import org.apache.iceberg.Table;
import org.apache.iceberg.catalog.Catalog;
import org.apache.iceberg.catalog.Namespace;
import org.apache.iceberg.catalog.SupportsNamespaces;
import org.apache.iceberg.catalog.TableIdentifier;
import org.apache.iceberg.exceptions.AlreadyExistsException;
import org.apache.iceberg.exceptions.BadRequestException;
import org.apache.iceberg.exceptions.CommitFailedException;
import org.apache.iceberg.exceptions.CommitStateUnknownException;
import org.apache.iceberg.exceptions.NoSuchNamespaceException;
import org.apache.iceberg.exceptions.NoSuchTableException;
import org.apache.iceberg.exceptions.NotAuthorizedException;
import org.apache.iceberg.exceptions.NotFoundException;
import org.apache.iceberg.exceptions.RESTException;
import org.apache.iceberg.jdbc.UncheckedSQLException;
import org.apache.parquet.ParquetRuntimeException;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.exception.SdkException;

/** An Iceberg catalog. Thread-safe; closed by who opened it. */
public final class LakeCatalog implements AutoCloseable {

    private static final String SQLITE = "jdbc:sqlite:";

    private final CatalogSettings settings;
    private volatile @Nullable Catalog catalog;
    /** The one before, whose tables others may still be reading. */
    private @Nullable Catalog retired;

    LakeCatalog(@Nullable Catalog catalog, CatalogSettings settings) {
        this.catalog = catalog;
        this.settings = settings;
    }

    /**
     * Opens the catalog: connects to the database or asks the REST service for its configuration.
     *
     * @throws UncheckedIOException if that fails; the message is one sentence without secrets
     */
    public static LakeCatalog open(CatalogSettings settings) {
        LakeCatalog catalog = onDemand(settings);
        catalog.connection();
        return catalog;
    }

    /** A catalog that is connected to when it is needed first, and as often as that fails. */
    public static LakeCatalog onDemand(CatalogSettings settings) {
        return new LakeCatalog(null, settings);
    }

    private Catalog connection() {
        Catalog open = catalog;
        return open == null ? connect() : open;
    }

    private synchronized Catalog connect() {
        Catalog open = catalog;
        if (open == null) {
            try {
                createSqliteDirectory(settings.uri());
                open = connected(settings);
                catalog = open;
            } catch (IOException | RuntimeException e) {
                throw failure(settings, e, "opening the catalog");
            }
        }
        return open;
    }

    private static Catalog connected(CatalogSettings settings) {
        String type = switch (settings.type()) {
            case JDBC -> CatalogUtil.ICEBERG_CATALOG_TYPE_JDBC;
            case REST -> CatalogUtil.ICEBERG_CATALOG_TYPE_REST;
        };
        Map<String, String> properties = settings.icebergProperties();
        properties.put(CatalogUtil.ICEBERG_CATALOG_TYPE, type);
        return CatalogUtil.buildIcebergCatalog(settings.name(), properties, null);
    }

    private static void createSqliteDirectory(String uri) throws IOException {
        if (uri.startsWith(SQLITE)) {
            Path directory = Path.of(uri.substring(SQLITE.length()).replaceFirst("\\?.*", "")).getParent();
            if (directory != null) {
                Files.createDirectories(directory);
            }
        }
    }

    /** The table as it is now, or nothing while it does not exist. */
    Optional<Table> find(TableName name) {
        for (var identifier : name.readings()) {
            try {
                return Optional.of(authorized(asked -> asked.loadTable(identifier)));
            } catch (NoSuchTableException | NoSuchNamespaceException | BadRequestException e) {
                // The next reading of the name, if there is one. Some catalogs have rules for names and refuse others.
            }
        }
        return Optional.empty();
    }

    /**
     * Asks the catalog, over a new connection if the old one is refused: when its token could not be renewed in time, a
     * while without the token server say, Iceberg does not try again.
     */
    private <T> T authorized(Function<Catalog, T> question) {
        Catalog asked = connection();
        try {
            return question.apply(asked);
        } catch (NotAuthorizedException e) {
            return question.apply(reconnected(asked, e));
        }
    }

    private synchronized Catalog reconnected(Catalog refused, NotAuthorizedException refusal) {
        if (!settings.canRenewToken()) {
            throw refusal;
        }
        if (refused.equals(catalog)) {
            Catalog fresh = connected(settings);
            close(retired);
            retired = refused;
            catalog = fresh;
        }
        return connection();
    }

    /**
     * Names of the tables that match now, as "namespace.table".
     *
     * @throws UncheckedIOException if the catalog cannot be asked
     */
    public SortedSet<String> names(TablePattern pattern) {
        SortedSet<String> names = new TreeSet<>();
        try {
            authorized(asked -> {
                names.clear();
                if (asked instanceof SupportsNamespaces namespaces) {
                    namespaces.listNamespaces().forEach(top -> addNames(asked, namespaces, top, pattern, names));
                }
                return names;
            });
        } catch (RuntimeException e) {
            throw failure(e, "listing tables");
        }
        return names;
    }

    private static void addNames(Catalog tables, SupportsNamespaces namespaces, Namespace in, TablePattern pattern,
            SortedSet<String> names) {
        if (!pattern.mayMatchIn(in.toString())) {
            return;
        }
        try {
            tables.listTables(in).stream().map(TableIdentifier::toString).filter(pattern::matches)
                    .forEach(names::add);
            namespaces.listNamespaces(in).forEach(inner -> addNames(tables, namespaces, inner, pattern, names));
        } catch (NoSuchNamespaceException e) {
            // Somebody dropped it since it was listed.
        }
    }

    /** The table; it is created if it does not exist. */
    Table findOrCreate(TableName name, Schema schema, PartitionSpec spec, Map<String, String> properties) {
        return find(name).orElseGet(() -> {
            createNamespace(name.identifier().namespace());
            try {
                return connection().createTable(name.identifier(), schema, spec, properties);
            } catch (AlreadyExistsException e) {
                // Another process was faster.
                return connection().loadTable(name.identifier());
            }
        });
    }

    private void createNamespace(Namespace namespace) {
        if (connection() instanceof SupportsNamespaces namespaces && !namespace.isEmpty()
                && !namespaces.namespaceExists(namespace)) {
            try {
                namespaces.createNamespace(namespace);
            } catch (AlreadyExistsException | UncheckedSQLException e) {
                // Another thread or process was faster; a database says it in words of its own.
                if (!namespaces.namespaceExists(namespace)) {
                    throw e;
                }
            }
        }
    }

    /**
     * What the ports promise to throw, for what a library threw: failures of the catalog, the storage and the file
     * format become {@link UncheckedIOException}s; others, the caller's own among them, stay what they are.
     */
    RuntimeException failure(RuntimeException thrown, String doing) {
        return isOutside(thrown) ? failure(settings, thrown, doing) : thrown;
    }

    private static boolean isOutside(RuntimeException thrown) {
        return thrown instanceof RESTException || thrown instanceof UncheckedSQLException
                || thrown instanceof CommitStateUnknownException || thrown instanceof CommitFailedException
                || thrown instanceof NotFoundException || telling(thrown) instanceof SdkException
                || thrown instanceof ParquetRuntimeException;
    }

    private static UncheckedIOException failure(CatalogSettings settings, Exception thrown, String doing) {
        Throwable telling = telling(thrown);
        String cause = telling.getMessage() == null ? telling.toString() : telling.getMessage();
        String message = doing + " at " + settings.shownUri() + " failed (" + firstLine(settings.redact(cause))
                + "): " + settings.remedy();
        return new UncheckedIOException(message, new IOException(message, withoutSecrets(settings, thrown)));
    }

    /** The failure that says why: Iceberg wraps what the object store said, and what became of a connection. */
    private static Throwable telling(Throwable thrown) {
        for (Throwable cause = thrown; cause != null; cause = cause.getCause()) {
            if (cause instanceof SdkException) {
                return cause;
            }
        }
        Throwable cause = thrown.getCause();
        return thrown instanceof RESTException && cause != null ? cause : thrown;
    }

    private static String firstLine(String text) {
        return text.lines().findFirst().orElse("");
    }

    /** Libraries like to repeat URLs in their messages; such a chain is not passed on. */
    private static @Nullable Throwable withoutSecrets(CatalogSettings settings, Throwable thrown) {
        for (Throwable cause = thrown; cause != null; cause = cause.getCause()) {
            String message = cause.getMessage();
            if (message != null && !settings.redact(message).equals(message)) {
                return null;
            }
        }
        return thrown;
    }

    @Override
    public void close() {
        close(catalog);
        synchronized (this) {
            close(retired);
        }
    }

    private void close(@Nullable Catalog closing) {
        if (closing instanceof Closeable closeable) {
            try {
                closeable.close();
            } catch (IOException e) {
                throw new UncheckedIOException("closing the catalog at " + settings.shownUri() + " failed", e);
            }
        }
    }
}
