package dev.tailsampling.cli;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.joran.JoranConfigurator;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.util.LogbackMDCAdapter;
import ch.qos.logback.core.OutputStreamAppender;
import ch.qos.logback.core.joran.spi.JoranException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.tailsampling.config.ConfigLoader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.Logger;

/** Lines as they leave the process: through logback.xml and the settings of a configuration. */
class LogSettingsTest {

    private static final String NAME = "dev.tailsampling.cli.CycleLog";
    private static final String CANARY = "s3cret-canary";
    private static final String TEXT_LINE =
            "\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{3}\\S+ [A-Z]{4,5} +\\w+: .*";

    private final ByteArrayOutputStream written = new ByteArrayOutputStream();
    private final LoggerContext context = new LoggerContext();
    private final Logger log = context.getLogger(NAME);

    @BeforeEach
    void configure() throws JoranException {
        context.setMDCAdapter(new LogbackMDCAdapter());
        JoranConfigurator configurator = new JoranConfigurator();
        configurator.setContext(context);
        // Tests have another configuration, which goes before this one.
        configurator.doConfigure(LogSettings.class.getResource("/logback.xml"));
        var appender = (OutputStreamAppender<ILoggingEvent>) context.getLogger(Logger.ROOT_LOGGER_NAME)
                .getAppender("stderr");
        appender.setOutputStream(written);
    }

    @AfterEach
    void stop() {
        context.stop();
    }

    private void apply(String... variables) {
        Map<String, String> environment = new HashMap<>();
        for (int i = 0; i < variables.length; i += 2) {
            environment.put(variables[i], variables[i + 1]);
        }
        LogSettings.of(new ConfigLoader(environment).load()).apply(context);
    }

    private List<String> lines() {
        String text = written.toString(StandardCharsets.UTF_8);
        assertThat(text).endsWith("\n");
        return List.of(text.substring(0, text.length() - 1).split("\n"));
    }

    private JsonNode json() throws IOException {
        assertThat(lines()).hasSize(1);
        return new ObjectMapper().readTree(lines().getFirst());
    }

    @Test
    void aLineIsAFlatObject() throws IOException {
        apply("TSS_APP_INSTANCE_ID", "tss-0", "TSS_OBSERVABILITY_SERVICE_NAME", "sampler");
        Instant before = Instant.now();

        log.atInfo().setMessage("cycle").addKeyValue("table", "otel.traces").addKeyValue("spans_read", 5_000_000_000L)
                .addKeyValue("caught_up", true).addKeyValue("message", "taken").addKeyValue("nothing", (Object) null)
                .log();

        JsonNode line = json();
        assertThat(Instant.parse(line.get("timestamp").asText())).isBetween(before, Instant.now());
        assertThat(line.toString()).endsWith("""
                ,"level":"INFO","service_name":"sampler","instance_id":"tss-0",\
                "logger":"dev.tailsampling.cli.CycleLog","thread":"%s","message":"cycle","table":"otel.traces",\
                "spans_read":5000000000,"caught_up":true,"message_":"taken","nothing":null}"""
                .formatted(Thread.currentThread().getName()));
    }

    @Test
    void failuresHaveFieldsOfTheirOwn() throws IOException {
        apply();
        log.warn("a cycle of {} failed", "otel.traces",
                new UncheckedIOException("storing failed", new IOException("disk full")));

        JsonNode line = json();
        assertThat(line.get("message").asText()).isEqualTo("a cycle of otel.traces failed");
        assertThat(line.get("exception_type").asText()).isEqualTo("java.io.UncheckedIOException");
        assertThat(line.get("exception_message").asText()).isEqualTo("storing failed");
        assertThat(line.get("exception_stacktrace").asText()).contains("\tCaused by: java.io.IOException: disk full\n")
                .contains("LogSettingsTest.failuresHaveFieldsOfTheirOwn(");
    }

    @Test
    void peopleReadOneLine() {
        apply("TSS_OBSERVABILITY_JSON_LOGGING", "false");
        log.atInfo().setMessage("cycle").addKeyValue("table", "otel.\"a\"").addKeyValue("spans_read", 5).log();

        assertThat(lines()).singleElement().asString().matches(TEXT_LINE)
                .endsWith(" INFO  CycleLog: cycle table=\"otel.\\\"a\\\"\" spans_read=5");
    }

    @Test
    void commandsLogForPeople() {
        log.info("hello\nworld");
        log.debug("not this");
        assertThat(lines()).singleElement().asString().endsWith(" INFO  CycleLog: hello\\nworld");
    }

    @Test
    void theLevelIsThatOfThisProgramOnly() {
        apply("TSS_OBSERVABILITY_LOG_LEVEL", "debug");
        log.debug("ours");
        context.getLogger("org.apache.iceberg").info("a library's");
        context.getLogger("org.apache.iceberg").warn("a library's warning");
        context.getLogger("org.apache.iceberg.rest.auth.OAuth2Manager").warn("the whole URI");
        assertThat(lines()).hasSize(2);
    }

    @Test
    void errorsOnly() {
        apply("TSS_OBSERVABILITY_LOG_LEVEL", "error");
        log.warn("ours");
        context.getLogger("org.apache.iceberg").warn("a library's");
        log.error("this");
        assertThat(lines()).hasSize(1);
    }

    @Test
    void anotherConfigurationOfLoggingStays() {
        var root = context.getLogger(Logger.ROOT_LOGGER_NAME);
        var appender = root.getAppender("stderr");
        root.detachAppender(appender);
        appender.setName("mine");
        root.addAppender(appender);
        apply("TSS_OBSERVABILITY_LOG_LEVEL", "error");

        log.info("hello");

        assertThat(lines()).singleElement().asString().endsWith("CycleLog: hello");
    }

    @ParameterizedTest
    @ValueSource(strings = {"true", "false"})
    void noSecretIsLogged(String json) {
        apply("TSS_OBSERVABILITY_JSON_LOGGING", json,
                "TSS_REDIS_URL", "redis://:" + CANARY + "1@redis:6379/0",
                "TSS_REDIS_PASSWORD", CANARY + "2",
                "TSS_CONTROL_PLANE_URL", "jdbc:postgresql://pg/tss?user=u&password=" + CANARY + "3",
                "TSS_STORAGE_ICEBERG_PROPERTIES", "credential=client:" + CANARY + "4,s3.region=here",
                "TSS_STORAGE_ICEBERG_S3_SECRET_ACCESS_KEY", CANARY + "5",
                "TSS_EXPORT_OTLP_HTTP_HEADERS", "authorization=Bearer " + CANARY + "6");
        // As libraries word it, where no pattern would find them.
        for (int i = 1; i <= 6; i++) {
            String secret = CANARY + i;
            Exception cause = new IllegalStateException("the server said: WRONGPASS " + secret);
            cause.addSuppressed(new IOException("closing " + secret));
            log.atWarn().setMessage("cannot log in with " + secret).addKeyValue("detail", "<" + secret + ">")
                    .setCause(new UncheckedIOException("failed: " + secret, new IOException(secret, cause))).log();
            log.warn("with argument {}", secret);
        }

        assertThat(written.toString(StandardCharsets.UTF_8)).doesNotContain(CANARY).contains("WRONGPASS ***");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"redis://u:" + CANARY + "@h:1/0", "GET https://h/p?x=1&access_token=" + CANARY + "&y=2 gave 401",
                    "Authorization: Bearer " + CANARY, "{\"client_secret\":\"" + CANARY + "\"}",
                    "{\"token\": \"" + CANARY + "\"}", "properties {s3.secret-access-key=" + CANARY + ", region=here}",
                    "password='" + CANARY + "'", "sent bearer " + CANARY + "-and-more", "credential=id:" + CANARY})
    void whatLooksLikeASecretIsHidden(String text) {
        log.warn(text);
        log.warn("failed", new IOException(text));
        assertThat(written.toString(StandardCharsets.UTF_8)).doesNotContain(CANARY).contains("***");
    }

    @ParameterizedTest
    @ValueSource(strings = {"the token 7 of the lease is older than 8", "http://host:8181: contact ops",
            "basic checks passed",
            "unexpected token: found '}'", "a password is missing: set redis.password", "s3://bucket/a@b"})
    void otherTextsStay(String text) {
        log.warn(text);
        assertThat(lines()).singleElement().asString().endsWith(": " + text);
    }

    @Test
    void noMessageMakesLinesOfItsOwn() throws IOException {
        long seed = 20261126;
        Random random = new Random(seed);
        String alphabet = "ab\n\r\t\u001b\u0000\u0085\u2028\u202e\"\\é😀{}";
        int[] characters = alphabet.codePoints().toArray();
        apply();
        for (int i = 0; i < 500; i++) {
            StringBuilder text = new StringBuilder();
            for (int j = 0; j < 20; j++) {
                text.appendCodePoint(characters[random.nextInt(characters.length)]);
            }
            written.reset();
            log.atInfo().setMessage(text.toString()).addKeyValue("key", text).setCause(new IOException(text.toString()))
                    .log();
            JsonNode line = json();
            assertThat(line.get("message").asText()).as("seed %d", seed).isEqualTo(text.toString());
            assertThat(line.get("key").asText()).as("seed %d", seed).isEqualTo(text.toString());
        }
        apply("TSS_OBSERVABILITY_JSON_LOGGING", "false");
        for (int i = 0; i < 500; i++) {
            StringBuilder text = new StringBuilder();
            for (int j = 0; j < 20; j++) {
                text.appendCodePoint(characters[random.nextInt(characters.length)]);
            }
            written.reset();
            log.atInfo().setMessage(text.toString()).addKeyValue("key", text).setCause(new IOException(text.toString()))
                    .log();
            String all = written.toString(StandardCharsets.UTF_8);
            assertThat(all.lines().filter(line -> !line.startsWith("\t"))).as("seed %d", seed).singleElement()
                    .asString()
                    .matches(TEXT_LINE);
            assertThat(all.replace("\n", "").replace("\t", "").codePoints()).as("seed %d", seed)
                    .noneMatch(Character::isISOControl);
        }
    }
}
