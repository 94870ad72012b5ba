package dev.tailsampling.sampler;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * How the key of a trace is made from its fields, as Refinery does it: for each field the distinct values over all spans,
 * sorted, each followed by {@code •}, then a comma; for each field of the root span its value and a comma; the number of
 * spans. A field without a value leaves nothing behind, not even the comma.
 *
 * <p>
 * A key has at most 99 values of span fields: those that come first by field and value. (Refinery takes those that
 * arrive first, so that its key depends on the order of the spans; ours does not.)
 *
 * @param spanFields names, in code point order
 * @param rootFields names in the root span, in code point order
 * @param usesSpanCount whether the number of spans is part of the key
 */
public record SamplerKey(List<String> spanFields, List<String> rootFields, boolean usesSpanCount) {

    /** Most values of span fields in a key. */
    public static final int MAX_SPAN_VALUES = 99;

    private static final String ROOT_PREFIX = "root.";

    public SamplerKey {
        spanFields = spanFields.stream().sorted(CodePointOrder.INSTANCE).toList();
        rootFields = rootFields.stream().sorted(CodePointOrder.INSTANCE).toList();
    }

    /**
     * From names as Refinery's {@code FieldList} has them.
     *
     * @param fieldList names; those that begin with {@code root.} are looked for in the root span only
     */
    public static SamplerKey of(List<String> fieldList, boolean usesSpanCount) {
        return new SamplerKey(fieldList.stream().filter(field -> !field.startsWith(ROOT_PREFIX)).toList(),
                fieldList.stream().filter(field -> field.startsWith(ROOT_PREFIX))
                        .map(field -> field.substring(ROOT_PREFIX.length())).toList(),
                usesSpanCount);
    }

    /**
     * The key of a trace.
     *
     * @param spanValues field → its values on any span, as {@link KeyText#ofSpanValue} writes them, in any order
     * @param rootValues field → its value on the root span, as {@link KeyText#ofRootValue} writes it; empty without root
     * @param spanCount of the trace
     */
    public Built build(Map<String, ? extends Collection<String>> spanValues, Map<String, String> rootValues,
            long spanCount) {
        StringBuilder text = new StringBuilder();
        int values = 0;
        for (String field : spanFields) {
            SortedSet<String> distinct = new TreeSet<>(CodePointOrder.INSTANCE);
            distinct.addAll(spanValues.containsKey(field) ? spanValues.get(field) : List.of());
            List<String> taken = distinct.stream().limit(MAX_SPAN_VALUES - values).toList();
            taken.forEach(value -> text.append(value).append('•'));
            text.append(taken.isEmpty() ? "" : ",");
            values += taken.size();
        }
        for (String field : rootFields) {
            if (rootValues.containsKey(field)) {
                text.append(rootValues.get(field)).append(',');
                values++;
            }
        }
        if (usesSpanCount) {
            text.append(spanCount);
            values++;
        }
        return new Built(text.toString(), values);
    }

    /**
     * A finished key.
     *
     * @param text what traffic is grouped by
     * @param valueCount number of values in it, the number of spans being one
     */
    public record Built(String text, int valueCount) {}
}
