package dev.tailsampling.admin;

import java.util.Locale;
import java.util.Map;

/**
 * Why a request has no other answer, as RFC 9457 wants it told.
 *
 * @param kind what went wrong
 * @param detail one sentence on this occurrence, with the remedy
 * @param headers further headers of the answer
 */
record Problem(Kind kind, String detail, Map<String, String> headers) {

    /** Media type of the JSON form. */
    static final String MEDIA_TYPE = "application/problem+json";

    /** What can go wrong. */
    enum Kind {
        BAD_REQUEST(400, "The request cannot be read"),
        INVALID_PARAMETER(400, "A parameter of the request cannot be used"),
        UNAUTHENTICATED(401, "A token is needed"),
        FORBIDDEN(403, "The token does not allow this"),
        FOREIGN_PAGE(403, "Web pages of others may not ask"),
        NOT_FOUND(404, "There is no such thing"),
        METHOD_NOT_ALLOWED(405, "The method is not allowed here"),
        NOT_ACCEPTABLE(406, "The answer has no form that is accepted"),
        TOO_MANY_RULES(409, "There are too many force rules"),
        POLICIES_CHANGED(412, "The policies have changed meanwhile"),
        TOO_LARGE(413, "The request is too large"),
        UNSUPPORTED_MEDIA_TYPE(415, "The request has another media type"),
        UNUSABLE_PARAMETER(422, "A parameter of the request does not fit"),
        INVALID_RULE(422, "The force rule cannot be used"),
        INVALID_POLICIES(422, "The policies cannot be used"),
        IDEMPOTENCY_KEY_REUSED(422, "The idempotency key stands for another request"),
        HTTP(400, "The request cannot be answered"),
        INTERNAL(500, "The server failed"),
        BUSY(503, "The server is busy"),
        UNAVAILABLE(503, "A store does not answer");

        private final int status;
        private final String title;

        Kind(int status, String title) {
            this.status = status;
            this.title = title;
        }

        int status() {
            return status;
        }

        /** Tells kinds apart, RFC 4151; nothing is to be found under it. */
        String type() {
            return "tag:tailsampling.dev,2026:problem/" + name().toLowerCase(Locale.ROOT).replace('_', '-');
        }

        String title() {
            return title;
        }
    }

    Problem(Kind kind, String detail) {
        this(kind, detail, Map.of());
    }

    int status() {
        return kind.status();
    }

    /**
     * The JSON form.
     *
     * @param instance path of the request
     */
    byte[] json(String instance) {
        return json(kind, kind.status(), detail, instance);
    }

    /** That of a status for which there is no kind. */
    static byte[] json(Kind kind, int status, String detail, String instance) {
        return Json.object(json -> {
            json.writeStringField("type", kind.type());
            json.writeStringField("title", kind.title());
            json.writeNumberField("status", status);
            json.writeStringField("detail", detail);
            json.writeStringField("instance", instance);
        });
    }

    /** The exception that ends a request with it. */
    Refusal refusal() {
        return new Refusal(this);
    }

    /** Ends a request. */
    static final class Refusal extends RuntimeException {

        private final transient Problem problem;

        private Refusal(Problem problem) {
            super(problem.detail(), null, false, false);
            this.problem = problem;
        }

        Problem problem() {
            return problem;
        }
    }
}
