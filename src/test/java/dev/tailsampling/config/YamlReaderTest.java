package dev.tailsampling.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class YamlReaderTest {

    private static Object read(String yaml) {
        return YamlReader.read(yaml, "f").plain();
    }

    private static void assertRefused(String yaml, String message) {
        assertThatExceptionOfType(YamlException.class).isThrownBy(() -> YamlReader.read(yaml, "f"))
                .withMessage(message);
    }

    @Test
    void aliasesAndMergeKeys_areResolved() {
        assertThat(read("a: &x {k: v, l: w}\nb: *x\nc: {<<: *x, l: own}\nd: {<<: [{k: first}, *x]}")).isEqualTo(Map.of(
                "a", Map.of("k", "v", "l", "w"),
                "b", Map.of("k", "v", "l", "w"),
                "c", Map.of("l", "own", "k", "v"),
                "d", Map.of("k", "first", "l", "w")));
    }

    @Test
    void quotedScalars_areTexts() {
        assertThat(read("a: 'true'\nb: \"5\"\nc: true\nd: 'null'")).isEqualTo(
                Map.of("a", "true", "b", "5", "c", true, "d", "null"));
    }

    @Test
    void jsonIsYaml() {
        assertThat(read("{\"a\": [\"x\", \"\\u00e4\"]}")).isEqualTo(Map.of("a", List.of("x", "ä")));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`',
            textBlock = """
                    a: 1\\nb: 2\\na: 3      | f, line 3, column 1: the key a was given before, at f, line 1, column 1
                    a: [1               | f, line 1, column 6: not valid YAML: expected ',' or ']', but got <stream end>
                    a: b: c             | f, line 1, column 5: not valid YAML: mapping values are not allowed here
                    - a                 | f, line 1, column 1: expected keys with values, found a list
                    just text           | f, line 1, column 1: expected keys with values, found "just text"
                    a: 1\\n--- \\nb: 2      | f, line 2, column 1: not valid YAML: but found another document
                    a: *x               | f, line 1, column 4: not valid YAML: found undefined alias x
                    a: &x [*x]          | f, line 1, column 4: a value must not contain itself
                    a: !!java.net.URL b \
                        | f, line 1, column 4: not valid YAML: Global tag is not allowed: \
                          tag:yaml.org,2002:java.net.URL
                    a: !Ref b           | f, line 1, column 4: unknown tag !Ref
                    ? [a]\\n: b          | f, line 1, column 3: a key must be a single word or text
                    <<: text            | f, line 1, column 5: << needs a map to merge
                    \\ta: 1              \
                        | f, line 1, column 1: not valid YAML: found character '\\t(TAB)' that cannot start any \
                          token. (Do not use \\t(TAB) for indentation)
                    """)
    void defects_areRefusedWithTheirPlace(String yaml, String message) {
        assertRefused(yaml.replace("\\n", "\n").replace("\\t", "\t"), message.replaceAll(" +", " "));
    }

    @Test
    void unprintableCharacter_isRefused() {
        assertThatExceptionOfType(YamlException.class).isThrownBy(() -> YamlReader.read("a: \u0000", "f"))
                .withMessageStartingWith("f: not valid YAML: special characters are not allowed");
    }

    @Test
    void deepNesting_isRefused() {
        assertThatExceptionOfType(YamlException.class).isThrownBy(() -> YamlReader.read("a: " + "[".repeat(1000), "f"))
                .withMessageContaining("Nesting Depth exceeded");
    }

    /** Each level uses the one below ten times: 10^9 values if they were copied. */
    @Test
    void manyAliases_doNotExplode() {
        StringBuilder yaml = new StringBuilder("a0: &a0 [x]\n");
        for (int i = 1; i < 5; i++) {
            yaml.append("a%d: &a%d [%s]\n".formatted(i, i, ("*a" + (i - 1) + ",").repeat(10)));
        }

        assertThat(YamlReader.read(yaml.toString(), "f").fields()).hasSize(5);
    }
}
