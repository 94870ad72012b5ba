package dev.tailsampling.export;

import dev.tailsampling.otlp.MalformedOtlpException;
import dev.tailsampling.otlp.OtlpSpans;
import dev.tailsampling.selector.NamePattern;
import dev.tailsampling.selector.SampledTrace;
import dev.tailsampling.trace.AttributeKey;
import dev.tailsampling.trace.AttributeValue;
import dev.tailsampling.trace.AttributesView;
import dev.tailsampling.trace.SpanView;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Which traces go to which destinations, by name: those of the first route that matches. Immutable.
 *
 * @param routes in the order in which they are looked at
 * @param otherwise where a trace goes that no route matches
 */
public record TraceRoutes(List<Route> routes, Set<String> otherwise) {

    /**
     * One route.
     *
     * @param condition which traces take it
     * @param to where they go
     */
    public record Route(Condition condition, Set<String> to) {

        public Route {
            to = Set.copyOf(to);
        }
    }

    /** What a route asks of a trace. */
    public sealed interface Condition {

        /** A policy of this name has kept it, or the force rule {@code force_rule:<id>}. */
        record Policy(NamePattern name) implements Condition {}

        /**
         * One of its spans has this attribute with one of these values, or the span's resource has. Numbers and truth
         * values compare by their text; fractions, lists and maps match nothing.
         */
        record Attribute(AttributeKey key, Set<String> values) implements Condition {

            public Attribute {
                values = Set.copyOf(values);
            }
        }
    }

    public TraceRoutes {
        routes = List.copyOf(routes);
        otherwise = Set.copyOf(otherwise);
    }

    /** Everything goes everywhere. */
    public static TraceRoutes toAll(Collection<String> destinations) {
        return new TraceRoutes(List.of(), new LinkedHashSet<>(destinations));
    }

    /** The names of all destinations that traces may go to. */
    public Set<String> destinations() {
        Set<String> all = new LinkedHashSet<>(otherwise);
        routes.forEach(route -> all.addAll(route.to()));
        return all;
    }

    /** Whether two parts of one trace may take different routes. */
    boolean mayPartTraces() {
        return routes.stream().anyMatch(route -> route.condition() instanceof Condition.Attribute);
    }

    /** Where these spans go, if nothing is known of other spans of their trace. */
    Set<String> of(SampledTrace trace) {
        return routes.stream().filter(route -> matches(route.condition(), trace)).findFirst().map(Route::to)
                .orElse(otherwise);
    }

    private static boolean matches(Condition condition, SampledTrace trace) {
        return switch (condition) {
            case Condition.Policy policy -> policy.name().matches(trace.policy());
            case Condition.Attribute attribute -> new AttributeSearch(attribute).in(trace.otlp());
        };
    }

    /** Looks for a span with an attribute. */
    private static final class AttributeSearch {

        private final Condition.Attribute wanted;
        private boolean found;

        AttributeSearch(Condition.Attribute wanted) {
            this.wanted = wanted;
        }

        /** What is not OTLP has no further attributes. */
        boolean in(byte[] otlp) {
            try {
                new OtlpSpans().forEach(otlp, 0, otlp.length, this::look);
            } catch (MalformedOtlpException e) {
                // The destinations say what they think of it.
            }
            return found;
        }

        private void look(SpanView span) {
            found = found || Stream.of(span.attributes(), span.resource()).anyMatch(this::isIn);
        }

        private boolean isIn(AttributesView attributes) {
            String text = text(attributes.get(wanted.key()));
            return text != null && wanted.values().contains(text);
        }

        private static @Nullable String text(@Nullable AttributeValue value) {
            return switch (value) {
                case null -> null;
                case AttributeValue.StringValue string -> string.value();
                case AttributeValue.BoolValue bool -> Boolean.toString(bool.value());
                case AttributeValue.LongValue number -> Long.toString(number.value());
                case AttributeValue.DoubleValue ignored -> null;
                case AttributeValue.BytesValue ignored -> null;
                case AttributeValue.ListValue ignored -> null;
                case AttributeValue.MapValue ignored -> null;
                case AttributeValue.EmptyValue ignored -> null;
            };
        }
    }
}
