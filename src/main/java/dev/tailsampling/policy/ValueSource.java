package dev.tailsampling.policy;

import dev.tailsampling.trace.AttributeKey;
import dev.tailsampling.trace.AttributeValue;
import dev.tailsampling.trace.AttributeValue.LongValue;
import dev.tailsampling.trace.AttributeValue.StringValue;
import dev.tailsampling.trace.SpanView;
import dev.tailsampling.trace.TraceStateEntries;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Where a test finds its value on a span. Equal sources are read once per span, however many tests use them. */
public sealed interface ValueSource
        permits
        ValueSource.Attribute,
        ValueSource.Field,
        ValueSource.TraceStateEntry,
        ValueSource.FirstOf,
        RefineryFields {

    /** The value, null when the span has none there. */
    @Nullable
    AttributeValue of(SpanView span);

    /** Whose attributes. */
    enum Owner {
        /** The span itself. */
        SPAN,
        /** The resource that made it. */
        RESOURCE,
        /** The instrumentation scope that made it. */
        SCOPE
    }

    /** An attribute. */
    record Attribute(Owner owner, AttributeKey key) implements ValueSource {
        public Attribute {
            if (key.name().isEmpty()) {
                throw new IllegalArgumentException("key must not be empty");
            }
        }

        @Override
        public @Nullable AttributeValue of(SpanView span) {
            return switch (owner) {
                case SPAN -> span.attributes().get(key);
                case RESOURCE -> span.resource().get(key);
                case SCOPE -> span.scope().attributes().get(key);
            };
        }

        @Override
        public String toString() {
            return owner.name().toLowerCase(Locale.ROOT) + "." + key;
        }
    }

    /** A field that every span has. */
    enum Field implements ValueSource {
        /** The span's name. */
        NAME,
        /** Its kind: "SERVER". */
        KIND,
        /** Its status code: "ERROR". */
        STATUS,
        /** What it says of the status. */
        STATUS_MESSAGE,
        /** End minus start in nanoseconds, at least 0; 0 when either is missing. */
        DURATION_NANOS,
        /** Span id, 16 hex digits. */
        SPAN_ID,
        /** Parent's span id, 16 hex digits; absent on a root span. */
        PARENT_SPAN_ID,
        /** Trace id, 32 hex digits. */
        TRACE_ID,
        /** W3C tracestate; absent when empty. */
        TRACE_STATE,
        /** Name of the instrumentation scope. */
        SCOPE_NAME,
        /** Version of the instrumentation scope. */
        SCOPE_VERSION,
        /** Number of events. */
        EVENT_COUNT,
        /** Number of links. */
        LINK_COUNT;

        @Override
        public @Nullable AttributeValue of(SpanView span) {
            return switch (this) {
                case NAME -> new StringValue(span.name());
                case KIND -> new StringValue(span.kind().name());
                case STATUS -> new StringValue(span.status().name());
                case STATUS_MESSAGE -> new StringValue(span.statusMessage());
                case DURATION_NANOS -> new LongValue(durationNanos(span));
                case SPAN_ID -> new StringValue(hex(span.spanId()));
                case PARENT_SPAN_ID -> span.isRoot() ? null : new StringValue(hex(span.parentSpanId()));
                case TRACE_ID -> new StringValue(span.traceId().hex());
                case TRACE_STATE -> text(span.traceState());
                case SCOPE_NAME -> new StringValue(span.scope().name());
                case SCOPE_VERSION -> new StringValue(span.scope().version());
                case EVENT_COUNT -> new LongValue(span.eventCount());
                case LINK_COUNT -> new LongValue(span.linkCount());
            };
        }

        private static long durationNanos(SpanView span) {
            return span.startUnixNano() == 0 || span.endUnixNano() == 0
                    ? 0
                    : Math.max(0, span.endUnixNano() - span.startUnixNano());
        }

        static String hex(long id) {
            return String.format(Locale.ROOT, "%016x", id);
        }

        private static @Nullable AttributeValue text(@Nullable String text) {
            return text == null ? null : new StringValue(text);
        }

        @Override
        public String toString() {
            return "span." + name().toLowerCase(Locale.ROOT);
        }
    }

    /** A vendor's entry in the W3C tracestate: the text after {@code key=}; absent where the header is malformed. */
    record TraceStateEntry(String key) implements ValueSource {
        @Override
        public @Nullable AttributeValue of(SpanView span) {
            String header = span.traceState();
            String value = header == null ? null : TraceStateEntries.value(header, key);
            return value == null || value.isEmpty() ? null : new StringValue(value);
        }

        @Override
        public String toString() {
            return "tracestate." + key;
        }
    }

    /** The first of several sources that has a value. */
    record FirstOf(List<ValueSource> sources) implements ValueSource {
        public FirstOf {
            sources = List.copyOf(sources);
        }

        @Override
        public @Nullable AttributeValue of(SpanView span) {
            for (ValueSource source : sources) {
                AttributeValue value = source.of(span);
                if (value != null) {
                    return value;
                }
            }
            return null;
        }

        @Override
        public String toString() {
            return sources.stream().map(ValueSource::toString).collect(Collectors.joining(" or else "));
        }
    }
}
