package dev.tailsampling.admin;

import io.helidon.http.HeaderValues;
import io.helidon.http.Method;
import io.helidon.http.PathMatchers;
import io.helidon.webserver.CloseConnectionException;
import io.helidon.webserver.http.FilterChain;
import io.helidon.webserver.http.Handler;
import io.helidon.webserver.http.HttpRouting;
import io.helidon.webserver.http.HttpService;
import io.helidon.webserver.http.RoutingRequest;
import io.helidon.webserver.http.RoutingResponse;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Every operation of the API, as data, and how requests find theirs. */
final class AdminRoutes {

    private static final String DOCUMENT = "/openapi.yaml";

    /** What others serve, so that a wrong method is told from a wrong path. */
    private static final List<String> OPEN_PATHS =
            List.of("/health", "/health/live", "/health/ready", "/metrics");

    private AdminRoutes() {}

    static List<Route> of(AdminPorts ports, CycleFeed feed) {
        Route document = new Route("GET", DOCUMENT, null, Route.Load.LIGHT, Route.YAML, List.of(),
                request -> new Answer.Document(200, Route.YAML, document(), Map.of()));
        return Stream.of(new RuleRoutes(ports).routes(), new DecisionRoutes(ports).routes(),
                new PolicyRoutes(ports.policies()).routes(), new OperationRoutes(ports, feed).routes(),
                List.of(document)).flatMap(List::stream).toList();
    }

    /** The description of the API in OpenAPI 3.1. */
    static byte[] document() {
        try (InputStream resource = AdminRoutes.class.getResourceAsStream(DOCUMENT)) {
            if (resource == null) {
                throw new IllegalStateException(DOCUMENT + " is not in the jar");
            }
            return resource.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Registers them; then what becomes of other methods, and of other paths. */
    static HttpRouting.Builder routing(List<Route> routes, List<HttpService> openServices, Dispatcher dispatcher) {
        HttpRouting.Builder routing = open(openServices);
        for (Route route : routes) {
            Handler handler = (request, response) -> dispatcher.handle(route, request, response);
            routing.route(Method.create(route.method()), route.path(), handler);
            if (route.method().equals("GET")) {
                routing.route(Method.HEAD, route.path(), handler);
            }
        }
        routes.stream().collect(Collectors.groupingBy(Route::path)).forEach((path, there) -> routing
                .any(path, otherMethod(allowed(there))));
        return closed(routing);
    }

    /** Those alone that need no token. */
    static HttpRouting.Builder routing(List<HttpService> openServices) {
        return closed(open(openServices));
    }

    private static HttpRouting.Builder open(List<HttpService> openServices) {
        return HttpRouting.builder().addFilter(AdminRoutes::closeIfAsked)
                .register(openServices.toArray(HttpService[]::new));
    }

    /** Helidon 4.5 says that it closes the connection of a request without a body, but waits for another request. */
    private static void closeIfAsked(FilterChain chain, RoutingRequest request, RoutingResponse response) {
        chain.proceed();
        if (request.headers().containsToken(HeaderValues.CONNECTION_CLOSE) && response.isSent()) {
            throw new CloseConnectionException("as the client asked");
        }
    }

    private static HttpRouting.Builder closed(HttpRouting.Builder routing) {
        OPEN_PATHS.forEach(path -> routing.route(method -> !method.equals(Method.GET), PathMatchers.exact(path),
                otherMethod("GET")));
        return routing.any((request, response) -> Dispatcher.send(new Problem(Problem.Kind.NOT_FOUND,
                "there is nothing under this path; GET " + DOCUMENT + " tells what there is"), request, response));
    }

    private static String allowed(List<Route> routes) {
        TreeSet<String> methods = routes.stream().map(Route::method).collect(Collectors.toCollection(TreeSet::new));
        if (methods.contains("GET")) {
            methods.add("HEAD");
        }
        return String.join(", ", methods);
    }

    private static Handler otherMethod(String allowed) {
        return (request, response) -> Dispatcher.send(new Problem(Problem.Kind.METHOD_NOT_ALLOWED,
                "this path takes " + allowed, Map.of("Allow", allowed)), request, response);
    }
}
