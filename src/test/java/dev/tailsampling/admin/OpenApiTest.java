package dev.tailsampling.admin;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tailsampling.admin.ApiDocument.Operation;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** The description of the API is of this API: of each operation, and of nothing else. */
class OpenApiTest {

    private static final List<String> OF_OTHERS =
            List.of("GET /health", "GET /health/live", "GET /health/ready", "GET /metrics");

    private static Map<String, Route> routes() {
        Map<String, Route> routes = new TreeMap<>();
        AdminRoutes.of(new MemoryService().ports(), new CycleFeed())
                .forEach(route -> routes.put(route.method() + " " + route.path(), route));
        return routes;
    }

    @Test
    void describedOperationsAreThoseThatAreServed() {
        Map<String, Operation> described = new TreeMap<>(ApiDocument.IT.operations());
        assertThat(described.keySet()).containsAll(OF_OTHERS);
        OF_OTHERS.forEach(described::remove);

        assertThat(described.keySet()).isEqualTo(routes().keySet());
    }

    @Test
    void eachHasItsRoleItsParametersAndItsMediaType() {
        routes().forEach((name, route) -> {
            Operation operation = ApiDocument.IT.operations().get(name);
            JsonNode described = operation.described();
            assertThat(operation.parameters("query")).as(name).isEqualTo(route.query());
            if (route.role() == null) {
                assertThat(described.get("security")).as(name).isEmpty();
            } else {
                assertThat(described.path("x-role").asText()).as(name).isEqualTo(route.role().label());
                assertThat(described.has("security")).as(name).isFalse();
                assertThat(described.get("responses").has("401")).as(name).isTrue();
            }
            JsonNode done = ApiDocument.IT.resolved(described.get("responses").elements().next());
            assertThat(done.path("content").fieldNames()).toIterable().as(name)
                    .isSubsetOf(List.of(route.produces()));
        });
    }

    @Test
    void operationsHaveNamesOfTheirOwnAndSentences() {
        List<JsonNode> described =
                ApiDocument.IT.operations().values().stream().map(Operation::described).toList();

        assertThat(described).extracting(one -> one.path("operationId").asText()).doesNotHaveDuplicates()
                .doesNotContain("");
        assertThat(described).extracting(one -> one.path("summary").asText()).allMatch(text -> text.endsWith("."));
    }

    @Test
    void referencesLeadSomewhere() {
        assertThat(ApiDocument.IT.root().findValuesAsText("$ref")).hasSizeGreaterThan(100)
                .allSatisfy(ref -> assertThat(ApiDocument.IT.root().at(ref.substring(1)).isMissingNode()).as(ref)
                        .isFalse());
    }

    @Test
    void examplesAreAsTheirSchemasSay() {
        List<JsonNode> bodies = ApiDocument.IT.root().findValues("application/json");
        bodies.addAll(ApiDocument.IT.root().findValues("application/problem+json"));
        int examples = 0;
        for (JsonNode body : bodies) {
            if (body.has("example")) {
                examples++;
                ApiDocument.IT.assertValid(body.get("schema"), body.get("example").toString(), body.toString());
            }
            for (JsonNode example : body.path("examples")) {
                examples++;
                ApiDocument.IT.assertValid(body.get("schema"), example.get("value").toString(), body.toString());
            }
        }
        assertThat(examples).isGreaterThan(8);
    }
}
