package dev.tailsampling.datadog;

import dev.tailsampling.otlp.AttributeTexts;
import dev.tailsampling.trace.AttributeKey;
import dev.tailsampling.trace.AttributeValue;
import dev.tailsampling.trace.EventView;
import dev.tailsampling.trace.SpanView;
import dev.tailsampling.trace.StatusCode;

/**
 * What went wrong in a span: the message of its status, and the last of its exceptions, as older Agents had it
 * ({@code status2Error} in {@code pkg/trace/api/otlp.go}); the interface looks for an error's type and stack there.
 */
final class SpanError {

    private static final AttributeKey MESSAGE = AttributeKey.of("exception.message");
    private static final AttributeKey TYPE = AttributeKey.of("exception.type");
    private static final AttributeKey STACK = AttributeKey.of("exception.stacktrace");

    private String message = "";
    private String type = "";
    private String stack = "";
    private boolean hasException;

    private SpanError(SpanView span) {
        span.anyEvent(event -> {
            if (event.name().equals("exception")) {
                hasException = true;
                remember(event);
            }
            return false;
        });
    }

    /**
     * Adds the tags. Attributes of their names are there already and stay.
     *
     * @param httpStatus status code of the answer, may be empty
     */
    static void addTo(SpanTags tags, SpanView span, String httpStatus) {
        SpanError error = new SpanError(span);
        if (error.hasException) {
            tags.meta("_dd.span_events.has_exception", "true");
        }
        if (span.status() == StatusCode.ERROR) {
            tags.metaIfAny("error.msg", span.statusMessage());
            tags.metaIfAny("error.msg", error.message);
            tags.metaIfAny("error.msg", HttpStatusText.of(httpStatus));
            tags.metaIfAny("error.type", error.type);
            tags.metaIfAny("error.stack", error.stack);
        }
    }

    private void remember(EventView event) {
        message = text(event, MESSAGE, message);
        type = text(event, TYPE, type);
        stack = text(event, STACK, stack);
    }

    private static String text(EventView event, AttributeKey key, String before) {
        AttributeValue value = event.attributes().get(key);
        return value == null ? before : AttributeTexts.text(value);
    }
}
