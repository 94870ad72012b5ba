/**
 * Destinations for kept traces: OTLP over HTTP and gRPC, OTLP/JSON lines, several at once with routes, and queues and
 * circuit breakers before them. Each turns what went wrong into one of the three outcomes: exported, refused, or unknown.
 */
@NullMarked
package dev.tailsampling.export;

import org.jspecify.annotations.NullMarked;
