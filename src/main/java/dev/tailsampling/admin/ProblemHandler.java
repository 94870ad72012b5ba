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
        Problem.Kind kind = switch (type) {
            case PAYLOAD_TOO_LARGE -> Problem.Kind.TOO_LARGE;
            case BAD_REQUEST -> Problem.Kind.BAD_REQUEST;
            case FORBIDDEN -> Problem.Kind.FORBIDDEN;
            case INTERNAL_ERROR -> Problem.Kind.INTERNAL;
            case OTHER, HTTP_VERSION_NOT_SUPPORTED -> status.code() == 503 ? Problem.Kind.BUSY : Problem.Kind.HTTP;
        };
        String detail = switch (kind) {
            case TOO_LARGE -> "the body is larger than admin.max_request_bytes";
            case INTERNAL -> "this should not happen; the log says more";
            case BUSY -> "too many requests are being answered: try again";
            default -> "the request is not valid HTTP: " + status.reasonPhrase();
        };
        return TransportResponse.builder().status(status).headers(headers)
                .header(HeaderNames.CONTENT_TYPE, Problem.MEDIA_TYPE).header(HeaderNames.CACHE_CONTROL, "no-store")
                .keepAlive(type.keepAlive()).entity(Problem.json(kind, status.code(), detail, request.path())).build();
    }
}
