package dev.tailsampling.policy;

import dev.tailsampling.policy.ValueSource.Attribute;
import dev.tailsampling.policy.ValueSource.Field;
import dev.tailsampling.policy.ValueSource.FirstOf;
import dev.tailsampling.policy.ValueSource.Owner;
import dev.tailsampling.trace.AttributeKey;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * Matchers that one span has to satisfy, all of them, together with its own resource and scope. The keys
 * {@code span.name}, {@code span.kind}, {@code span.status}, {@code span.status_message}, {@code span.duration_ms},
 * {@code span.id}, {@code span.parent_id}, {@code span.event_count}, {@code span.link_count}, {@code scope.name},
 * {@code scope.version} and {@code event.name} stand for fields, where no attribute has that name.
 *
 * @param resource of attributes of the resource
 * @param scope of attributes of the instrumentation scope, and its name and version
 * @param span of attributes and fields of the span
 * @param any of attributes wherever they are: of the span, else of the scope, else of the resource
 * @param event that one event of the span satisfies, all of them
 * @param link that one link of the span satisfies, all of them
 */
public record SpanMatch(List<Matcher> resource, List<Matcher> scope, List<Matcher> span, List<Matcher> any,
        List<Matcher> event, List<Matcher> link) {

    private static final String DURATION = "span.duration_ms";
    private static final long NANOS_PER_MILLI = 1_000_000;
    private static final String EVENT_NAME = "event.name";

    private static final Map<String, Field> SPAN_FIELDS = Map.of("span.name", Field.NAME, "span.kind", Field.KIND,
            "span.status", Field.STATUS, "span.status_message", Field.STATUS_MESSAGE, "span.id", Field.SPAN_ID,
            "span.parent_id", Field.PARENT_SPAN_ID, "span.event_count", Field.EVENT_COUNT, "span.link_count",
            Field.LINK_COUNT);
    private static final Map<String, Field> SCOPE_FIELDS =
            Map.of("scope.name", Field.SCOPE_NAME, "scope.version", Field.SCOPE_VERSION);

    public SpanMatch {
        resource = List.copyOf(resource);
        scope = List.copyOf(scope);
        span = List.copyOf(span);
        any = List.copyOf(any);
        event = List.copyOf(event);
        link = List.copyOf(link);
        // Refuses here what cannot be tested.
        test(resource, scope, span, any, event, link);
    }

    /** Matchers of the resource and of the span, as in force rules. */
    public static SpanMatch of(List<Matcher> resource, List<Matcher> span) {
        return new SpanMatch(resource, List.of(), span, List.of(), List.of(), List.of());
    }

    /** The test that stands for all of them. */
    public SpanTest test() {
        return test(resource, scope, span, any, event, link);
    }

    private static SpanTest test(List<Matcher> resource, List<Matcher> scope, List<Matcher> span, List<Matcher> any,
            List<Matcher> event, List<Matcher> link) {
        List<SpanTest> tests = new ArrayList<>();
        resource.forEach(matcher -> tests.add(value(attribute(Owner.RESOURCE, matcher.key()), matcher)));
        scope.forEach(matcher -> tests.add(value(field(Owner.SCOPE, SCOPE_FIELDS, matcher.key()), matcher)));
        span.forEach(matcher -> tests.add(ofSpan(matcher)));
        any.forEach(matcher -> tests.add(value(anywhere(matcher.key()), matcher)));
        if (!event.isEmpty()) {
            tests.add(new SpanTest.Event(event.stream().map(SpanMatch::ofEvent).toList()));
        }
        if (!link.isEmpty()) {
            tests.add(new SpanTest.Link(link.stream()
                    .map(matcher -> new SpanTest.ItemTest(AttributeKey.of(matcher.key()), matcher.test())).toList()));
        }
        if (tests.isEmpty()) {
            throw new IllegalArgumentException("at least one matcher is needed, of resource or span");
        }
        return SpanTest.allOf(tests);
    }

    private static SpanTest ofSpan(Matcher matcher) {
        return matcher.key().equals(DURATION)
                ? new SpanTest.Value(Field.DURATION_NANOS, matcher.test(NANOS_PER_MILLI))
                : value(field(Owner.SPAN, SPAN_FIELDS, matcher.key()), matcher);
    }

    private static SpanTest value(ValueSource source, Matcher matcher) {
        return new SpanTest.Value(source, matcher.test());
    }

    private static ValueSource attribute(Owner owner, String key) {
        return new Attribute(owner, AttributeKey.of(key));
    }

    private static ValueSource field(Owner owner, Map<String, Field> fields, String key) {
        Field field = fields.get(key);
        return field == null ? attribute(owner, key) : new FirstOf(List.of(attribute(owner, key), field));
    }

    /** Where a key of the group {@code any} is looked up: on the span, else its scope, else its resource. */
    public static ValueSource anywhere(String key) {
        return new FirstOf(List.of(field(Owner.SPAN, SPAN_FIELDS, key), field(Owner.SCOPE, SCOPE_FIELDS, key),
                attribute(Owner.RESOURCE, key)));
    }

    private static SpanTest.ItemTest ofEvent(Matcher matcher) {
        return new SpanTest.ItemTest(matcher.key().equals(EVENT_NAME) ? null : AttributeKey.of(matcher.key()),
                matcher.test());
    }

    @Override
    public String toString() {
        List<String> parts = new ArrayList<>();
        add(parts, "resource", resource);
        add(parts, "scope", scope);
        add(parts, "span", span);
        add(parts, "any", any);
        add(parts, "event", event);
        add(parts, "link", link);
        return String.join(" and ", parts);
    }

    private static void add(List<String> parts, String group, List<Matcher> matchers) {
        if (!matchers.isEmpty()) {
            parts.add(group + "(" + matchers.stream().map(Matcher::toString).collect(Collectors.joining(" and "))
                    + ")");
        }
    }
}
