package dev.tailsampling.admin;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One operation of the API.
 *
 * @param method GET, POST, PUT or DELETE; HEAD goes where GET goes
 * @param path with its parameters in braces
 * @param role who may; null for anybody
 * @param load how much it asks of the stores
 * @param produces media type of what is answered
 * @param query names of its query parameters
 * @param action what it does
 */
record Route(String method, String path, @Nullable Role role, Load load, String produces, List<String> query,
        Action action) {

    static final String JSON = "application/json";
    static final String YAML = "application/yaml";
    static final String EVENTS = "text/event-stream";

    /** How much an operation asks of the stores. */
    enum Load {
        /** A few rows. */
        LIGHT,
        /** Scans of tables: few at the same time. */
        HEAVY,
        /** Lasts as long as the caller wants; limited by the feed. */
        LASTING
    }

    /** Answers a request. */
    @FunctionalInterface
    interface Action {
        /**
         * The answer.
         *
         * @throws Problem.Refusal if there is none
         */
        Answer answer(ApiRequest request);
    }

    Route {
        query = List.copyOf(query);
    }

    /** Answers in JSON after reading a few rows. */
    static Route light(String method, String path, Role role, Action action, String... query) {
        return new Route(method, path, role, Load.LIGHT, JSON, List.of(query), action);
    }

    /** Answers in JSON after scanning tables. */
    static Route heavy(String method, String path, Role role, Action action, String... query) {
        return new Route(method, path, role, Load.HEAVY, JSON, List.of(query), action);
    }
}
