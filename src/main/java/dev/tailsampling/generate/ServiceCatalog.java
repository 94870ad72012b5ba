package dev.tailsampling.generate;

import dev.tailsampling.generate.Operation.Role;
import java.util.ArrayList;
import java.util.List;

/** The services of a load, what each of them does and whom it calls. Immutable. */
final class ServiceCatalog {

    /** As many as Train-Ticket has in the real traces. */
    static final int MAX_SERVICES = 28;

    private static final List<String> NAMES = List.of("gateway", "order", "payment", "inventory", "user", "auth",
            "cart",
            "catalog", "search", "pricing", "shipping", "discount", "review", "recommendation", "notification",
            "invoice",
            "refund", "fraud", "warehouse", "supplier", "delivery", "loyalty", "address", "media", "config", "audit",
            "report", "analytics");
    private static final List<String> ROUTES =
            List.of("GET /api/v2/%s/{id}", "POST /api/v2/%s", "GET /api/v1/%s/search");
    private static final List<String> STEPS = List.of("Controller.handle", "Service.find", "Service.update",
            "Repository.findById", "Validator.check", "Mapper.toResponse");
    private static final List<String> STATEMENTS = List.of(
            "SELECT id, state, total, created_at FROM %s_items WHERE owner_id = ",
            "SELECT * FROM %s WHERE id = ",
            "UPDATE %s SET state = 'done', changed_at = now() WHERE id = ",
            "INSERT INTO %s_history (state, %s_id) VALUES ('open', ");
    private static final int CALLEES = 4;
    private static final int ENTRY = 0;

    /** Among the calls and steps that are no database calls. */
    private static final double CALL_SHARE = 0.25;

    private final List<Service> services;
    private final double databaseShare;

    private record Service(List<Operation> servers, List<Operation> clients, List<Operation> steps,
            List<Operation> statements, List<Operation> consumers) {}

    ServiceCatalog(SpanContent content) {
        databaseShare = content.database().share();
        List<Service> all = new ArrayList<>();
        for (int service = 0; service < content.services(); service++) {
            all.add(service(service, content.services()));
        }
        services = List.copyOf(all);
    }

    private static Service service(int number, int count) {
        String name = NAMES.get(number);
        return new Service(
                ROUTES.stream().map(route -> server(number, route.formatted(name))).toList(),
                clients(number, count),
                STEPS.stream().map(step -> step(number, capitalized(name) + step)).toList(),
                STATEMENTS.stream().map(text -> statement(number, text.formatted(name, name))).toList(),
                List.of(consumer(number, name + "-events")));
    }

    private static Operation server(int service, String nameAndRoute) {
        return new Operation(service, service, Role.SERVER, nameAndRoute, verb(nameAndRoute), route(nameAndRoute));
    }

    /** Each service calls a few others, so that the same ones are seen next to each other again and again. */
    private static List<Operation> clients(int service, int count) {
        List<Operation> clients = new ArrayList<>();
        for (int i = 0; i < CALLEES; i++) {
            int peer = (service * 3 + i * 5 + 1) % count;
            String called = ROUTES.get(i % ROUTES.size()).formatted(NAMES.get(peer));
            clients.add(new Operation(service, peer, Role.CLIENT, "HTTP " + verb(called), verb(called), route(called)));
        }
        return List.copyOf(clients);
    }

    private static Operation step(int service, String function) {
        return new Operation(service, service, Role.STEP, function, "", function);
    }

    private static Operation statement(int service, String text) {
        String name = verb(text) + " " + NAMES.get(service);
        return new Operation(service, service, Role.DATABASE, name, verb(text), text);
    }

    private static Operation consumer(int service, String topic) {
        return new Operation(service, service, Role.CONSUMER, "process " + topic, "", topic);
    }

    private static String verb(String text) {
        return text.substring(0, text.indexOf(' '));
    }

    private static String route(String methodAndRoute) {
        return methodAndRoute.substring(methodAndRoute.indexOf('/'));
    }

    private static String capitalized(String name) {
        return Character.toUpperCase(name.charAt(0)) + name.substring(1);
    }

    /** Number of services. */
    int size() {
        return services.size();
    }

    /** Name of a service. */
    String name(int service) {
        return NAMES.get(service) + "-service";
    }

    /** What a trace starts with: a request to the entry service. */
    Operation entry(Dice dice) {
        return any(services.get(ENTRY).servers(), dice);
    }

    /** What a trace goes on with after a silence: a message taken from a topic. */
    Operation resumed(Dice dice) {
        return any(services.get(dice.below(services.size())).consumers(), dice);
    }

    /** A step within the service of another operation. */
    Operation step(Operation parent, Dice dice) {
        return any(services.get(parent.service()).steps(), dice);
    }

    /** Something done within an operation that is no {@link Operation#isLeaf() leaf}. */
    Operation within(Operation parent, Dice dice) {
        if (parent.role() == Role.CLIENT) {
            return any(services.get(parent.peer()).servers(), dice);
        }
        Service service = services.get(parent.service());
        if (dice.chance(databaseShare)) {
            return any(service.statements(), dice);
        }
        return any(dice.chance(CALL_SHARE) ? service.clients() : service.steps(), dice);
    }

    private static Operation any(List<Operation> operations, Dice dice) {
        return operations.get(dice.below(operations.size()));
    }
}
