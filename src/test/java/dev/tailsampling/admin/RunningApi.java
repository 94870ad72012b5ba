package dev.tailsampling.admin;

import dev.tailsampling.admin.AdminServerSettings.Listener;
import java.time.Duration;
import java.util.List;

/** A server from memory on free ports, for one test. */
final class RunningApi implements AutoCloseable {

    static final int MAX_REQUEST_BYTES = 100_000;

    final MemoryService service = new MemoryService();
    final CycleFeed feed = new CycleFeed();
    final AdminServer server;

    RunningApi(Access access) {
        this(access, 16);
    }

    RunningApi(Access access, int maxConcurrentRequests) {
        Listener anywhere = new Listener("127.0.0.1", 0, "a test");
        server = AdminServer.start(new AdminServerSettings(anywhere, anywhere, access, null, MAX_REQUEST_BYTES,
                maxConcurrentRequests, Duration.ofSeconds(5), List.of()),
                List.of(rules -> rules.get("/health/live", (request, response) -> response.send("up"))),
                service.ports(), feed);
    }

    AdminClient client() {
        return new AdminClient(server.port(), null);
    }

    AdminClient client(String token) {
        return new AdminClient(server.port(), token);
    }

    @Override
    public void close() {
        server.close();
    }
}
