package dev.tailsampling.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.tailsampling.config.FieldKind.Place;
import dev.tailsampling.config.FieldTable.Field;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The reference's tables of fields are what the parsers read: found out by changing its examples. */
class PolicyFieldsTest {

    private static final String UNKNOWN = "zzzzzzzzzzzzzzzz";
    private static final Pattern KNOWN =
            Pattern.compile("unknown (?:field|key) \\S*" + UNKNOWN + "; (?:known are (.+)|there are none)");
    private static final PolicyReference REFERENCE = PolicyReference.IT;

    static Stream<PolicyExample> examples() {
        return REFERENCE.examples();
    }

    /** Parsers name what they know when they refuse what they do not. */
    @Test
    void tablesHaveTheFieldsThatParsersRead() {
        Map<String, Set<String>> read = new TreeMap<>();
        examples().forEach(example -> places(example).forEach(place -> {
            PolicyException refusal = catchThrowableOfType(PolicyException.class,
                    () -> parse(example, changed(example, place, fields -> fields.put(UNKNOWN, 1))));
            Matcher known = KNOWN.matcher(String.valueOf(refusal.getMessage()));
            assertThat(known.find()).as(place + " of " + example + ": " + refusal.getMessage()).isTrue();
            read.computeIfAbsent(place.table(), table -> new TreeSet<>())
                    .addAll(known.group(1) == null ? List.of() : List.of(known.group(1).split(", ")));
        }));
        assertThat(read.keySet()).isSubsetOf(REFERENCE.tables().keySet());
        REFERENCE.tables().forEach((name, table) -> assertThat(read.get(name)).as(name)
                .isEqualTo(table.fields().keySet()));
    }

    @ParameterizedTest
    @MethodSource("nativeExamples")
    void requiredFieldsMustBeThere(PolicyExample example) {
        places(example).forEach(place -> fields(place).filter(Field::required)
                .filter(field -> place.fields().containsKey(field.name()))
                .forEach(field -> assertThatExceptionOfType(PolicyException.class).as(place + " without " + field)
                        .isThrownBy(() -> parse(example,
                                changed(example, place, fields -> fields.remove(field.name()))))));
    }

    /** What is read as the Collector does takes what is missing for zero. */
    static Stream<PolicyExample> nativeExamples() {
        return examples().filter(example -> !example.policies().contains("compat: otel"));
    }

    /** Leaving a field out means its default. */
    @ParameterizedTest
    @MethodSource("examples")
    void defaultsAreWhatHoldsOtherwise(PolicyExample example) {
        places(example).forEach(place -> fields(place).filter(field -> field.standard() != null).forEach(field -> {
            String without = version(example, changed(example, place, fields -> fields.remove(field.name())));
            String with = version(example, changed(example, place, fields -> fields.put(field.name(),
                    Objects.requireNonNull(field.standard()))));
            if (!without.isEmpty()) {
                assertThat(with).as(place + " with " + field).isEqualTo(without);
            }
        }));
    }

    /** The version of the set, empty if the fields do not fit together. */
    private static String version(PolicyExample example, String text) {
        try {
            return parse(example, text).set().version();
        } catch (PolicyException e) {
            return "";
        }
    }

    private static ParsedPolicies parse(PolicyExample example, String text) {
        return example.parse(text, example.modes().isEmpty() ? null : example.modes().getFirst());
    }

    static Stream<Field> fields(Place place) {
        return REFERENCE.table(place.table()).fields().values().stream();
    }

    /** All maps of an example that have tables. */
    static List<Place> places(PolicyExample example) {
        Map<String, Object> tree = tree(example);
        return REFERENCE.places(example.root(), tree, List.of()).toList();
    }

    /** The tree of the policies; of a Collector's block what is in it, for the rest is not described. */
    private static Map<String, Object> tree(PolicyExample example) {
        Map<String, Object> tree = PeerCase.map(YamlReader.read(example.policies(), "example").plain());
        return tree.get("tail_sampling") instanceof Map<?, ?> block ? PeerCase.map(block) : tree;
    }

    /** The text of an example in which one map was changed. */
    static String changed(PolicyExample example, Place place, Consumer<Map<String, Object>> change) {
        Map<String, Object> tree = PeerCase.map(copy(tree(example)));
        change.accept(mapAt(tree, place.path()));
        return EffectiveYaml.text(tree);
    }

    private static Map<String, Object> mapAt(Object tree, List<Object> path) {
        Object node = tree;
        for (Object step : path) {
            node = node instanceof List<?> list ? list.get((Integer) step) : ((Map<?, ?>) node).get(step);
        }
        @SuppressWarnings("unchecked") Map<String, Object> map = (Map<String, Object>) node;
        return map;
    }

    private static Object copy(Object node) {
        return switch (node) {
            case List<?> list -> new ArrayList<>(list.stream().map(PolicyFieldsTest::copy).toList());
            case Map<?, ?> map -> {
                Map<Object, Object> copied = new HashMap<>();
                map.forEach((key, value) -> copied.put(key, copy(value)));
                yield copied;
            }
            default -> node;
        };
    }
}
