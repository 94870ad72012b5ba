package dev.tailsampling.layout;

import org.jspecify.annotations.Nullable;

/**
 * Where a span's links are: in one list of structs, or in lists side by side of which the items at the same place belong
 * together. Immutable.
 *
 * @param list path of the list of structs, whose fields the other components name; null where they name lists side by
 *     side by their paths
 * @param traceId trace id of the linked span, as in {@link SpanColumns}
 * @param spanId span id of the linked span
 * @param traceState its W3C tracestate, string
 * @param attributes attributes, as {@link AttributeColumns.Column} tells
 * @param droppedAttributesCount how many attributes the sender left out
 * @param flags flags, int or long
 */
public record LinkColumns(@Nullable String list, @Nullable String traceId, @Nullable String spanId,
        @Nullable String traceState, @Nullable String attributes, @Nullable String droppedAttributesCount,
        @Nullable String flags) {}
