package dev.tailsampling.store;

import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jdbi.v3.core.Handle;

/**
 * Brings a database to the newest schema: applies the migrations that are missing and refuses a database that was made
 * by others. To be run in one transaction, so that a failure leaves the old schema; of several processes that start at
 * once one does the work and the others wait. Thread-safe.
 */
final class Migrator {

    private static final String CREATE = """
            CREATE TABLE IF NOT EXISTS schema_version (
              version INTEGER PRIMARY KEY,
              file TEXT NOT NULL,
              sha256 TEXT NOT NULL,
              applied_at BIGINT NOT NULL
            )""";
    private static final String NOTE = "INSERT INTO schema_version (version, file, sha256, applied_at) "
            + "VALUES (:version, :file, :sha256, :appliedAt)";

    private final List<Migration> migrations;
    private final InstantSource clock;

    Migrator(List<Migration> migrations, InstantSource clock) {
        this.migrations = List.copyOf(migrations);
        this.clock = clock;
    }

    /**
     * Applies what is missing.
     *
     * @throws SchemaException if the database is newer than this program, or an applied file was changed since
     */
    void migrate(Handle handle) throws SchemaException {
        WriteLock.SCHEMA.take(handle);
        handle.execute(CREATE);
        Map<Integer, String> applied = handle.createQuery("SELECT version, sha256 FROM schema_version")
                .reduceRows(new HashMap<Integer, String>(), (map, row) -> {
                    map.put(row.getColumn("version", Integer.class), row.getColumn("sha256", String.class));
                    return map;
                });
        refuseUnknown(applied);
        for (Migration migration : migrations) {
            String hash = applied.get(migration.version());
            if (hash == null) {
                apply(handle, migration);
            } else if (!hash.equals(migration.sha256())) {
                throw new SchemaException("the schema was made by another " + migration.file()
                        + " than this program has; an applied migration must not be changed, add a new one");
            }
        }
    }

    private void refuseUnknown(Map<Integer, String> applied) throws SchemaException {
        int newest = migrations.stream().mapToInt(Migration::version).max().orElse(0);
        int found = applied.keySet().stream().mapToInt(Integer::intValue).max().orElse(0);
        if (found > newest) {
            throw new SchemaException("its schema version is " + found + ", this program knows versions up to " + newest
                    + "; use the newer program");
        }
    }

    private void apply(Handle handle, Migration migration) {
        handle.createScript(Dialect.of(handle).schema(migration.sql())).execute();
        handle.createUpdate(NOTE).bind("version", migration.version()).bind("file", migration.file())
                .bind("sha256", migration.sha256()).bind("appliedAt", clock.millis()).execute();
    }
}
