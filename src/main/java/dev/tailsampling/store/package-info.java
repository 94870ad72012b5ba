/**
 * Where state is kept between cycles: recent decisions and the control log, in memory or in a database through jdbi.
 * All of it can be lost without a wrong decision; the ledger is the truth.
 */
@NullMarked
package dev.tailsampling.store;

import org.jspecify.annotations.NullMarked;
