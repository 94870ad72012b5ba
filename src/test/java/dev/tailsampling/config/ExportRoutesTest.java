package dev.tailsampling.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.tailsampling.config.ExportRoute.Condition;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ExportRoutesTest {

    private static final String YAML = """
            export:
              routes:
                - policy: error*
                  to: [otlp_grpc, file]
                - attribute: {key: tenant, value: 7}
                  to: otlp_http
                - {attribute: {key: tenant, values: [acme, true]}, to: datadog}
              default_to: [file]
            """;

    private static ExportConfig load(String yaml) {
        return new ConfigLoader(Map.of()).parse(yaml, "c.yaml").export();
    }

    @Test
    void routesAreReadInTheirOrder() {
        assertThat(load(YAML).routes()).containsExactly(
                new ExportRoute(new Condition.Policy("error*"), List.of("otlp_grpc", "file")),
                new ExportRoute(new Condition.Attribute("tenant", List.of("7")), List.of("otlp_http")),
                new ExportRoute(new Condition.Attribute("tenant", List.of("acme", "true")), List.of("datadog")));
        assertThat(load(YAML).defaultTo()).containsExactly("file");
        assertThat(load("").routes()).isEmpty();
        assertThat(load("export: {routes: []}").routes()).isEmpty();
    }

    /** As their exporters are called. */
    @Test
    void everyDestinationCanBeNamed() {
        List<String> all = List.of("file", "otlp_http", "otlp_grpc", "datadog", "datadog_agent", "kafka", "iceberg");

        assertThat(load("export: {default_to: [" + String.join(", ", all) + "]}").defaultTo()).isEqualTo(all);
    }

    @Test
    void aVariableHoldsYamlOrJson() {
        Map<String, String> environment =
                Map.of("TSS_EXPORT_ROUTES", "[{\"policy\": \"errors\", \"to\": [\"file\"]}]");

        assertThat(new ConfigLoader(environment).load().export().routes())
                .containsExactly(new ExportRoute(new Condition.Policy("errors"), List.of("file")));
    }

    /** Each names the place, and what would do. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
            "[{policy: a, to: fil}] | column 19: export.routes sends traces to fil, which is no destination; "
                    + "did you mean file?",
            "[{policy: a}] | column 19: export.routes lacks to",
            "[{to: file}] | column 19: export.routes needs either policy or attribute",
            "[{policy: a, attribute: {key: b, value: c}, to: file}] | column 19: export.routes needs either policy or "
                    + "attribute",
            "[{polcy: a, to: file}] | column 20: export.routes has an unknown field polcy; did you mean policy?",
            "[{attribute: b, to: file}] | column 31: export.routes needs attribute with fields, not \"b\"",
            "[{attribute: {key: b}, to: file}] | column 31: export.routes needs either value or values",
            "[{attribute: {value: b}, to: file}] | column 31: export.routes lacks key",
            "[{attribute: {key: b, values: []}, to: file}] | column 48: export.routes has an empty list",
            "[{policy: a, to: []}] | column 35: export.routes has an empty list",
            "[{policy: [a], to: file}] | column 28: export.routes needs a text here, not a list",
            "[file] | column 19: export.routes needs a route with fields, not \"file\"",
            "{policy: a} | column 18: export.routes must be a list of routes, not a map",
            "errors | column 18: export.routes must be a list of routes, not \"errors\""})
    void whatIsNoRouteIsRefusedWithItsPlace(String routes, String message) {
        assertThatExceptionOfType(ConfigException.class).isThrownBy(() -> load("export: {routes: " + routes + "}"))
                .withMessage("c.yaml, line 1, " + message);
    }

    @Test
    void defaultsAreDestinations() {
        assertThatExceptionOfType(ConfigException.class).isThrownBy(() -> load("export: {default_to: [otlp_htp]}"))
                .withMessage("c.yaml, line 1, column 22: export.default_to names otlp_htp, which is no destination; "
                        + "did you mean otlp_http?");
    }
}
