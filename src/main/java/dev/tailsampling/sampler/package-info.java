/**
 * The arithmetic of samplers and budgets: hashes, keyed sample rates, token buckets, thresholds that spend a budget. It
 * knows no policy, no trace and no clock: times, costs and randomness are arguments, and state that must outlive a
 * process is written to bytes and read back. Pure: JDK only.
 */
@NullMarked
package dev.tailsampling.sampler;

import org.jspecify.annotations.NullMarked;
