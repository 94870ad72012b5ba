/**
 * Destinations for kept traces: OTLP over HTTP, OTLP/JSON lines, several at once. Each turns what went wrong into one
 * of the three outcomes: exported, refused, or unknown.
 */
@NullMarked
package dev.tailsampling.export;

import org.jspecify.annotations.NullMarked;
