package dev.tailsampling.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class NearestNameTest {

    private final NearestName names = new NearestName(List.of("kafka.brokers", "redis.url", "datadog.api_key", "a.db"));

    @Test
    void fewEdits_areForgiven() {
        assertThat(names.of("kafka.broker")).isEqualTo("kafka.brokers");
        assertThat(names.of("KAFKA.BROKERS")).isEqualTo("kafka.brokers");
        assertThat(names.of("datadog.apikey")).isEqualTo("datadog.api_key");
    }

    @Test
    void wrongSection_isForgiven() {
        assertThat(names.of("something.else.brokers")).isEqualTo("kafka.brokers");
        assertThat(names.of("api_key")).isEqualTo("datadog.api_key");
    }

    @Test
    void pieceOfAName_isForgiven() {
        assertThat(new NearestName(List.of("kafka.input_topic", "redis.url")).of("kafka.topic"))
                .isEqualTo("kafka.input_topic");
    }

    @Test
    void nothingNear_isNoHint() {
        assertThat(names.of("zzzzzzzzzz")).isNull();
        assertThat(names.hint("zzzzzzzzzz")).isEmpty();
        assertThat(new NearestName(List.of()).of("x")).isNull();
    }

    @Test
    void hintIsASentence() {
        assertThat(names.hint("redis.uri")).isEqualTo("; did you mean redis.url?");
    }
}
