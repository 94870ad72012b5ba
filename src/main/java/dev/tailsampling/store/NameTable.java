package dev.tailsampling.store;

import java.util.Optional;
import org.jdbi.v3.core.Handle;

/**
 * A table that gives names small numbers. Numbers are not cached across transactions: one that was rolled back would
 * leave a number which is not in the table.
 */
enum NameTable {
    SOURCES("sources", "source_id", WriteLock.SOURCES), POLICIES("policies", "policy_id", WriteLock.POLICIES);

    private final WriteLock lock;
    private final String find;
    private final String add;

    NameTable(String table, String id, WriteLock lock) {
        this.lock = lock;
        find = "SELECT " + id + " FROM " + table + " WHERE name = :name";
        add = "INSERT INTO " + table + " (" + id + ", name) SELECT COALESCE(MAX(" + id + "), 0) + 1, :name FROM "
                + table;
    }

    /** The name's number; a new name gets the next one. To be called in a transaction. */
    int idOf(Handle handle, String name) {
        return find(handle, name).orElseGet(() -> {
            lock.take(handle);
            return find(handle, name).orElseGet(() -> add(handle, name));
        });
    }

    private int add(Handle handle, String name) {
        handle.createUpdate(add).bind("name", name).execute();
        return find(handle, name).orElseThrow();
    }

    private Optional<Integer> find(Handle handle, String name) {
        return handle.createQuery(find).bind("name", name).mapTo(Integer.class).findOne();
    }
}
