package dev.tailsampling.cli;

import dev.tailsampling.admin.AdminToken;
import dev.tailsampling.admin.Role;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;

/** {@code tss token}: makes a token for the admin API. */
@Command(name = "token", description = {"Makes a token for the admin API and shows it once, with the lines for the",
        "configuration, which hold its hash. Nothing is stored."})
final class TokenCommand implements Callable<Integer> {

    @ParentCommand
    private Main main;

    @Option(names = "--name", paramLabel = "NAME", required = true,
            description = "Of whoever is to use it; changes are on record under it.")
    private String name = "";

    @Option(names = "--role", paramLabel = "ROLE", required = true, description = {
            "read: look at everything; rules: also change force rules; admin: also change the policies."})
    private String role = "";

    @Override
    public Integer call() {
        byte[] random = new byte[AdminToken.RANDOM_BYTES];
        new SecureRandom().nextBytes(random);
        String text = AdminToken.text(random);
        AdminToken token = token(text);
        main.console().out().print("""
                %s

                Keep it, it cannot be shown again: requests send it as Authorization: Bearer. In the configuration:

                admin:
                  tokens:
                    %s: "%s"
                """.formatted(text, name, token.configured()));
        main.console().out().flush();
        return ExitCode.OK;
    }

    private AdminToken token(String text) {
        Role wanted = Role.ofLabel(role).orElseThrow(() -> new UsageException("--role must be "
                + Arrays.stream(Role.values()).map(Role::label).collect(Collectors.joining(", ")) + ", not " + role));
        try {
            return AdminToken.of(name, wanted, text);
        } catch (IllegalArgumentException e) {
            throw new UsageException("--name: " + e.getMessage());
        }
    }
}
