package dev.tailsampling.lake;

import dev.tailsampling.otlp.SpanEncoder;
import dev.tailsampling.trace.ScopeView;

/**
 * The instrumentation scope of the current row.
 *
 * @param names column of its name
 * @param versions column of its version
 * @param attributes columns of its attributes
 */
record ScopeRow(TextColumn names, TextColumn versions, ColumnAttributes attributes) implements ScopeView {

    void writeTo(SpanEncoder encoder) {
        names.utf8(encoder::scopeName);
        versions.utf8(encoder::scopeVersion);
        attributes.writeTo(encoder, null);
    }

    @Override
    public String name() {
        return names.value();
    }

    @Override
    public String version() {
        return versions.value();
    }

    @Override
    public ColumnAttributes attributes() {
        return attributes;
    }

    @Override
    public long droppedAttributesCount() {
        return 0;
    }
}
