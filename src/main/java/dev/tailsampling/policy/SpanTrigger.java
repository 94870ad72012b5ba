package dev.tailsampling.policy;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What must be on a span before a test can pass: a value, or one of some texts.
 *
 * @param source of the value; no {@link ValueSource.FirstOf}
 * @param texts of which it must be one; null for any value
 */
record SpanTrigger(ValueSource source, @Nullable Set<String> texts) {

    /** Triggers of which one must be there if the test passes; null when the test may pass without any. */
    static @Nullable List<SpanTrigger> of(SpanTest test) {
        return switch (test) {
            case SpanTest.Value value when value.test() instanceof ValueTest.StringIn in ->
                ofSource(value.source(), in.values());
            case SpanTest.Value value when !value.test().test(null) -> ofSource(value.source(), null);
            case SpanTest.AllOf all -> ofAll(all.tests());
            case SpanTest.AnyOf any -> ofAny(any.tests());
            default -> null;
        };
    }

    private static List<SpanTrigger> ofSource(ValueSource source, @Nullable Set<String> texts) {
        return source instanceof ValueSource.FirstOf first
                ? first.sources().stream().flatMap(inner -> ofSource(inner, texts).stream()).toList()
                : List.of(new SpanTrigger(source, texts));
    }

    /** One of several suffices: that which is there most seldom. */
    private static @Nullable List<SpanTrigger> ofAll(List<SpanTest> tests) {
        List<SpanTrigger> best = null;
        for (SpanTest part : tests) {
            List<SpanTrigger> triggers = of(part);
            if (triggers != null && (best == null || cost(triggers) < cost(best))) {
                best = triggers;
            }
        }
        return best;
    }

    /** Every span has the fields; a text is there more seldom than any value. */
    private static int cost(List<SpanTrigger> triggers) {
        int cost = 0;
        for (SpanTrigger trigger : triggers) {
            int ofSource = trigger.source() instanceof ValueSource.Attribute ? 1 : 2;
            cost = Math.max(cost, trigger.texts() == null ? ofSource * 2 : ofSource);
        }
        return cost;
    }

    private static @Nullable List<SpanTrigger> ofAny(List<SpanTest> tests) {
        List<SpanTrigger> all = new ArrayList<>();
        for (SpanTest part : tests) {
            List<SpanTrigger> triggers = of(part);
            if (triggers == null) {
                return null;
            }
            all.addAll(triggers);
        }
        return all;
    }
}
