package dev.tailsampling.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import dev.harrel.jsonschema.Validator;
import dev.harrel.jsonschema.ValidatorFactory;
import dev.harrel.jsonschema.providers.JacksonNode;
import dev.harrel.jsonschema.providers.SnakeYamlNode;
import dev.tailsampling.config.FieldKind.Place;
import dev.tailsampling.config.FieldTable.Field;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** docs/schema follows from the tables of the reference and the table of keys, and judges files as the parsers do. */
class SchemaTest {

    private static final String BASE = "file:///schema/";
    private static final Map<String, Object> POLICIES = new PolicySchema(PolicyReference.IT).tree();
    private static final Map<String, Object> CONFIG = new ConfigSchema(SelectorConfig.KEYS).tree();
    private static final Set<KeyType> MAPS = Set.of(KeyType.MAP, KeyType.SECRET_MAP, KeyType.SECONDS_MAP);
    private static final Validator VALIDATOR = new ValidatorFactory()
            .withJsonNodeFactories(new JacksonNode.Factory(), new SnakeYamlNode.Factory()).createValidator();

    static {
        VALIDATOR.registerSchema(URI.create(BASE + PolicySchema.FILE), json(POLICIES));
        VALIDATOR.registerSchema(URI.create(BASE + ConfigSchema.FILE), json(CONFIG));
    }

    private static String json(Map<String, Object> tree) {
        DefaultPrettyPrinter printer = new DefaultPrettyPrinter();
        printer.indentObjectsWith(new DefaultIndenter("  ", "\n"));
        try {
            return new ObjectMapper().enable(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS).writer(printer)
                    .writeValueAsString(tree) + "\n";
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void schemasAreUpToDate() throws IOException {
        new GoldenFile("docs/schema/" + PolicySchema.FILE).assertIs(json(POLICIES));
        new GoldenFile("docs/schema/" + ConfigSchema.FILE).assertIs(json(CONFIG));
    }

    static Stream<PolicyExample> examples() {
        return PolicyReference.IT.examples();
    }

    @ParameterizedTest
    @MethodSource("examples")
    void exampleIsValid(PolicyExample example) {
        assertValid(schema(example), example.policies());
    }

    @ParameterizedTest
    @MethodSource("examples")
    void exampleWithAnUnknownOrWithoutARequiredField_isNotValid(PolicyExample example) {
        PolicyFieldsTest.places(example).forEach(place -> {
            assertNotValid(example, place, fields -> fields.put("zzz", 1));
            fields(place).filter(Field::required)
                    .forEach(field -> assertNotValid(example, place, fields -> fields.remove(field.name())));
        });
    }

    /** The schema is stricter where the parsers only warn of a value, or pass over it. */
    private static final Set<String> STRICTER = Set.of("drop", "Name");

    @ParameterizedTest
    @MethodSource("examples")
    void exampleWithAFieldOfAnotherType_isNotValid(PolicyExample example) {
        PolicyFieldsTest.places(example).forEach(place -> fields(place)
                .filter(field -> place.fields().containsKey(field.name()) && !field.is().equals("anything"))
                .forEach(field -> {
                    Consumer<Map<String, Object>> change = fields -> fields.put(field.name(), Map.of("zzz", List.of()));
                    assertNotValid(example, place, change);
                    if (!STRICTER.contains(field.name())) {
                        String text = PolicyFieldsTest.changed(example, place, change);
                        assertThatExceptionOfType(PolicyException.class).as(text)
                                .isThrownBy(() -> example.parse(text, null));
                    }
                }));
    }

    private static Stream<Field> fields(Place place) {
        return PolicyFieldsTest.fields(place);
    }

    private static String schema(PolicyExample example) {
        return PolicySchema.FILE
                + (example.root().equals(PolicyExample.FORCE_RULE)
                        ? "#/$defs/" + PolicySchema.key(example.root())
                        : "");
    }

    private static void assertNotValid(PolicyExample example, Place place, Consumer<Map<String, Object>> change) {
        String text = PolicyFieldsTest.changed(example, place, change);
        assertThat(validate(schema(example), text).isValid()).as(text).isFalse();
    }

    @Test
    void policiesOfTheRepositoryAreValid() throws IOException {
        try (Stream<Path> files = Files.list(Path.of("examples/policies"))) {
            assertThat(files.toList()).isNotEmpty()
                    .allSatisfy(file -> assertValid(PolicySchema.FILE, Files.readString(file)));
        }
    }

    @Test
    void policiesInTheReadmeAreValid() throws IOException {
        List<String> blocks = Pattern.compile("```yaml\n(.*?)```", Pattern.DOTALL)
                .matcher(Files.readString(Path.of("README.md"))).results().map(match -> match.group(1))
                .filter(block -> block.contains("policies:")).toList();

        assertThat(blocks).hasSize(2).allSatisfy(block -> {
            assertValid(PolicySchema.FILE, block);
            assertThat(new PolicyFile("README.md", block).parse().warnings()).isEmpty();
        });
    }

    @Test
    void collectorsConfigurationIsValid() {
        assertValid(PolicySchema.FILE,
                """
                        receivers: {otlp: {}}
                        processors: {batch: {}, tail_sampling/a: {decision_wait: 1s, policies: [{name: a, type: always_sample}]}}
                        """);
    }

    @ParameterizedTest
    @ValueSource(strings = {
            "polices: []", "policies: []\ncombin: any", "policies: [{name: a}]", "policies: [{name: a, type: b}]",
            "policies: [{name: a, type: and, and: {and_sub_policy: [{type: drop, drop: {drop_sub_policy: []}}]}}]",
            "tail_sampling: {polices: []}", "processors: {tail_sampling: {num_trace: 5, policies: []}}",
            "sampling: {sample_error: true}", "policies: [{name: a, type: match, match: {any_span: {spam: []}}}]"})
    void wrongPoliciesAreNotValid(String text) {
        assertThat(validate(PolicySchema.FILE, text).isValid()).isFalse();
    }

    @Test
    void defaultConfigurationIsValid() throws IOException {
        assertValid(ConfigSchema.FILE, Files.readString(Path.of("config/default.yaml")));
        assertValid(ConfigSchema.FILE, "kafka:\npolicies: [{name: a, type: always_sample}]");
    }

    @Test
    void wrongConfigurationIsNotValid() {
        assertThat(SelectorConfig.KEYS.sections()).allSatisfy(section -> assertNotValid(section + ".zzz", "1"));
        assertThat(SelectorConfig.KEYS.all()).allSatisfy(key -> assertNotValid(key.name(),
                MAPS.contains(key.type()) ? "[1]" : "{zzz: 1}"));
        assertThat(SelectorConfig.KEYS.all().stream().filter(key -> key.setting().min() != Long.MIN_VALUE)).isNotEmpty()
                .allSatisfy(key -> assertNotValid(key.name(), Long.toString(key.setting().min() - 1)));
        assertNotValid("policies", "[{name: a, type: b}]");
    }

    /** A file with one key, whose value it cannot have. */
    private static void assertNotValid(String key, String value) {
        String text = key.replace(".", ": {") + ": " + value + "}".repeat(key.split("\\.").length - 1);
        assertThat(validate(ConfigSchema.FILE, text).isValid()).as(text).isFalse();
    }

    private static void assertValid(String schema, String text) {
        Validator.Result result = validate(schema, text);
        assertThat(result.getErrors()).extracting(error -> error.getInstanceLocation() + " " + error.getError())
                .isEmpty();
        assertThat(result.isValid()).isTrue();
    }

    private static Validator.Result validate(String schema, String text) {
        return VALIDATOR.validate(URI.create(BASE + schema), text);
    }
}
