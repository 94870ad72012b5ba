package dev.tailsampling.config;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.yaml.snakeyaml.Yaml;

/** What JSON means is what YAML then says that it means. */
class JsonAsYamlTest {

    private static final ObjectMapper JSON = new ObjectMapper();

    @Test
    void anyTextInJsonIsTheSameTextInYaml() throws IOException {
        Random random = new Random(11);
        for (int i = 0; i < 3_000; i++) {
            String json = "{\"a\": \"" + randomText(random) + "\"}";

            String expected = JSON.readTree(json).get("a").asText();

            assertThat(new Yaml().<Map<String, Object>>load(JsonAsYaml.of(json)).get("a"))
                    .as("seed 11, %s", json).isEqualTo(expected);
        }
    }

    private static String randomText(Random random) {
        StringBuilder text = new StringBuilder();
        for (int i = random.nextInt(8); i > 0; i--) {
            text.append(switch (random.nextInt(8)) {
                case 0 -> "\\/";
                case 1 -> "\\\\";
                case 2 -> "\\\"";
                case 3 -> String.format(Locale.ROOT, "\\u%04x", random.nextInt(0x10000));
                case 4 -> "\ud83d\ude00";
                case 5 -> "/";
                case 6 -> String.valueOf((char) (0x7f + random.nextInt(0x30)));
                default -> String.valueOf("\u2028\u2029\ufffe\uffffé#:-{}[]&*".charAt(random.nextInt(14)));
            });
        }
        return text.toString();
    }
}
