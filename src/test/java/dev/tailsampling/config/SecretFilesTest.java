package dev.tailsampling.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Secrets that stand in files, as Docker and Kubernetes mount them. */
class SecretFilesTest {

    @TempDir
    private Path folder;

    private static SelectorConfig load(Map<String, String> environment) {
        return new ConfigLoader(environment).load();
    }

    private static void assertRefused(Map<String, String> environment, String message) {
        assertThatExceptionOfType(ConfigException.class).isThrownBy(() -> load(environment)).withMessage(message)
                .satisfies(e -> assertThat(e.getMessage()).doesNotContain("s3cret"));
    }

    private String file(String text) throws IOException {
        return Files.writeString(folder.resolve("secret"), text).toString();
    }

    @ParameterizedTest
    @ValueSource(strings = {"s3cret", "s3cret\n", "s3cret\r\n", " s3cret\n\n"})
    void secretIsRead_withoutTheLineEnd(String text) throws IOException {
        assertThat(load(Map.of("TSS_REDIS_PASSWORD_FILE", file(text))).redis().password())
                .isEqualTo(new Secret("s3cret"));
    }

    @Test
    void everyFormOfTheVariable_hasAFile() throws IOException {
        for (String variable : EnvironmentReader.variables("redis.password")) {
            assertThat(load(Map.of(variable + "_FILE", file("s3cret"))).redis().password())
                    .isEqualTo(new Secret("s3cret"));
        }
    }

    @Test
    void textsThatMayHoldASecret_areRead() throws IOException {
        assertThat(load(Map.of("TSS_REDIS_URL_FILE", file("rediss://:s3cret@redis:6379\n"))).redis().url())
                .isEqualTo("rediss://:s3cret@redis:6379");
        assertThat(load(Map.of("TSS_STORAGE_ICEBERG_PROPERTIES_FILE", file("credential=id:s3cret,scope=lakekeeper\n")))
                .storage().iceberg().properties())
                .isEqualTo(Map.of("credential", "id:s3cret", "scope", "lakekeeper"));
    }

    @Test
    void mapsOfSecrets_areRead() throws IOException {
        assertThat(load(Map.of("TSS_EXPORT_OTLP_HTTP_HEADERS_FILE", file("authorization=Bearer s3cret\n"))).export()
                .otlpHttp().headers()).isEqualTo(Map.of("authorization", new Secret("Bearer s3cret")));
    }

    @Test
    void emptyVariable_countsAsNotSet() {
        assertThat(load(Map.of("TSS_REDIS_PASSWORD_FILE", " "))).isEqualTo(SelectorConfig.defaults());
    }

    @Test
    void fileOverridesTheConfiguration() throws IOException {
        assertThat(new ConfigLoader(Map.of("TSS_REDIS_PASSWORD_FILE", file("s3cret")))
                .parse("redis: {password: other}", "c.yaml").redis().password()).isEqualTo(new Secret("s3cret"));
    }

    @Test
    void missingFile_isNamed() {
        Path none = folder.resolve("none");

        assertRefused(Map.of("TSS_REDIS_PASSWORD_FILE", none.toString()),
                "environment variable TSS_REDIS_PASSWORD_FILE: " + none + ": there is no such file");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "\n", " \r\n"})
    void emptyFile_isRefused(String text) throws IOException {
        String file = file(text);

        assertRefused(Map.of("TSS_REDIS_PASSWORD_FILE", file), "environment variable TSS_REDIS_PASSWORD_FILE: " + file
                + " is empty; write the secret into it, or unset the variable");
    }

    @Test
    void variableAndFile_mustNotContradict() throws IOException {
        assertRefused(Map.of("TSS_REDIS_PASSWORD", "other", "TSS_REDIS_PASSWORD_FILE", file("s3cret")),
                "environment variable TSS_REDIS_PASSWORD_FILE: redis.password contradicts environment variable "
                        + "TSS_REDIS_PASSWORD, which gives the same setting another value; keep one of them");
    }

    @Test
    void whatIsNoSecret_isNotReadFromAFile() throws IOException {
        assertRefused(Map.of("TSS_REDIS_DB_FILE", file("1")), "environment variable TSS_REDIS_DB_FILE: redis.db "
                + "holds no secret, so it is not read from a file; set TSS_REDIS_DB to its value");
    }

    @Test
    void wrongValueInAFile_isNotShown() throws IOException {
        assertRefused(Map.of("TSS_EXPORT_OTLP_HTTP_HEADERS_FILE", file("s3cret")),
                "environment variable TSS_EXPORT_OTLP_HTTP_HEADERS_FILE: export.otlp_http.headers must be key=value "
                        + "pairs with commas between them, each key once");
    }

    @Test
    void variableOfAKey_isNotThatOfASecretsFile() {
        assertThat(SelectorConfig.KEYS.all()).filteredOn(ConfigKey::mayHoldSecret)
                .noneMatch(key -> SelectorConfig.KEYS.find(key.name() + "_file") != null);
    }
}
