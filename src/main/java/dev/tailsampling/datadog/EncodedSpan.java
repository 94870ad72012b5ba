package dev.tailsampling.datadog;

/**
 * A Datadog span, but for what depends on the other spans of its chunk.
 *
 * @param spanId its id
 * @param parentId id of its parent, 0 if it has none
 * @param service normalised name of its service
 * @param bytes fields of a {@code Span}; more of them may follow
 */
record EncodedSpan(long spanId, long parentId, String service, byte[] bytes) {}
