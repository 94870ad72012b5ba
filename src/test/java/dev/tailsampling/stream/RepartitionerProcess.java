package dev.tailsampling.stream;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** A {@link Repartitioner} in a process of its own, which can be killed. It ends with its standard input, at the latest. */
final class RepartitionerProcess {

    private RepartitionerProcess() {}

    static Process start(LocalKafka kafka, String group, String input, String output) throws IOException {
        return new ProcessBuilder(List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-Xmx64m",
                "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "--enable-native-access=ALL-UNNAMED",
                "-cp", System.getProperty("java.class.path"), RepartitionerProcess.class.getName(), kafka.bootstrap(),
                group, input, output)).redirectErrorStream(true).redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
    }

    /** Collects for a minute before it commits, so that it has an open transaction all of the time. */
    public static void main(String[] arguments) throws IOException {
        KafkaSettings settings = new KafkaSettings(arguments[0], null, KafkaSettings.Tls.NONE,
                new KafkaSettings.Group(arguments[1], KafkaSettings.Protocol.CONSUMER, null, Duration.ofSeconds(10),
                        KafkaSettings.OffsetReset.EARLIEST),
                Map.of("transaction.timeout.ms", "3000"));
        Repartitioner
                .start(new Repartitioner.Plan(settings, arguments[2], arguments[3], new RecordDecoder(null), null, 1,
                        Duration.ofMinutes(1)), (source, row, reason) -> {
                            throw new IllegalStateException(reason);
                        });
        while (System.in.read() >= 0) {
            // Only its end says something.
        }
        Runtime.getRuntime().halt(0);
    }
}
