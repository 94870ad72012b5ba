package dev.tailsampling.store;

import io.lettuce.core.RedisClient;
import io.lettuce.core.api.sync.RedisCommands;
import io.lettuce.core.codec.StringCodec;
import io.lettuce.core.output.StatusOutput;
import io.lettuce.core.protocol.CommandArgs;
import io.lettuce.core.protocol.CommandType;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import redis.embedded.core.ExecutableProvider;

/**
 * A real redis-server on a free port of the loopback interface, in a folder of its own: that of the PATH, else the one in
 * embedded-redis (6.2). May be stopped, started again with or without its data, and paused. Not thread-safe.
 */
public final class LocalRedis implements AutoCloseable {

    private static final String READY = "Ready to accept connections";
    private static final int ATTEMPTS = 5;
    private static final int SLOTS = 16_384;
    private static final long STOP_SECONDS = 10;

    private final Path folder;
    private final List<String> options;
    private int port;
    private Process process;

    private LocalRedis(Path folder, List<String> options) {
        this.folder = folder;
        this.options = options;
    }

    /** Starts a server; returns when it answers. */
    public static LocalRedis start(String... options) {
        try {
            LocalRedis redis = new LocalRedis(Files.createTempDirectory("tss-redis"), List.of(options));
            redis.startOnFreePort();
            return redis;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void startOnFreePort() throws IOException {
        for (int attempt = 1;; attempt++) {
            port = freePort();
            try {
                launch();
                return;
            } catch (IOException e) {
                // Another process may have taken the port in between.
                if (attempt == ATTEMPTS) {
                    throw e;
                }
            }
        }
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    private void launch() throws IOException {
        List<String> command = new ArrayList<>(List.of(executable().getPath(), "--port", String.valueOf(port),
                "--bind", "127.0.0.1", "--dir", folder.toString(), "--save", "", "--appendonly", "yes"));
        command.addAll(options);
        process = new ProcessBuilder(command).redirectErrorStream(true).start();
        BufferedReader output = process.inputReader();
        StringBuilder said = new StringBuilder();
        for (String line = output.readLine(); line != null; line = output.readLine()) {
            said.append(line).append('\n');
            if (line.contains(READY)) {
                Thread.ofPlatform().daemon().name("redis-output").start(() -> readOn(output));
                return;
            }
        }
        throw new IOException("redis-server did not start: " + said);
    }

    /** Lest the server stops when nobody reads what it says. */
    private static void readOn(BufferedReader output) {
        try {
            output.transferTo(Writer.nullWriter());
        } catch (IOException e) {
            // The server has ended.
        }
    }

    private static File executable() throws IOException {
        for (String folder : System.getenv().getOrDefault("PATH", "").split(File.pathSeparator)) {
            File file = new File(folder, "redis-server");
            if (file.canExecute()) {
                return file;
            }
        }
        return Embedded.EXECUTABLE.get();
    }

    /** Unpacked once. */
    private static final class Embedded {
        private static final ExecutableProvider EXECUTABLE = ExecutableProvider.newJarResourceProvider();
    }

    public int port() {
        return port;
    }

    /** {@code redis://127.0.0.1:port}. */
    public String url() {
        return "redis://127.0.0.1:" + port;
    }

    /** Ends the server, its data on disk. */
    public void stop() {
        process.destroy();
        try {
            if (!process.waitFor(STOP_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly().waitFor();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            process.destroyForcibly();
        }
    }

    /** Starts the stopped server again on its port, with the data it had. */
    public void startAgain() {
        try {
            launch();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Starts the stopped server again on its port, without any data. */
    public void startAgainEmpty() {
        deleteData();
        startAgain();
    }

    /** Runs a line such as {@code ACL SETUSER name on …}. */
    public void allow(String aclSetUser) {
        try (RedisClient client = RedisClient.create(url())) {
            String[] words = aclSetUser.split(" +");
            CommandArgs<String, String> arguments = new CommandArgs<>(StringCodec.UTF8);
            for (int i = 1; i < words.length; i++) {
                arguments.add(words[i]);
            }
            client.connect().sync().dispatch(CommandType.valueOf(words[0]), new StatusOutput<>(StringCodec.UTF8),
                    arguments);
        }
    }

    /** Makes a server that was started with {@code --cluster-enabled yes} a cluster of one. */
    public void takeAllSlots() {
        try (RedisClient client = RedisClient.create(url())) {
            RedisCommands<String, String> commands = client.connect().sync();
            commands.clusterAddSlots(IntStream.range(0, SLOTS).toArray());
            long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(STOP_SECONDS);
            while (!commands.clusterInfo().contains("cluster_state:ok") && System.nanoTime() < end) {
                LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(10));
            }
        }
    }

    /** Keeps the server from answering; connections stay open. */
    public void pause() {
        signal("-STOP");
    }

    /** Ends a pause. */
    public void resume() {
        signal("-CONT");
    }

    private void signal(String name) {
        try {
            int exit = new ProcessBuilder("kill", name, String.valueOf(process.pid())).start().waitFor();
            if (exit != 0) {
                throw new IllegalStateException("kill " + name + " failed with exit code " + exit);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private void deleteData() {
        try (Stream<Path> files = Files.walk(folder)) {
            files.sorted(Comparator.reverseOrder()).filter(file -> !file.equals(folder))
                    .forEach(file -> file.toFile().delete());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        process.destroyForcibly();
        try {
            process.waitFor();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        deleteData();
        folder.toFile().delete();
    }
}
