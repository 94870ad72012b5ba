package dev.tailsampling.export;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.net.URI;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class OtlpGrpcSettingsTest {

    private static final URI COLLECTOR = URI.create("http://collector:4317");

    private static OtlpGrpcSettings withHeaders(Map<String, String> headers) {
        return new OtlpGrpcSettings(COLLECTOR, headers, Duration.ofSeconds(1), 1, Compression.GZIP,
                RetryPolicy.DEFAULT);
    }

    @ParameterizedTest
    @CsvSource({"http://collector:4317, http://collector:4317, collector, 4317, false",
            "https://collector/, https://collector:4317, collector, 4317, true",
            "HTTPS://collector:443, HTTPS://collector:443, collector, 443, true",
            "http://[::1]:55, http://[::1]:55, ::1, 55, false"})
    void endpointIsHostAndPort(URI given, String place, String host, int port, boolean tls) {
        OtlpGrpcSettings settings = OtlpGrpcSettings.of(given);

        assertThat(settings.place()).isEqualTo(place);
        assertThat(settings.host()).isEqualTo(host);
        assertThat(settings.port()).isEqualTo(port);
        assertThat(settings.usesTls()).isEqualTo(tls);
    }

    @ParameterizedTest
    @ValueSource(strings = {"collector:4317", "grpc://collector:4317", "http://collector:4317/v1/traces",
            "http://collector:4317?key=a", "http:///", "http:x"})
    void refusesWhatIsNoAddress(URI endpoint) {
        assertThatIllegalArgumentException().isThrownBy(() -> OtlpGrpcSettings.of(endpoint))
                .withMessage("an OTLP/gRPC endpoint looks like https://host:4317, without a path");
    }

    @Test
    void refusesCredentialsInTheUrlWithoutRepeatingThem() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> OtlpGrpcSettings.of(URI.create("https://me:s3cr3t@collector")))
                .withMessage("the OTLP/gRPC endpoint must not hold credentials; give them in an authorization header");
    }

    @ParameterizedTest
    @ValueSource(strings = {"Content-Type", "te", "User-Agent", "grpc-timeout", "token-bin"})
    void refusesHeadersThatAreNotTheUsersToChoose(String name) {
        assertThatIllegalArgumentException().isThrownBy(() -> withHeaders(Map.of(name, "x")))
                .withMessage("the header " + name + " cannot be chosen");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "x key", ":path", "Schlüssel", "x\n"})
    void refusesNamesThatGrpcDoesNotAllow(String name) {
        assertThatIllegalArgumentException().isThrownBy(() -> withHeaders(Map.of(name, "x")))
                .withMessage("not a name of gRPC metadata: \"" + name + "\"");
    }

    @ParameterizedTest
    @ValueSource(strings = {"s3cr3t\n", "s3cr\u00e9t", "\u0000"})
    void refusesValuesThatGrpcDoesNotAllowWithoutRepeatingThem(String value) {
        assertThatIllegalArgumentException().isThrownBy(() -> withHeaders(Map.of("api-key", value)))
                .withMessage("the value of the header api-key has a character that gRPC does not allow; "
                        + "a line break at its end?");
    }

    @Test
    void namesAreInLowerCaseAndUnique() {
        assertThat(withHeaders(Map.of("Api-Key", "x")).headers()).containsExactly(Map.entry("api-key", "x"));
        Map<String, String> twice = new LinkedHashMap<>();
        twice.put("api-key", "a");
        twice.put("Api-Key", "b");
        assertThatIllegalArgumentException().isThrownBy(() -> withHeaders(twice))
                .withMessage("the header Api-Key is given twice");
    }

    @Test
    void refusesLimitsOfNothing() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new OtlpGrpcSettings(COLLECTOR, Map.of(), Duration.ZERO, 1,
                        Compression.GZIP, RetryPolicy.DEFAULT))
                .withMessageContaining("timeout");
        assertThatIllegalArgumentException().isThrownBy(() -> new OtlpGrpcSettings(COLLECTOR, Map.of(),
                Duration.ofSeconds(1), 0, Compression.GZIP, RetryPolicy.DEFAULT)).withMessageContaining("request");
    }
}
