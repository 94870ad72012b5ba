package dev.tailsampling.stream;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Properties;
import kafka.server.KafkaConfig;
import kafka.server.KafkaRaftServer;
import kafka.tools.StorageTool;
import org.apache.kafka.common.utils.Time;

/**
 * The main class of {@link LocalKafka}'s process. Its standard input is the life line: when that ends, the broker stops,
 * so that none is left behind by a test run that was killed.
 */
final class KafkaBroker {

    /** Said when the broker answers. */
    static final String READY = "Kafka is ready";
    private static final String CLUSTER_ID = "AAAAAAAAQACAAAAAAAAAAA";

    private KafkaBroker() {}

    /** Formats the folder if it is new, and serves. */
    public static void main(String[] arguments) throws IOException {
        Path configuration = Path.of(arguments[0]);
        Properties properties = new Properties();
        try (var reader = Files.newBufferedReader(configuration)) {
            properties.load(reader);
        }
        if (!Files.exists(Path.of(properties.getProperty("log.dirs"), "meta.properties"))) {
            StorageTool.execute(new String[]{"format", "-t", CLUSTER_ID, "-c", configuration.toString()},
                    new PrintStream(OutputStream.nullOutputStream()));
        }
        KafkaRaftServer server = new KafkaRaftServer(new KafkaConfig(properties), Time.SYSTEM);
        server.startup();
        System.out.println(READY);
        while (System.in.read() >= 0) {
            // Only its end says something.
        }
        server.shutdown();
        server.awaitShutdown();
        System.exit(0);
    }
}
