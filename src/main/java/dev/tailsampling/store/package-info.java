/**
 * Where state is kept between cycles: recent decisions, the control log, the force rules and leases, in memory, in Redis
 * or in a database through jdbi. All of it but the rules can be lost without a wrong decision; the ledger is the truth.
 */
@NullMarked
package dev.tailsampling.store;

import org.jspecify.annotations.NullMarked;
