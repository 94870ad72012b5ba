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

class OtlpHttpSettingsTest {

    private static final URI COLLECTOR = URI.create("http://collector:4318");

    private static OtlpHttpSettings withHeaders(Map<String, String> headers) {
        return new OtlpHttpSettings(COLLECTOR, headers, Duration.ofSeconds(1), 1, RetryPolicy.DEFAULT);
    }

    @ParameterizedTest
    @CsvSource({
            "http://collector:4318, http://collector:4318/v1/traces",
            "https://collector/, https://collector/v1/traces",
            "HTTPS://collector:4318?key=a%26b, HTTPS://collector:4318/v1/traces?key=a%26b",
            "http://[::1]:4318, http://[::1]:4318/v1/traces",
            "http://collector/otlp/v1/traces, http://collector/otlp/v1/traces",
            "http://collector/otlp/, http://collector/otlp/"})
    void endpointWithoutPathGetsTheDefaultOne(URI given, URI used) {
        assertThat(OtlpHttpSettings.of(given).endpoint()).isEqualTo(used);
    }

    @ParameterizedTest
    @ValueSource(strings = {"collector:4318", "grpc://collector:4317", "/v1/traces", "http:///v1/traces", "http:x"})
    void refusesWhatIsNoHttpUrl(URI endpoint) {
        assertThatIllegalArgumentException().isThrownBy(() -> OtlpHttpSettings.of(endpoint))
                .withMessage("an OTLP/HTTP endpoint looks like https://host:4318/v1/traces");
    }

    @Test
    void refusesCredentialsInTheUrlWithoutRepeatingThem() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> OtlpHttpSettings.of(URI.create("https://me:s3cr3t@collector")))
                .withMessage("the OTLP/HTTP endpoint must not hold credentials; give them in an Authorization header");
    }

    @ParameterizedTest
    @ValueSource(strings = {"Content-Type", "content-encoding", "HOST", "Content-Length", "Connection"})
    void refusesHeadersThatAreNotTheUsersToChoose(String name) {
        assertThatIllegalArgumentException().isThrownBy(() -> withHeaders(Map.of(name, "x")))
                .withMessage("the header " + name + " cannot be chosen");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "X Key", "X:Key", "Schlüssel", "X\n"})
    void refusesNamesThatHttpDoesNotAllow(String name) {
        assertThatIllegalArgumentException().isThrownBy(() -> withHeaders(Map.of(name, "x")))
                .withMessage("not a header name: \"" + name + "\"");
    }

    @ParameterizedTest
    @ValueSource(strings = {"s3cr3t\n", "s3cr3t\r\nX-Other: 1", "s3cr3t\u0000", "s3cr3té"})
    void refusesValuesThatHttpDoesNotAllowWithoutRepeatingThem(String value) {
        assertThatIllegalArgumentException().isThrownBy(() -> withHeaders(Map.of("X-Key", value)))
                .withMessage("the value of the header X-Key has a character that HTTP does not allow; "
                        + "a line break at its end?");
    }

    @Test
    void refusesAHeaderGivenTwice() {
        Map<String, String> headers = new LinkedHashMap<>();
        headers.put("X-Key", "a");
        headers.put("x-key", "b");

        assertThatIllegalArgumentException().isThrownBy(() -> withHeaders(headers))
                .withMessage("the header x-key is given twice");
    }

    @Test
    void refusesTimeoutsAndSizesThatAreNotPositive() {
        assertThatIllegalArgumentException().isThrownBy(() -> new OtlpHttpSettings(COLLECTOR, Map.of(), Duration.ZERO,
                1, RetryPolicy.DEFAULT)).withMessage("the request timeout must be positive: PT0S");
        assertThatIllegalArgumentException().isThrownBy(() -> new OtlpHttpSettings(COLLECTOR, Map.of(),
                Duration.ofSeconds(1), 0, RetryPolicy.DEFAULT)).withMessage("the largest request must be positive: 0");
    }
}
