/**
 * Seeded generator of trace load: the messages that a collector would send for a number of traces, for load tests, the
 * demo and property tests. The same load gives the same bytes on every run. Pure: no I/O, no clock.
 *
 * <p>A {@link dev.tailsampling.generate.Profile} says what the traces look like, a
 * {@link dev.tailsampling.generate.TraceLoad} how many come and when, a
 * {@link dev.tailsampling.generate.TraceGenerator} yields the messages in the order in which they are sent.
 */
@NullMarked
package dev.tailsampling.generate;

import org.jspecify.annotations.NullMarked;
