package dev.tailsampling.layout;

import org.jspecify.annotations.Nullable;

/**
 * Where a span's events are: in one list of structs, or in lists side by side of which the items at the same place
 * belong together. Immutable.
 *
 * @param list path of the list of structs, whose fields the other components name; null where they name lists side by
 *     side by their paths
 * @param time when the event was
 * @param name name, string
 * @param attributes attributes, as {@link AttributeColumns.Column} tells
 * @param droppedAttributesCount how many attributes the sender left out
 */
public record EventColumns(@Nullable String list, @Nullable TimeColumn time, @Nullable String name,
        @Nullable String attributes, @Nullable String droppedAttributesCount) {}
