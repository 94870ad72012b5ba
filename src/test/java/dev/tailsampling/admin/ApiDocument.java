package dev.tailsampling.admin;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.harrel.jsonschema.Validator;
import dev.harrel.jsonschema.ValidatorFactory;
import dev.harrel.jsonschema.providers.JacksonNode;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.yaml.snakeyaml.Yaml;

/** The served description of the API, and whether answers are as it says. */
final class ApiDocument {

    static final ApiDocument IT = new ApiDocument();

    private static final Set<String> METHODS = Set.of("get", "put", "post", "delete", "patch");
    private static final String SCHEMAS = "file:///schemas";

    private final JsonNode root;
    private final Validator validator = new ValidatorFactory().withJsonNodeFactory(new JacksonNode.Factory())
            .createValidator();

    private ApiDocument() {
        Map<String, Object> yaml = new Yaml().load(new String(AdminRoutes.document(), StandardCharsets.UTF_8));
        root = new ObjectMapper().valueToTree(yaml);
        String schemas = "{\"$defs\":" + root.at("/components/schemas") + "}";
        validator.registerSchema(URI.create(SCHEMAS), schemas.replace("#/components/schemas/", "#/$defs/"));
    }

    /**
     * A described operation.
     *
     * @param method in capitals
     * @param path with its parameters in braces
     */
    record Operation(String method, String path, JsonNode described) {

        List<String> parameters(String in) {
            List<String> names = new ArrayList<>();
            described.path("parameters").forEach(parameter -> {
                if (parameter.path("in").asText().equals(in)) {
                    names.add(parameter.get("name").asText());
                }
            });
            return names;
        }
    }

    JsonNode root() {
        return root;
    }

    /** All operations by method and path. */
    Map<String, Operation> operations() {
        Map<String, Operation> operations = new TreeMap<>();
        root.get("paths").fields().forEachRemaining(path -> path.getValue().fields().forEachRemaining(method -> {
            if (METHODS.contains(method.getKey())) {
                Operation operation = new Operation(method.getKey().toUpperCase(Locale.ROOT), path.getKey(),
                        method.getValue());
                operations.put(operation.method() + " " + operation.path(), operation);
            }
        }));
        return operations;
    }

    private Operation operation(String method, String path) {
        return operations().values().stream()
                .filter(operation -> operation.method().equals(method) && matches(operation.path(), path))
                .min(Comparator.comparing(operation -> operation.path().indexOf('{')))
                .orElseThrow(() -> new AssertionError("not described: " + method + " " + path));
    }

    private static boolean matches(String template, String path) {
        return Pattern.matches(template.replaceAll("\\{\\w+}", "[^/]+"), path);
    }

    /** Fails unless the description has this status for the operation, with this media type and a body like this. */
    void assertDescribes(String method, String path, int status, String mediaType, String body) {
        JsonNode response = resolved(operation(method, path).described().at("/responses/" + status));
        assertThat(response.isMissingNode()).as("%s %s has a status %d", method, path, status).isFalse();
        JsonNode content = response.path("content");
        if (mediaType.isEmpty()) {
            assertThat(content.isMissingNode()).as("%s %s %d has a body", method, path, status).isTrue();
            return;
        }
        assertThat(content.has(mediaType)).as("%s %s %d as %s", method, path, status, mediaType).isTrue();
        if (mediaType.endsWith("json")) {
            assertValid(content.get(mediaType).get("schema"), body, method + " " + path + ": " + body);
        }
    }

    /** Fails unless the JSON is as the schema says. */
    void assertValid(JsonNode schema, String json, String what) {
        String text = schema.toString().replace("#/components/schemas/", SCHEMAS + "#/$defs/");
        URI uri = URI.create("file:///schema/" + Integer.toHexString(text.hashCode()));
        validator.registerSchema(uri, text);
        Validator.Result result = validator.validate(uri, json);
        assertThat(result.getErrors()).as(what)
                .extracting(error -> error.getInstanceLocation() + " " + error.getError()).isEmpty();
        assertThat(result.isValid()).as(what).isTrue();
    }

    /** What a reference stands for. */
    JsonNode resolved(JsonNode node) {
        return node.has("$ref") ? root.at(node.get("$ref").asText().substring(1)) : node;
    }
}
