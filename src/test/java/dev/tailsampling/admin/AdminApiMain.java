package dev.tailsampling.admin;

import dev.tailsampling.admin.AdminServerSettings.Listener;
import java.time.Duration;
import java.util.List;

/** Serves the API from memory until its process is ended, for tools that try it: {@code scripts/api-fuzz}. */
final class AdminApiMain {

    private AdminApiMain() {}

    /** Listens on the port in the first argument and takes the token in the second. */
    public static void main(String[] arguments) throws InterruptedException {
        AdminServerSettings settings = new AdminServerSettings(
                new Listener("127.0.0.1", Integer.parseInt(arguments[0]), "the first argument"), null,
                new Access.Tokens(List.of(AdminToken.of("fuzz", Role.ADMIN, arguments[1]))), null, 1 << 20, 64,
                Duration.ofSeconds(1), List.of());
        try (AdminServer server = AdminServer.start(settings, List.of(), new MemoryService().ports(),
                new CycleFeed())) {
            System.out.println("listening on " + server.port());
            Thread.currentThread().join();
        }
    }
}
