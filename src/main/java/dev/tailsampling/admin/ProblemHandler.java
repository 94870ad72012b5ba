package dev.tailsampling.admin;

import io.helidon.http.DirectHandler;
import io.helidon.http.HeaderNames;
import io.helidon.http.ServerResponseHeaders;
import io.helidon.http.Status;

/** Tells of what Helidon itself refuses as a problem. Its own sentences may quote the request: they are left out. */
final class ProblemHandler implements DirectHandler {

    @Override
    public TransportResponse handle(TransportRequest request, EventType type, Status status,
            ServerResponseHeaders headers, String message) {
        Problem.Kind kind = switch (status.code()) {
            case 400 -> Problem.Kind.BAD_REQUEST;
            case 403 -> Problem.Kind.FORBIDDEN;
            case 413 -> Problem.Kind.TOO_LARGE;
            case 500 -> Problem.Kind.INTERNAL;
            case 503 -> Problem.Kind.BUSY;
            default -> Problem.Kind.HTTP;
        };
        String detail = switch (kind) {
            case TOO_LARGE -> "the body is larger than admin.max_request_bytes";
            case INTERNAL -> "this should not happen; the log says more";
            case BUSY -> "too many requests are being answered: try again";
            default -> "the request line, its escapes, or the headers are malformed or too long";
        };
        return TransportResponse.builder().status(status).headers(headers)
                .header(HeaderNames.CONTENT_TYPE, Problem.MEDIA_TYPE).header(HeaderNames.CACHE_CONTROL, "no-store")
                .header(HeaderNames.X_CONTENT_TYPE_OPTIONS, "nosniff")
                .keepAlive(type.keepAlive()).entity(Problem.json(kind, status.code(), detail, request.path())).build();
    }
}
