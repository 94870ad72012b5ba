/**
 * Kafka: what the fast path consumes, reading a topic again for the spans of kept traces, decoding of records, sorting of
 * unkeyed topics by trace, and a topic as a destination. Kafka's clients are known here only.
 */
@NullMarked
package dev.tailsampling.stream;

import org.jspecify.annotations.NullMarked;
