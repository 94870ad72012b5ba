package dev.tailsampling.store;

import java.util.Objects;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.argument.AbstractArgumentFactory;
import org.jdbi.v3.core.argument.Argument;
import org.jdbi.v3.core.config.ConfigRegistry;
import org.jdbi.v3.core.statement.SqlStatements;

/** What differs between the databases. Statements are written so that both take them, {@code sql/} in SQLite's words. */
enum Dialect {
    SQLITE {
        @Override
        String schema(String sql) {
            return sql;
        }

        /** A transaction that writes has the file for itself from its beginning. */
        @Override
        void lock(Handle handle, WriteLock lock) {}

        /** The write-ahead log is on disk when the transaction ends, and with it all that was written before. */
        @Override
        void durably(Handle handle, Runnable transaction) {
            handle.execute("PRAGMA synchronous = FULL");
            try {
                transaction.run();
            } finally {
                handle.execute("PRAGMA synchronous = NORMAL");
            }
        }
    },
    POSTGRESQL {
        @Override
        String schema(String sql) {
            return sql.replace(" WITHOUT ROWID", "").replace(" BLOB", " BYTEA");
        }

        @Override
        void lock(Handle handle, WriteLock lock) {
            handle.execute("SELECT pg_advisory_xact_lock(?, ?)", LOCK_NAMESPACE, lock.ordinal());
        }

        /** Every transaction is, unless the server is told otherwise. */
        @Override
        void durably(Handle handle, Runnable transaction) {
            transaction.run();
        }
    };

    /** "tss": tells our advisory locks from those of others in the same database. */
    private static final int LOCK_NAMESPACE = 0x747373;

    /** Under this name each handle knows its dialect. */
    private static final String ATTRIBUTE = "dialect";

    /** A file of {@code sql/} in this dialect. */
    abstract String schema(String sql);

    /** Waits until no other transaction has this lock, and holds it until the transaction ends. */
    abstract void lock(Handle handle, WriteLock lock);

    /** Runs a transaction of this handle that survives a power cut. */
    abstract void durably(Handle handle, Runnable transaction);

    /** Makes known to handles with which dialect they work. */
    void configure(Jdbi jdbi) {
        jdbi.define(ATTRIBUTE, this);
        if (this == POSTGRESQL) {
            jdbi.registerArgument(new TextWithoutNul());
        }
    }

    /** The dialect of a handle. */
    static Dialect of(Handle handle) {
        return (Dialect) Objects.requireNonNull(handle.getConfig(SqlStatements.class).getAttribute(ATTRIBUTE));
    }

    /** PostgreSQL's text holds every character but NUL, which a reason or a name out of foreign data may have. */
    private static final class TextWithoutNul extends AbstractArgumentFactory<String> {

        TextWithoutNul() {
            super(java.sql.Types.VARCHAR);
        }

        @Override
        protected Argument build(String value, ConfigRegistry config) {
            String text = value.replace('\0', '\uFFFD');
            return (position, statement, context) -> statement.setString(position, text);
        }
    }
}
