package dev.tailsampling.cli;

import dev.tailsampling.config.ExportConfig;
import dev.tailsampling.config.ExportRoute;
import dev.tailsampling.config.ExportRoute.Condition;
import dev.tailsampling.export.TraceRoutes;
import dev.tailsampling.export.TraceRoutes.Route;
import dev.tailsampling.selector.NamePattern;
import dev.tailsampling.trace.AttributeKey;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** The configured routes over the destinations that there are. */
final class ExportRoutes {

    private ExportRoutes() {}

    /**
     * The routes.
     *
     * @param destinations names of those that are open
     * @throws UsageException if a route goes to another one
     */
    static TraceRoutes of(ExportConfig config, Collection<String> destinations) {
        requireOpen("export.default_to", config.defaultTo(), destinations);
        List<Route> routes = config.routes().stream().map(route -> {
            requireOpen("export.routes", route.to(), destinations);
            return new Route(condition(route), Set.copyOf(route.to()));
        }).toList();
        return new TraceRoutes(routes, new HashSet<>(config.defaultTo().isEmpty() ? destinations : config.defaultTo()));
    }

    private static void requireOpen(String key, List<String> names, Collection<String> destinations) {
        names.stream().filter(name -> !destinations.contains(name)).findFirst().ifPresent(missing -> {
            throw new UsageException(key + " sends traces to " + missing + ", which is not set up (there is "
                    + String.join(", ", destinations) + "): configure it, or take it out of the routes");
        });
    }

    private static TraceRoutes.Condition condition(ExportRoute route) {
        return switch (route.condition()) {
            case Condition.Policy policy -> new TraceRoutes.Condition.Policy(NamePattern.of(policy.pattern()));
            case Condition.Attribute attribute -> new TraceRoutes.Condition.Attribute(AttributeKey.of(attribute.key()),
                    Set.copyOf(attribute.values()));
        };
    }
}
