package dev.tailsampling.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.tailsampling.store.LocalPostgres;
import dev.tailsampling.store.LocalRedis;
import dev.tailsampling.stream.LocalKafka;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Two processes share a topic, a catalog and their state; one is killed while it decides, another is stopped in order.
 * Every trace is decided once, as counted, and every span of a kept trace arrives at least once.
 */
class FastPathKilledIT {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int PARTITIONS = 8;

    @TempDir
    private Path folder;

    private final LocalKafka kafka = LocalKafka.shared();
    private LocalS3 s3;
    private LocalRestCatalog catalog;
    private LocalRedis redis;
    private LocalPostgres postgres;
    private String topic;
    private Path policies;

    @BeforeEach
    void startServers() throws Exception {
        s3 = LocalS3.start("lakehouse");
        catalog = LocalRestCatalog.start(folder.resolve("pointers.db"), s3);
        redis = LocalRedis.start();
        postgres = LocalPostgres.create();
        topic = kafka.newTopic(PARTITIONS);
    }

    @AfterEach
    void stopServers() {
        redis.close();
        catalog.close();
        s3.close();
    }

    private Map<String, String> environment(String instance) {
        Map<String, String> environment = new HashMap<>();
        environment.put("TSS_STORAGE_ICEBERG_CATALOG_URI", catalog.uri().toString());
        environment.put("TSS_STORAGE_ICEBERG_WAREHOUSE", "wh");
        environment.put("TSS_STORAGE_ICEBERG_S3_ENDPOINT", s3.endpoint().toString());
        environment.put("TSS_STORAGE_ICEBERG_S3_ACCESS_KEY_ID", LocalS3.ACCESS_KEY_ID);
        environment.put("TSS_STORAGE_ICEBERG_S3_SECRET_ACCESS_KEY", LocalS3.SECRET_ACCESS_KEY);
        environment.put("TSS_STORAGE_ICEBERG_S3_REGION", LocalS3.REGION);
        environment.put("TSS_REDIS_URL", redis.url());
        environment.put("TSS_CONTROL_PLANE_URL", postgres.url());
        environment.put("TSS_CONTROL_PLANE_USERNAME", LocalPostgres.USER);
        environment.put("TSS_APP_INSTANCE_ID", instance);
        environment.put("TSS_APP_INACTIVITY_TIMEOUT_SECS", "360000");
        environment.put("TSS_APP_MAX_TRACE_DURATION_SECS", "360000");
        environment.put("TSS_APP_MAX_BUFFER_TRACES", "8");
        environment.put("TSS_KAFKA_ENABLED", "true");
        environment.put("TSS_KAFKA_BROKERS", kafka.bootstrap());
        environment.put("TSS_KAFKA_INPUT_TOPIC", topic);
        environment.put("TSS_KAFKA_CONSUMER_GROUP", "group-" + topic);
        environment.put("TSS_KAFKA_AUTO_OFFSET_RESET", "earliest");
        environment.put("TSS_KAFKA_COMMIT_INTERVAL_MS", "1000");
        return environment;
    }

    private RunningService start(String instance) throws IOException {
        return RunningService.start(Files.createDirectories(folder.resolve(instance)),
                folder.resolve(instance + ".log"), environment(instance), "--policies", policies.toString(),
                "--export-file", folder.resolve(instance + ".otlp.jsonl").toString());
    }

    @Test
    void aTraceIsDecidedOnceWhoeverDies() throws Exception {
        RealSet set = RealSet.open("opensearch-otel", folder);
        RealSet.Expectation expected = set.expectations(folder).getFirst();
        policies = expected.policies();
        List<ProducedTopic.Message> messages = ProducedTopic.messages(set.lines(), PARTITIONS, true);
        int third = messages.size() / 3;
        try (RunningService first = start("first"); RunningService second = start("second")) {
            ProducedTopic.produce(kafka, topic, messages.subList(0, third));
            first.await("one has read spans",
                    () -> first.metric("spans_ingested_total") + second.metric("spans_ingested_total") > 0);
            first.kill();
            ProducedTopic.produce(kafka, topic, messages.subList(third, 2 * third));
            try (RunningService last = start("third")) {
                ProducedTopic.produce(kafka, topic, messages.subList(2 * third, messages.size()));
                second.await("most is decided", () -> decisions().size() >= expected.traces() / 2);
                assertThat(second.stop()).as("ended by SIGTERM").isEqualTo(143);
                Awaitility.await("all is decided").atMost(Duration.ofSeconds(120))
                        .pollInterval(Duration.ofSeconds(1)).until(() -> decisions().size() >= expected.traces());
                assertThat(last.stop()).as("ended by SIGTERM").isEqualTo(143);
            }
        }
        check(set, expected);
    }

    private List<String> decisions() {
        Tss tss = new Tss(folder.resolve("client"));
        environment("client").forEach(tss::with);
        return tss.run("decisions", "--topic", topic, "--output", "json").ok().lines();
    }

    private void check(RealSet set, RealSet.Expectation expected) throws IOException {
        Set<String> kept = new TreeSet<>();
        List<String> lines = decisions();
        for (String line : lines) {
            JsonNode decision = JSON.readTree(line);
            String id = decision.get("trace_id").asText();
            assertThat(decision.get("span_count").asInt()).as("spans of %s", id).isEqualTo(set.spans(id));
            if (decision.get("outcome").asText().equals("SAMPLED")) {
                kept.add(id);
            }
        }
        assertThat(lines).hasSize(expected.traces());
        assertThat(kept).isEqualTo(expected.kept());
        Map<String, Set<String>> spans = new HashMap<>();
        for (String instance : List.of("first", "second", "third")) {
            Path exported = folder.resolve(instance + ".otlp.jsonl");
            if (Files.exists(exported)) {
                try (Stream<String> all = Files.lines(exported)) {
                    for (String line : (Iterable<String>) all::iterator) {
                        JSON.readTree(line).findValues("spans").forEach(list -> list.forEach(
                                span -> spans.computeIfAbsent(span.get("traceId").asText(), unseen -> new TreeSet<>())
                                        .add(span.get("spanId").asText())));
                    }
                }
            }
        }
        for (String id : expected.kept()) {
            assertThat(spans.getOrDefault(id, Set.of())).as("exported spans of %s", id).hasSize(set.spans(id));
        }
    }
}
