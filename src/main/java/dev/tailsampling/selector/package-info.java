/**
 * The one flow, source → assembly → policy → record → fetch → export → confirm, and the ports through which it reaches
 * the world. Knows no table format, no broker, no database: adapters implement the ports. Reads no clock and starts no
 * thread.
 */
@NullMarked
package dev.tailsampling.selector;

import org.jspecify.annotations.NullMarked;
