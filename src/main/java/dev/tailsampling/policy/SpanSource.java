package dev.tailsampling.policy;

import dev.tailsampling.trace.AttributeValue;
import dev.tailsampling.trace.AttributeValue.StringValue;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A value of the present span, read at most once, and the conditions that cannot hold without it. */
abstract class SpanSource {

    /** With more conditions than this, firing is cheaper than asking whether all are satisfied. */
    static final int FEW = 8;

    private final List<SpanCondition> all = new ArrayList<>();
    private final List<SpanCondition> ofAnyValue = new ArrayList<>();
    private final Map<String, List<SpanCondition>> ofText = new HashMap<>();
    private List<SpanCondition> found = List.of();
    private long foundAt = -1;

    /** A test that owns a bit of the summary. */
    record SpanCondition(int bit, Check check) {
        void ask(TraceSummary summary) {
            if (!summary.satisfied(bit) && check.passes()) {
                summary.satisfy(bit);
            }
        }
    }

    /** A test of the present span. */
    interface Check {
        boolean passes();
    }

    /** Another number than before when the value may be another one. */
    abstract long stamp();

    /** The value on the present span, null if there is none. */
    @Nullable
    abstract AttributeValue value();

    /** Has a condition wait for this value. */
    void add(SpanTrigger trigger, SpanCondition condition) {
        all.add(condition);
        if (trigger.texts() == null) {
            ofAnyValue.add(condition);
        } else {
            trigger.texts().forEach(
                    text -> ofText.computeIfAbsent(text, unseen -> new ArrayList<>()).add(condition));
        }
    }

    boolean isTrigger() {
        return !all.isEmpty();
    }

    /** Whether a condition that waits for it may still become true of the trace. */
    boolean isOpenIn(TraceSummary summary) {
        if (all.size() > FEW) {
            return true;
        }
        for (int i = 0; i < all.size(); i++) {
            if (!summary.satisfied(all.get(i).bit())) {
                return true;
            }
        }
        return false;
    }

    /** Asks the conditions that wait for the present value. */
    void fire(TraceSummary summary) {
        AttributeValue value = value();
        if (value == null) {
            return;
        }
        for (int i = 0; i < ofAnyValue.size(); i++) {
            ofAnyValue.get(i).ask(summary);
        }
        if (foundAt != stamp()) {
            found = value instanceof StringValue text ? ofText.getOrDefault(text.value(), List.of()) : List.of();
            foundAt = stamp();
        }
        for (int i = 0; i < found.size(); i++) {
            found.get(i).ask(summary);
        }
    }
}
