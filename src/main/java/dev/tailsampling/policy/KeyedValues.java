package dev.tailsampling.policy;

import dev.tailsampling.sampler.KeyText;
import dev.tailsampling.trace.AttributeValue;
import dev.tailsampling.trace.SpanView;

/** A value whose distinct texts are collected over the spans of a trace, for samplers with keys. */
record KeyedValues(int slot, ValueSource source, boolean rootOnly) {

    void fold(TraceSummary summary, SpanView span) {
        if (rootOnly && !span.isRoot()) {
            return;
        }
        AttributeValue value = source.of(span);
        if (value != null) {
            summary.addValue(slot, rootOnly ? KeyText.ofRootValue(value) : KeyText.ofSpanValue(value));
        }
    }
}
