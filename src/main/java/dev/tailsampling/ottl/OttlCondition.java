package dev.tailsampling.ottl;

import dev.tailsampling.trace.SpanField;
import dev.tailsampling.trace.SpanView;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A boolean condition in the OpenTelemetry Transformation Language, on a span or on its events. The meaning is that of
 * the Collector (contrib 0.164, pkg/ottl). Immutable and thread-safe; equal by text and kind.
 */
public final class OttlCondition {

    private final String text;
    private final Context context;
    private final Condition condition;
    private final Set<SpanField> fields;

    private OttlCondition(String text, Context context) {
        this.text = text;
        this.context = context;
        ConditionParser parser = new ConditionParser(text, context);
        this.condition = parser.parse();
        this.fields = parser.fields();
    }

    /**
     * Reads a condition on spans. A path without prefix is one of the span.
     *
     * @throws OttlException if the text is no such condition
     */
    public static OttlCondition parseSpan(String text) {
        return new OttlCondition(text, Context.SPAN);
    }

    /**
     * Reads a condition on span events. A path without prefix is one of the event.
     *
     * @throws OttlException if the text is no such condition
     */
    public static OttlCondition parseSpanEvent(String text) {
        return new OttlCondition(text, Context.SPAN_EVENT);
    }

    /** Whether it looks at the events of a span. */
    public boolean isOnEvents() {
        return context == Context.SPAN_EVENT;
    }

    /** Parts of a span that it looks at. */
    public Set<SpanField> fields() {
        return fields;
    }

    /** The condition as it was written. */
    public String text() {
        return text;
    }

    /**
     * Evaluates the condition on a span. One on events is TRUE if some event satisfies it, else ERROR if it failed on
     * some event.
     */
    public OttlResult test(SpanView span) {
        return test(span, message -> {});
    }

    /** Why the condition cannot be evaluated on a span: the first thing that fails there; null if nothing does. */
    public @Nullable String error(SpanView span) {
        FirstMessage first = new FirstMessage();
        test(span, first);
        return first.message;
    }

    private OttlResult test(SpanView span, Consumer<String> errors) {
        return switch (context) {
            case SPAN -> test(new Subject(span, null), errors);
            case SPAN_EVENT -> testEvents(span, errors);
        };
    }

    private OttlResult testEvents(SpanView span, Consumer<String> errors) {
        boolean[] failed = new boolean[1];
        boolean satisfied = span.anyEvent(event -> {
            OttlResult result = test(new Subject(span, event), errors);
            failed[0] |= result == OttlResult.ERROR;
            return result == OttlResult.TRUE;
        });
        if (satisfied) {
            return OttlResult.TRUE;
        }
        return failed[0] ? OttlResult.ERROR : OttlResult.FALSE;
    }

    private OttlResult test(Subject subject, Consumer<String> errors) {
        try {
            return condition.test(subject) ? OttlResult.TRUE : OttlResult.FALSE;
        } catch (EvaluationException e) {
            errors.accept(String.valueOf(e.getMessage()));
            return OttlResult.ERROR;
        }
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof OttlCondition that && text.equals(that.text) && context == that.context;
    }

    @Override
    public int hashCode() {
        return 31 * text.hashCode() + context.hashCode();
    }

    @Override
    public String toString() {
        return context.pathName() + ": " + text;
    }

    private static final class FirstMessage implements Consumer<String> {
        private @Nullable String message;

        @Override
        public void accept(String next) {
            message = message == null ? next : message;
        }
    }
}
