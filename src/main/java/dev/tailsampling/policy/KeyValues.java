package dev.tailsampling.policy;

import dev.tailsampling.sampler.SamplerKey;
import java.util.HashMap;
import java.util.Map;
import java.util.SortedSet;

/**
 * Makes the key of a trace from the values that its summary collected.
 *
 * @param key the key's form
 * @param spanSlots name of a field → where the summary has its values
 * @param rootSlots the same for fields of the root span
 */
record KeyValues(SamplerKey key, Map<String, Integer> spanSlots, Map<String, Integer> rootSlots) {

    String of(TraceSummary summary) {
        Map<String, SortedSet<String>> spanValues = new HashMap<>();
        spanSlots.forEach((field, slot) -> spanValues.put(field, summary.values(slot)));
        Map<String, String> rootValues = new HashMap<>();
        rootSlots.forEach((field, slot) -> {
            // Of several roots the value that sorts first, so that their order does not matter.
            SortedSet<String> values = summary.values(slot);
            if (!values.isEmpty()) {
                rootValues.put(field, values.first());
            }
        });
        return key.build(spanValues, rootValues, summary.spanCount()).text();
    }
}
