package dev.tailsampling.stream;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;

/**
 * A real Kafka broker of one node (KRaft) in a process of its own, on free ports of the loopback interface and in a folder
 * of its own. May be stopped, killed, and started again with its data. It ends when this JVM does, however that ends. Not
 * thread-safe, but for {@link #createTopic}.
 */
public final class LocalKafka implements AutoCloseable {

    private static final int ATTEMPTS = 5;
    private static final int LEADER_ATTEMPTS = 100;
    private static final long STOP_SECONDS = 20;
    private static final AtomicInteger TOPICS = new AtomicInteger();

    private final Path folder;
    private final Map<String, String> properties;
    private int port;
    private int controllerPort;
    private Process process;

    private LocalKafka(Path folder, Map<String, String> properties) {
        this.folder = folder;
        this.properties = properties;
    }

    /** The one that all tests of this JVM share; nobody stops it. */
    public static LocalKafka shared() {
        return Shared.KAFKA;
    }

    private static final class Shared {
        // Where much else runs the broker may get no turn for long; it counts as alive nevertheless.
        private static final LocalKafka KAFKA = start(Map.of("broker.session.timeout.ms", "60000"));
    }

    /**
     * Starts a broker; returns when it answers.
     *
     * @param properties of the broker, which go before those of this class; in their values {@code {port}} and
     *     {@code {controller}} stand for the ports
     */
    public static LocalKafka start(Map<String, String> properties) {
        try {
            LocalKafka kafka = new LocalKafka(Files.createTempDirectory("tss-kafka"), properties);
            Runtime.getRuntime().addShutdownHook(Thread.ofPlatform().unstarted(kafka::close));
            kafka.startOnFreePorts();
            return kafka;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void startOnFreePorts() throws IOException {
        for (int attempt = 1;; attempt++) {
            try (ServerSocket one = freePort(); ServerSocket other = freePort()) {
                port = one.getLocalPort();
                controllerPort = other.getLocalPort();
            }
            try {
                launch();
                return;
            } catch (IOException e) {
                // Another process may have taken a port in between.
                if (attempt == ATTEMPTS) {
                    throw e;
                }
                deleteData();
                Files.createDirectories(folder);
            }
        }
    }

    private static ServerSocket freePort() throws IOException {
        return new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
    }

    private void launch() throws IOException {
        List<String> command =
                new ArrayList<>(List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx256m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-XX:-UsePerfData",
                        "--enable-native-access=ALL-UNNAMED", "-Dlogback.configurationFile=local-kafka-logback.xml",
                        "-cp", System.getProperty("java.class.path"), KafkaBroker.class.getName(),
                        configuration().toString()));
        process = new ProcessBuilder(command).redirectErrorStream(true).start();
        BufferedReader output = process.inputReader();
        StringBuilder said = new StringBuilder();
        for (String line = output.readLine(); line != null; line = output.readLine()) {
            said.append(line).append('\n');
            if (line.equals(KafkaBroker.READY)) {
                Thread.ofPlatform().daemon().name("kafka-output").start(() -> readOn(output));
                return;
            }
        }
        throw new IOException("Kafka did not start: " + said);
    }

    private Path configuration() throws IOException {
        Map<String, String> all = new LinkedHashMap<>();
        all.put("process.roles", "broker,controller");
        all.put("node.id", "1");
        all.put("controller.quorum.voters", "1@127.0.0.1:" + controllerPort);
        all.put("listeners", "PLAINTEXT://127.0.0.1:" + port + ",CONTROLLER://127.0.0.1:" + controllerPort);
        all.put("advertised.listeners", "PLAINTEXT://127.0.0.1:" + port);
        all.put("controller.listener.names", "CONTROLLER");
        all.put("inter.broker.listener.name", "PLAINTEXT");
        all.put("listener.security.protocol.map", "CONTROLLER:PLAINTEXT,PLAINTEXT:PLAINTEXT");
        all.put("log.dirs", folder.resolve("data").toString());
        all.put("offsets.topic.replication.factor", "1");
        all.put("offsets.topic.num.partitions", "1");
        all.put("transaction.state.log.replication.factor", "1");
        all.put("transaction.state.log.min.isr", "1");
        all.put("transaction.state.log.num.partitions", "1");
        all.put("share.coordinator.state.topic.replication.factor", "1");
        all.put("share.coordinator.state.topic.min.isr", "1");
        all.put("transaction.abort.timed.out.transaction.cleanup.interval.ms", "500");
        all.put("group.initial.rebalance.delay.ms", "0");
        all.put("group.min.session.timeout.ms", "1000");
        all.put("group.consumer.min.session.timeout.ms", "1000");
        all.put("group.consumer.session.timeout.ms", "6000");
        all.put("group.consumer.min.heartbeat.interval.ms", "200");
        all.put("group.consumer.heartbeat.interval.ms", "500");
        all.put("auto.create.topics.enable", "false");
        // Records of tests have timestamps of long ago.
        all.put("log.retention.ms", "-1");
        all.put("log.cleaner.dedupe.buffer.size", "2097152");
        all.put("log.cleaner.threads", "1");
        properties.forEach((name, value) -> all.put(name, value.replace("{port}", String.valueOf(port))
                .replace("{controller}", String.valueOf(controllerPort))));
        Path file = folder.resolve("server.properties");
        Files.write(file, all.entrySet().stream().map(entry -> entry.getKey() + "=" + entry.getValue()).toList());
        return file;
    }

    /** Lest the broker stops when nobody reads what it says. */
    private static void readOn(BufferedReader output) {
        try {
            output.transferTo(Writer.nullWriter());
        } catch (IOException e) {
            // The broker has ended.
        }
    }

    /** {@code 127.0.0.1:port}. */
    public String bootstrap() {
        return "127.0.0.1:" + port;
    }

    /** Creates a topic. */
    public void createTopic(String name, int partitions) {
        createTopic(name, partitions, Map.of());
    }

    /** Creates a topic with configuration of its own. */
    public void createTopic(String name, int partitions, Map<String, String> configuration) {
        try (Admin admin = admin()) {
            admin.createTopics(List.of(new NewTopic(name, partitions, (short) 1).configs(configuration))).all().get();
            // Only leaders answer. A producer whose first batch meets none may find its second one taken, and be stuck.
            Map<TopicPartition, OffsetSpec> all = new HashMap<>();
            for (int partition = 0; partition < partitions; partition++) {
                all.put(new TopicPartition(name, partition), OffsetSpec.latest());
            }
            awaitLeaders(admin, all);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        } catch (ExecutionException e) {
            throw new IllegalStateException("topic " + name + " cannot be created", e.getCause());
        }
    }

    private static void awaitLeaders(Admin admin, Map<TopicPartition, OffsetSpec> partitions)
            throws InterruptedException, ExecutionException {
        for (int attempt = 1;; attempt++) {
            try {
                admin.listOffsets(partitions).all().get();
                return;
            } catch (ExecutionException e) {
                // The broker may not have heard yet of what its controller has created.
                if (attempt == LEADER_ATTEMPTS || !(e.getCause() instanceof UnknownTopicOrPartitionException)) {
                    throw e;
                }
                TimeUnit.MILLISECONDS.sleep(100);
            }
        }
    }

    /** Creates a topic whose name nobody else has, and returns the name. */
    public String newTopic(int partitions) {
        String name = "topic-" + TOPICS.incrementAndGet();
        createTopic(name, partitions);
        return name;
    }

    /** For whatever else a test needs; to be closed. */
    public Admin admin() {
        return Admin.create(Map.of(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrap()));
    }

    /** Ends the broker in good order, its data on disk. */
    public void stop() {
        try {
            process.getOutputStream().close();
        } catch (IOException e) {
            // It has ended.
        }
        awaitEnd();
    }

    /** Ends the broker at once, as a failure of its machine would. */
    public void kill() {
        process.destroyForcibly();
        awaitEnd();
    }

    private void awaitEnd() {
        try {
            if (!process.waitFor(STOP_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly().waitFor();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            process.destroyForcibly();
        }
    }

    /** Starts the stopped broker again on its ports, with the data it had. */
    public void startAgain() {
        try {
            launch();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void deleteData() {
        try (Stream<Path> files = Files.walk(folder)) {
            files.sorted(Comparator.reverseOrder()).forEach(file -> file.toFile().delete());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        if (process != null) {
            kill();
        }
        if (Files.exists(folder)) {
            deleteData();
        }
    }
}
