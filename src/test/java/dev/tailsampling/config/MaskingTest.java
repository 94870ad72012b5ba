package dev.tailsampling.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.junit.jupiter.api.Assertions.assertTimeout;

import java.time.Duration;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** No secret comes out by any way. */
class MaskingTest {

    private static final String CANARY = "s3cret";

    /** Every place that may hold a secret, with one. */
    private static SelectorConfig full() {
        Map<String, String> environment = new HashMap<>();
        for (ConfigKey key : SelectorConfig.KEYS.all()) {
            String value = switch (key.type()) {
                case SECRET -> CANARY;
                case SECRET_MAP -> "authorization=Bearer " + CANARY + ",x-other=" + CANARY;
                case MAP -> "s3.secret-access-key=" + CANARY + ",Password=" + CANARY + ",rest.access.token=" + CANARY
                        + ",credential=" + CANARY + ",jdbc.url=jdbc:pg://u:" + CANARY + "@h/d,client.region=here";
                case TEXT -> key.name().endsWith("url") || key.name().endsWith("uri") || key.name().endsWith("endpoint")
                        ? "http://user:" + CANARY + "@host:1/p?token=" + CANARY + "&x=1"
                        : "";
                default -> "";
            };
            environment.put(EnvironmentReader.variables(key.name()).getFirst(), value);
        }
        return new ConfigLoader(environment).load();
    }

    @Test
    void effectiveConfiguration_hidesSecretsAndShowsTheRest() {
        assertThat(full().masked()).doesNotContain(CANARY)
                .contains("  api_key: '***'\n")
                .contains("  url: http://user:***@host:1/p?token=***&x=1\n")
                .contains("      client.region: here\n")
                .contains("      jdbc.url: jdbc:pg://u:***@h/d\n");
    }

    static Stream<Record> records() {
        SelectorConfig config = full();
        return Stream.of(config, config.kafka(), config.redis(), config.datadog(), config.storage(),
                config.storage().iceberg(), config.export(), config.export().otlpHttp());
    }

    @ParameterizedTest
    @MethodSource("records")
    void toString_hidesSecrets(Record config) {
        assertThat(config.toString()).doesNotContain(CANARY).contains("***");
    }

    @Test
    void yamlError_doesNotQuoteTheFile() {
        assertThatExceptionOfType(ConfigException.class)
                .isThrownBy(() -> new ConfigLoader(Map.of()).parse("kafka:\n  sasl_password: " + CANARY + ": x", "c"))
                .withMessage("c, line 2, column 24: not valid YAML: mapping values are not allowed here");
    }

    @ParameterizedTest
    @CsvSource(textBlock = """
            redis://127.0.0.1/,                       redis://127.0.0.1/
            redis://:pw@h,                            redis://:***@h
            redis://user:p@ss/w#rd@h:6379/0,          redis://user:***@h:6379/0
            https://user@h/x,                         https://user@h/x
            jdbc:postgresql://h/d?user=u&password=p,  jdbc:postgresql://h/d?user=u&password=***
            jdbc:sqlserver://h;password=p;x=y,        jdbc:sqlserver://h;password=***;x=y
            s3://bucket/a@b,                          s3://bucket/a@b
            plain text,                               plain text
            """)
    void passwordsInUrls_areHidden(String text, String shown) {
        assertThat(SecretMask.shown(text)).isEqualTo(shown);
    }

    @Test
    void longTextsAreReadOnce() {
        for (String part : List.of("a", "token", "://a:", "password", "authorization ", "bearer ", "secret\"", "x=",
                " ")) {
            String text = part.repeat(1_000_000 / part.length());
            assertTimeout(Duration.ofSeconds(20), () -> assertThat(SecretMask.inText(text)).isEqualTo(text));
        }
    }

    @Test
    void secretsOfAConfigurationAreKnown() {
        assertThat(full().secrets()).contains(CANARY, "Bearer " + CANARY).doesNotContain("here", "1")
                .isSortedAccordingTo(Comparator.comparingInt(String::length).reversed());
        assertThat(SelectorConfig.defaults().secrets()).isEmpty();
    }
}
