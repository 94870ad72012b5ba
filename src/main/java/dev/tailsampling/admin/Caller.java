package dev.tailsampling.admin;

/**
 * Who asks.
 *
 * @param name of the token, for the record
 * @param role what the caller may do
 */
record Caller(String name, Role role) {

    /** Somebody who needs no token. */
    static final Caller ANONYMOUS = new Caller("anonymous", Role.ADMIN);
}
