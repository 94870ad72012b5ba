package dev.tailsampling.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.tailsampling.config.ConfigLoader;
import dev.tailsampling.config.PolicyFile;
import dev.tailsampling.config.SelectorConfig;
import dev.tailsampling.lake.TableTopicOptions;
import dev.tailsampling.lake.TableTopicWriter;
import dev.tailsampling.selector.CycleMetric;
import dev.tailsampling.selector.CycleReport;
import dev.tailsampling.selector.SpanObserver;
import dev.tailsampling.stream.LocalKafka;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import picocli.CommandLine;

/**
 * Real traces through a real broker, over few partitions and many, by one instance and several that come and go: always
 * exactly the traces that somebody else counted, each of their spans exported once.
 */
class FastPathIT {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Duration PATIENCE = Duration.ofSeconds(90);

    @TempDir
    private static Path data;

    @TempDir
    private Path folder;

    private final LocalKafka kafka = LocalKafka.shared();
    private long handedOver;

    /** An instance in this process, with the catalog and the state of its home. */
    private final class Instance implements AutoCloseable {

        private final Workspace workspace;
        private final TopicSampling sampling;

        Instance(Map<String, String> environment, Path policies, Path exported) {
            SelectorConfig config = new ConfigLoader(environment).load();
            workspace = Workspace.open(folder, config, InstantSource.system());
            ExportOptions export = new ExportOptions();
            CommandLine.populateCommand(export, "--export-file", exported.toString());
            PolicySource source = PolicySource.fixed(
                    ActivePolicies.parse(policies.toString(), PolicyFile.read(policies).text()).loaded());
            TopicPlan topic = TopicPlan.of(config).orElseThrow();
            ServicePlan plan = new ServicePlan(Optional.of(topic), new SampledTables(List.of()), source, export,
                    Duration.ofSeconds(1), Console.silent());
            TopicSelectors selectors = new TopicSelectors(workspace, topic, plan, source::policies, List::of,
                    new InstanceBoard(), new Silent(), SpanObserver.NONE);
            sampling = new TopicSampling(topic, selectors, workspace, () -> {});
            sampling.start();
        }

        @Override
        public void close() {
            sampling.close();
            workspace.close();
        }
    }

    /** Says nothing but failures. */
    private final class Silent implements TableWatcher {
        @Override
        public void begins(String table) {}

        @Override
        public void rests(String table) {}

        @Override
        public void cycle(SelectorRun run, CycleReport report) {
            synchronized (FastPathIT.class) {
                handedOver += report.get(CycleMetric.TRACES_HANDED_OVER);
            }
        }

        @Override
        public void standby(String table) {}

        @Override
        public void failed(String table, RuntimeException failure) {
            failure.printStackTrace();
        }

        @Override
        public void sessionEnded(String table) {}
    }

    /** Whether the topic is keyed by trace id. */
    private enum Keys {
        KEYED, UNKEYED
    }

    /** Where spans are while their traces are open. */
    private enum Lake {
        /** In memory. */
        NONE,
        /** In a table with all records; one trace is held in memory. */
        WHOLE,
        /** Likewise, but the table has the first half of the records. */
        BEHIND
    }

    static Stream<Arguments> streams() {
        return Stream.of(Arguments.of("opensearch-otel", 1, 1, Keys.KEYED, Lake.NONE),
                Arguments.of("opensearch-hotrod", 4, 1, Keys.KEYED, Lake.NONE),
                Arguments.of("zipkin-lens", 16, 2, Keys.KEYED, Lake.NONE),
                Arguments.of("opensearch-otel", 16, 3, Keys.KEYED, Lake.NONE),
                Arguments.of("opensearch-otel", 1, 1, Keys.UNKEYED, Lake.NONE),
                Arguments.of("opensearch-hotrod", 4, 2, Keys.UNKEYED, Lake.NONE),
                Arguments.of("opensearch-hotrod", 1, 1, Keys.KEYED, Lake.WHOLE),
                Arguments.of("opensearch-otel", 4, 2, Keys.KEYED, Lake.WHOLE),
                Arguments.of("zipkin-lens", 4, 3, Keys.KEYED, Lake.BEHIND),
                Arguments.of("opensearch-otel", 4, 2, Keys.UNKEYED, Lake.WHOLE));
    }

    @ParameterizedTest
    @MethodSource("streams")
    void exactlyTheCountedTracesAreKept(String name, int partitions, int instances, Keys keys, Lake lake)
            throws IOException {
        RealSet set = RealSet.open(name, data);
        List<ProducedTopic.Message> messages =
                ProducedTopic.messages(set.lines(), partitions, keys == Keys.KEYED);
        for (RealSet.Expectation expected : set.expectations(folder)) {
            handedOver = 0;
            String topic = kafka.newTopic(partitions);
            Map<String, String> environment = environment(topic, lake == Lake.NONE ? "memory" : "iceberg");
            environment.put("TSS_KAFKA_KEYED_BY_TRACE_ID", Boolean.toString(keys == Keys.KEYED));
            if (lake != Lake.NONE) {
                environment.put("TSS_APP_MAX_BUFFER_TRACES", "1");
                load(environment, topic, partitions,
                        lake == Lake.WHOLE ? messages : messages.subList(0, messages.size() / 2));
            }
            String read = keys == Keys.KEYED ? topic : topic + "-by-trace";
            Path exported = folder.resolve(topic + ".otlp.jsonl");
            List<Instance> running = new ArrayList<>();
            try {
                for (int i = 0; i < instances; i++) {
                    running.add(new Instance(environment, expected.policies(), exported));
                }
                int half = messages.size() / 2;
                ProducedTopic.produce(kafka, topic, messages.subList(0, half));
                if (instances > 1) {
                    running.removeFirst().close();
                    running.add(new Instance(environment, expected.policies(), exported));
                }
                ProducedTopic.produce(kafka, topic, messages.subList(half, messages.size()));
                awaitDecisions(read, expected.traces());
            } finally {
                running.forEach(Instance::close);
            }
            check(set, expected, read, exported);
            assertThat(handedOver > 0).as("traces handed over: %d", handedOver).isEqualTo(lake != Lake.NONE);
        }
    }

    /** As Table Topic would have written the topic's records. */
    private void load(Map<String, String> environment, String topic, int partitions,
            List<ProducedTopic.Message> messages) {
        SelectorConfig config = new ConfigLoader(environment).load();
        try (Workspace workspace = Workspace.open(folder, config, InstantSource.system())) {
            ProducedTopic.load(new TableTopicWriter(workspace.catalog(), "default." + topic,
                    TableTopicOptions.of(partitions, InstantSource.system())), messages);
        }
    }

    private Map<String, String> environment(String topic, String storage) {
        Map<String, String> environment = new HashMap<>();
        environment.put("TSS_HOME", folder.toString());
        environment.put("TSS_KAFKA_BROKERS", kafka.bootstrap());
        environment.put("TSS_KAFKA_INPUT_TOPIC", topic);
        environment.put("TSS_KAFKA_CONSUMER_GROUP", "group-" + topic);
        environment.put("TSS_KAFKA_AUTO_OFFSET_RESET", "earliest");
        environment.put("TSS_KAFKA_ENABLED", "true");
        environment.put("TSS_KAFKA_COMMIT_INTERVAL_MS", "500");
        environment.put("TSS_KAFKA_TIME_SLACK_MS", "1000");
        // Some traces have long silences.
        environment.put("TSS_APP_INACTIVITY_TIMEOUT_SECS", "360000");
        environment.put("TSS_APP_MAX_TRACE_DURATION_SECS", "360000");
        environment.put("TSS_STORAGE_STORAGE_TYPE", storage);
        return environment;
    }

    private List<JsonNode> decisions(String topic) throws IOException {
        List<JsonNode> decisions = new ArrayList<>();
        for (String line : new Tss(folder).run("decisions", "--topic", topic, "--output", "json").ok().lines()) {
            decisions.add(JSON.readTree(line));
        }
        return decisions;
    }

    private void awaitDecisions(String topic, int traces) {
        Awaitility.await("decisions of " + topic).atMost(PATIENCE).pollInterval(Duration.ofMillis(500))
                .until(() -> decisions(topic).size() >= traces);
    }

    private void check(RealSet set, RealSet.Expectation expected, String topic, Path exported) throws IOException {
        Set<String> kept = new TreeSet<>();
        List<JsonNode> decisions = decisions(topic);
        for (JsonNode decision : decisions) {
            String id = decision.get("trace_id").asText();
            assertThat(decision.get("span_count").asInt()).as("spans of %s", id).isEqualTo(set.spans(id));
            if (decision.get("outcome").asText().equals("SAMPLED")) {
                kept.add(id);
            }
        }
        assertThat(decisions).as("each trace is decided once").hasSize(expected.traces());
        assertThat(kept).as("%s, policies %s", set, expected.name()).isEqualTo(expected.kept());
        Map<String, Integer> spans = new HashMap<>();
        expected.kept().forEach(id -> spans.put(id, set.spans(id)));
        assertThat(exportedSpans(exported)).isEqualTo(spans);
    }

    private static Map<String, Integer> exportedSpans(Path exported) throws IOException {
        Map<String, Integer> spans = new HashMap<>();
        if (Files.exists(exported)) {
            try (Stream<String> lines = Files.lines(exported)) {
                for (String line : (Iterable<String>) lines::iterator) {
                    JSON.readTree(line).findValues("spans").forEach(
                            list -> list.forEach(span -> spans.merge(span.get("traceId").asText(), 1, Integer::sum)));
                }
            }
        }
        return spans;
    }
}
