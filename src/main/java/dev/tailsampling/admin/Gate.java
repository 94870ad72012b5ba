package dev.tailsampling.admin;

import io.helidon.http.HeaderName;
import io.helidon.http.HeaderNames;
import io.helidon.webserver.http.ServerRequest;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Lets callers in, or not. */
final class Gate {

    private static final String SCHEME = "bearer ";
    private static final String CHALLENGE = "WWW-Authenticate";
    private static final Pattern THIS_MACHINE =
            Pattern.compile("(?i)(localhost|127\\.\\d{1,3}\\.\\d{1,3}\\.\\d{1,3}|\\[::1])(:\\d{1,5})?");

    private final Access access;

    Gate(Access access) {
        this.access = access;
    }

    /**
     * Who asks.
     *
     * @param needed the role that it takes, null for none
     * @throws Problem.Refusal if the caller may not
     */
    Caller admit(ServerRequest request, @Nullable Role needed) {
        if (needed == null) {
            return Caller.ANONYMOUS;
        }
        return switch (access) {
            case Access.Tokens tokens -> holder(tokens, request, needed);
            case Access.ThisMachine ignored -> {
                refuseForeignHost(request);
                refuseForeignPage(request);
                yield Caller.ANONYMOUS;
            }
            case Access.Anybody ignored -> {
                refuseForeignPage(request);
                yield Caller.ANONYMOUS;
            }
        };
    }

    private static Caller holder(Access.Tokens tokens, ServerRequest request, Role needed) {
        String shown = bearer(request).orElseThrow(() -> unauthenticated(
                "send Authorization: Bearer with a token that has the role " + needed.label() + ": tss token makes one",
                "Bearer"));
        AdminToken token = tokens.find(shown);
        if (token == null) {
            throw unauthenticated("the token is none of admin.tokens", "Bearer error=\"invalid_token\"");
        }
        if (!token.role().covers(needed)) {
            throw new Problem(Problem.Kind.FORBIDDEN, "this takes the role " + needed.label() + ", and the token "
                    + token.name() + " has the role " + token.role().label(),
                    Map.of(CHALLENGE, "Bearer error=\"insufficient_scope\", scope=\"" + needed.label() + "\""))
                    .refusal();
        }
        return new Caller(token.name(), token.role());
    }

    private static Optional<String> bearer(ServerRequest request) {
        return request.headers().first(HeaderNames.AUTHORIZATION)
                .filter(value -> value.regionMatches(true, 0, SCHEME, 0, SCHEME.length()))
                .map(value -> value.substring(SCHEME.length()).strip());
    }

    private static Problem.Refusal unauthenticated(String detail, String challenge) {
        return new Problem(Problem.Kind.UNAUTHENTICATED, detail, Map.of(CHALLENGE, challenge)).refusal();
    }

    private static Optional<String> whole(ServerRequest request, HeaderName name) {
        return request.headers().find(name).map(header -> String.join(",", header.allValues()));
    }

    /** A name of somebody else's that leads to this machine (DNS rebinding) would let that somebody's pages in. */
    private static void refuseForeignHost(ServerRequest request) {
        String host = whole(request, HeaderNames.HOST).orElse("");
        if (!THIS_MACHINE.matcher(host).matches()) {
            throw new Problem(Problem.Kind.FOREIGN_PAGE,
                    "without admin.tokens only requests to localhost are answered, "
                            + "not to " + host)
                    .refusal();
        }
    }

    /** Browsers say whose page asks; programs do not. */
    private static void refuseForeignPage(ServerRequest request) {
        Optional<String> origin = whole(request, HeaderNames.ORIGIN);
        String host = whole(request, HeaderNames.HOST).orElse("");
        String own = (request.isSecure() ? "https://" : "http://") + host;
        if (origin.isPresent() && !origin.get().equalsIgnoreCase(own)) {
            throw new Problem(Problem.Kind.FOREIGN_PAGE, "without admin.tokens web pages of " + origin.get()
                    + " may not ask").refusal();
        }
    }
}
