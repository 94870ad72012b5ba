package dev.tailsampling.policy;

import dev.tailsampling.trace.AttributeKey;
import dev.tailsampling.trace.AttributeValue;
import dev.tailsampling.trace.SpanView;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Folds spans into summaries. Conditions on the same key share one look-up, and a condition that the trace has satisfied
 * already costs nothing more. Not thread-safe: each reading thread asks {@link CompiledPolicies#folder()} for its own.
 */
public final class SpanFolder {

    private static final AttributeKey SERVICE_NAME = AttributeKey.of("service.name");
    private static final int MAX_INTERNED = 10_000;

    /** The conditions on one key, with the summary bits that they own. */
    record KeyConditions(AttributeKey key, List<SpanCondition> conditions, int[] bits) {}

    private final List<KeyConditions> byKey;
    private final Map<String, String> interned = new HashMap<>();

    SpanFolder(List<KeyConditions> byKey) {
        this.byKey = byKey;
    }

    /** One span in. The caller notes the arrival by {@link TraceSummary#arrived}. */
    public void fold(TraceSummary summary, SpanView span) {
        summary.add(span);
        if (span.isRoot()) {
            summary.addRoot(intern(serviceOf(span)), intern(span.name()));
        }
        for (KeyConditions conditions : byKey) {
            test(conditions, summary, span);
        }
    }

    private static void test(KeyConditions group, TraceSummary summary, SpanView span) {
        if (allSatisfied(group, summary)) {
            return;
        }
        AttributeValue ofResource = span.resource().get(group.key());
        AttributeValue ofSpan = span.attributes().get(group.key());
        if (ofResource == null && ofSpan == null) {
            return;
        }
        for (int i = 0; i < group.bits().length; i++) {
            SpanCondition condition = group.conditions().get(i);
            if (ofResource != null && condition.test(ofResource) || ofSpan != null && condition.test(ofSpan)) {
                summary.satisfy(group.bits()[i]);
            }
        }
    }

    private static boolean allSatisfied(KeyConditions group, TraceSummary summary) {
        for (int bit : group.bits()) {
            if (!summary.satisfied(bit)) {
                return false;
            }
        }
        return true;
    }

    private static String serviceOf(SpanView span) {
        return span.resource().get(SERVICE_NAME) instanceof AttributeValue.StringValue service ? service.value() : "";
    }

    /** Services and root names repeat; names with ids in them do not, so the memory of them is bounded. */
    private String intern(String text) {
        String known = interned.get(text);
        if (known != null) {
            return known;
        }
        if (interned.size() >= MAX_INTERNED) {
            interned.clear();
        }
        interned.put(text, text);
        return text;
    }
}
