package dev.tailsampling.store;

import org.jdbi.v3.core.Handle;

/**
 * What writers in several processes have to do one after the other, as each step depends on the one before: numbers that
 * count up, say. Whoever needs several takes them in this order, else two would wait for each other. New ones go to the
 * end: programs of two versions may share a database.
 */
enum WriteLock {
    /** Bringing the schema up to date. */
    SCHEMA,
    /** New numbers of {@code sources}. */
    SOURCES,
    /** New numbers of {@code policies}. */
    POLICIES,
    /** New numbers of {@code cycle_reports}. */
    REPORTS,
    /** Changes of {@code force_rules}, whose revision must not jump over one that is still to come. */
    RULES,
    /** New numbers of {@code dead_letters}. */
    DEAD_LETTERS;

    /** To be called in a transaction, which holds it to its end. */
    void take(Handle handle) {
        Dialect.of(handle).lock(handle, this);
    }
}
