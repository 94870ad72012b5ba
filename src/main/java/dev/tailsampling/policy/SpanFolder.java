package dev.tailsampling.policy;

import dev.tailsampling.trace.AttributeKey;
import dev.tailsampling.trace.AttributeValue;
import dev.tailsampling.trace.SpanView;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Folds spans into summaries. Not thread-safe: each reading thread asks {@link CompiledPolicies#folder()} for its own.
 */
public final class SpanFolder {

    private static final AttributeKey SERVICE_NAME = AttributeKey.of("service.name");
    private static final int MAX_INTERNED = 10_000;

    private final SpanChecks conditions;
    private final List<KeyedValues> keyed;
    private final Map<String, String> interned = new HashMap<>();

    SpanFolder(List<SpanTest> conditions, List<KeyedValues> keyed) {
        this.conditions = new SpanChecks(conditions);
        this.keyed = keyed;
    }

    /** One span in. The caller notes the arrival by {@link TraceSummary#arrived}. */
    public void fold(TraceSummary summary, SpanView span) {
        summary.add(span);
        if (span.isRoot()) {
            summary.addRoot(intern(serviceOf(span)), intern(span.name()));
        }
        conditions.test(summary, span);
        for (int i = 0; i < keyed.size(); i++) {
            keyed.get(i).fold(summary, span);
        }
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
