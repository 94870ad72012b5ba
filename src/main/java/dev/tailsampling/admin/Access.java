package dev.tailsampling.admin;

import dev.tailsampling.config.AdminConfig;
import dev.tailsampling.config.ConfigException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Who may use the admin API. */
public sealed interface Access {

    /**
     * Those who have one of these tokens.
     *
     * @param tokens at least one
     */
    record Tokens(List<AdminToken> tokens) implements Access {

        public Tokens {
            tokens = List.copyOf(tokens);
        }

        /** The token that somebody shows, null if it is none of these. All are compared, whichever fits. */
        @Nullable
        AdminToken find(String text) {
            byte[] hash = AdminToken.hash(text);
            AdminToken found = null;
            for (AdminToken token : tokens) {
                found = token.hasHash(hash) ? token : found;
            }
            return found;
        }
    }

    /** Anybody on this machine but web pages of others: the server listens on loopback only. */
    record ThisMachine() implements Access {}

    /** Anybody who reaches the port. */
    record Anybody() implements Access {}

    /**
     * What the configuration asks for.
     *
     * @throws ConfigException if a token cannot be read, or anybody is let in although there are tokens
     */
    static Access of(AdminConfig config) {
        List<AdminToken> tokens = config.tokens().entrySet().stream()
                .map(token -> AdminToken.parse(token.getKey(), token.getValue().value())).toList();
        if (tokens.isEmpty()) {
            return config.insecure() ? new Anybody() : new ThisMachine();
        }
        if (config.insecure()) {
            throw new ConfigException("admin.insecure lets anybody in, but admin.tokens are set: remove one of them");
        }
        return new Tokens(tokens);
    }
}
