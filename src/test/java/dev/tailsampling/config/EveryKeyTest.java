package dev.tailsampling.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Sets every key to a value that is not its default, made from the table, and reads it back. */
class EveryKeyTest {

    private static final ConfigKeys KEYS = SelectorConfig.KEYS;

    /** A value to set: as text for YAML, as text for the environment, and as it must be read. */
    private record Sample(String yaml, String variable, Object value) {
        static Sample same(String text, Object value) {
            return new Sample(text, text, value);
        }
    }

    private static Sample sample(ConfigKey key, String name) {
        int number = KEYS.all().indexOf(key) + 2;
        return switch (key.typeUnder(name)) {
            case TEXT -> text(key, number);
            case SECRET -> Sample.same("s3cret-" + number, new Secret("s3cret-" + number));
            case PATH -> Sample.same("dir/file-" + number, Path.of("dir/file-" + number));
            case CHOICE -> choice(key);
            case BOOLEAN ->
                key.setting().standard().equals("true") ? Sample.same("false", false) : Sample.same("true", true);
            case INT -> Sample.same("" + (number + 10), number + 10);
            case LONG -> Sample.same("" + (5_000_000_000L + number), 5_000_000_000L + number);
            case DOUBLE -> Sample.same("0.25", 0.25);
            // In table order, so that the longest trace comes out longer than the inactivity timeout.
            case SECONDS -> Sample.same(1000 + number + ".5", Duration.ofMillis(1_000_500 + number * 1000L));
            case MILLIS -> Sample.same("" + (1000 + number), Duration.ofMillis(1000 + number));
            case LIST -> list(key);
            case ROUTES -> Sample.same("[{policy: 'e*', to: file}, {attribute: {key: a.b, values: [1, x]}, "
                    + "to: [otlp_http, file]}]",
                    List.of(new ExportRoute(new ExportRoute.Condition.Policy("e*"), List.of("file")),
                            new ExportRoute(new ExportRoute.Condition.Attribute("a.b", List.of("1", "x")),
                                    List.of("otlp_http", "file"))));
            case MAP -> new Sample("{a.b: c, d: '5'}", "a.b=c,d=5", Map.of("a.b", "c", "d", "5"));
            case SECONDS_MAP -> new Sample("{a.b: 5, 'c*': 0.5}", "a.b=5,c*=0.5",
                    Map.of("a.b", Duration.ofSeconds(5), "c*", Duration.ofMillis(500)));
            case SECRET_MAP -> new Sample("{x-key: c}", "x-key=c", Map.of("x-key", new Secret("c")));
        };
    }

    private static Sample list(ConfigKey key) {
        return key.name().equals("export.default_to")
                ? new Sample("[file, 'otlp_http']", "file,otlp_http", List.of("file", "otlp_http"))
                : new Sample("[a:1, 'b:2']", "a:1, b:2", List.of("a:1", "b:2"));
    }

    private static Sample text(ConfigKey key, int number) {
        String text = key.name().endsWith("endpoint") ? "http://host-" + number : "text " + number;
        return Sample.same(text, text);
    }

    private static Sample choice(ConfigKey key) {
        Object[] constants = key.component().getType().getEnumConstants();
        int other = IntStream.range(0, constants.length)
                .filter(i -> !constants[i].toString().equalsIgnoreCase(key.setting().standard())).findFirst()
                .orElseThrow();
        return Sample.same(key.choices().toList().get(other), constants[other]);
    }

    private static Map<ConfigKey, Sample> samples() {
        Map<ConfigKey, Sample> samples = new LinkedHashMap<>();
        KEYS.all().forEach(key -> samples.put(key, sample(key, key.name())));
        return samples;
    }

    private static void assertRead(SelectorConfig config, Map<ConfigKey, Sample> samples)
            throws ReflectiveOperationException {
        for (ConfigKey key : KEYS.all()) {
            assertThat(value(config, key)).as(key.name()).isEqualTo(samples.get(key).value())
                    .isNotEqualTo(value(SelectorConfig.defaults(), key));
        }
    }

    /** Walks down the records to the key's component. */
    private static Object value(Record record, ConfigKey key) throws ReflectiveOperationException {
        Record holder = record;
        String rest = key.name();
        while (rest.contains(".")) {
            String section = rest.substring(0, rest.indexOf('.'));
            var component = Stream.of(holder.getClass().getRecordComponents())
                    .filter(c -> c.isAnnotationPresent(Section.class))
                    .filter(c -> c.getAnnotation(Section.class).value().equals(section)).findFirst().orElseThrow();
            holder = (Record) component.getAccessor().invoke(holder);
            rest = rest.substring(rest.indexOf('.') + 1);
        }
        return key.component().getAccessor().invoke(holder);
    }

    @Test
    void fromAFileOfDottedNames() throws ReflectiveOperationException {
        Map<ConfigKey, Sample> samples = samples();
        StringBuilder yaml = new StringBuilder();
        samples.forEach((key, sample) -> yaml.append(key.name()).append(": ").append(sample.yaml()).append('\n'));

        SelectorConfig config = new ConfigLoader(Map.of()).parse(yaml.toString(), "all.yaml");

        assertRead(config, samples);
    }

    @Test
    void fromAFileOfSections() throws ReflectiveOperationException {
        Map<ConfigKey, Sample> samples = samples();

        SelectorConfig config = new ConfigLoader(Map.of()).parse(tree(samples, "", ""), "all.yaml");

        assertRead(config, samples);
    }

    private static String tree(Map<ConfigKey, Sample> samples, String prefix, String indent) {
        StringBuilder yaml = new StringBuilder();
        samples.forEach((key, sample) -> {
            if (isBelow(key.name(), prefix)) {
                yaml.append(indent).append(key.setting().key()).append(": ").append(sample.yaml()).append('\n');
            }
        });
        KEYS.sections().stream().filter(section -> isBelow(section, prefix)).forEach(section -> yaml.append(indent)
                .append(section.substring(prefix.length())).append(":\n")
                .append(tree(samples, section + ".", indent + "  ")));
        return yaml.toString();
    }

    private static boolean isBelow(String name, String prefix) {
        return name.startsWith(prefix) && name.indexOf('.', prefix.length()) < 0;
    }

    static Stream<Integer> forms() {
        return IntStream.range(0, EnvironmentReader.variables("a.b").size()).boxed();
    }

    @ParameterizedTest
    @MethodSource("forms")
    void fromTheEnvironment(int form) throws ReflectiveOperationException {
        Map<ConfigKey, Sample> samples = samples();
        Map<String, String> environment = new LinkedHashMap<>();
        samples.forEach(
                (key, sample) -> environment.put(EnvironmentReader.variables(key.name()).get(form), sample.variable()));

        SelectorConfig config = new ConfigLoader(environment).load();

        assertRead(config, samples);
    }

    static Stream<String> aliases() {
        return KEYS.names().stream().filter(name -> !KEYS.get(name).name().equals(name));
    }

    @ParameterizedTest
    @MethodSource("aliases")
    void underAnOlderName(String alias) throws ReflectiveOperationException {
        ConfigKey key = KEYS.get(alias);
        Sample sample = sample(key, alias);

        SelectorConfig byFile = new ConfigLoader(Map.of()).parse(alias + ": " + sample.yaml(), "old.yaml");
        SelectorConfig byVariable = new ConfigLoader(Map.of(EnvironmentReader.variables(alias).getFirst(),
                sample.variable())).load();

        assertThat(value(byFile, key)).isEqualTo(sample.value());
        assertThat(value(byVariable, key)).isEqualTo(sample.value());
    }

    @Test
    void maskedTextLoadsAgain() {
        Map<ConfigKey, Sample> samples = samples();
        SelectorConfig config = new ConfigLoader(Map.of()).parse(tree(samples, "", ""), "all.yaml");

        SelectorConfig again = new ConfigLoader(Map.of()).parse(config.masked(), "masked.yaml");

        assertThat(again.masked()).isEqualTo(config.masked());
        assertThat(again.app()).isEqualTo(config.app());
        assertThat(again.export().routes()).isEqualTo(config.export().routes());
        assertThat(again.storage().iceberg().tableIntervals())
                .isEqualTo(config.storage().iceberg().tableIntervals());
        assertThat(again.storage().iceberg().watermarkSlack()).isEqualTo(config.storage().iceberg().watermarkSlack());
    }
}
