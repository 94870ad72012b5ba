package dev.tailsampling.admin;

import dev.tailsampling.selector.SourceException;
import io.helidon.http.HeaderNames;
import io.helidon.http.HttpException;
import io.helidon.http.Method;
import io.helidon.http.RequestException;
import io.helidon.http.Status;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.concurrent.Semaphore;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Answers requests by their routes: lets callers in, keeps the load bounded, and tells of failures as problems. */
final class Dispatcher {

    private static final Logger LOG = LoggerFactory.getLogger(Dispatcher.class);

    /** Scans of tables at the same time: each keeps a processor and the storage busy. */
    private static final int MAX_HEAVY = 4;
    private static final Map<String, String> SOON = Map.of("Retry-After", "5");

    private final Gate gate;
    private final int maxRequestBytes;
    private final Semaphore all;
    private final Semaphore heavy = new Semaphore(MAX_HEAVY);

    Dispatcher(Gate gate, int maxConcurrentRequests, int maxRequestBytes) {
        this.gate = gate;
        this.maxRequestBytes = maxRequestBytes;
        this.all = new Semaphore(maxConcurrentRequests);
    }

    void handle(Route route, ServerRequest request, ServerResponse response) throws InterruptedException {
        switch (answer(route, request)) {
            case Answer.Document document -> send(document, request, response);
            case Answer.Stream stream -> {
                response.header(HeaderNames.CACHE_CONTROL, "no-store");
                if (request.prologue().method().equals(Method.HEAD)) {
                    stream.events().close();
                    response.header(HeaderNames.CONTENT_TYPE, "text/event-stream").send();
                } else {
                    EventStream.write(stream.events(), response);
                }
            }
        }
    }

    private Answer answer(Route route, ServerRequest request) {
        try {
            Caller caller = gate.admit(request, route.role());
            ApiRequest asked = new ApiRequest(request, caller, maxRequestBytes);
            asked.knows(route.query());
            asked.accepts(route.produces());
            Answer answer = bounded(route, asked);
            if (!route.method().equals("GET")) {
                LOG.atInfo().setMessage("admin request").addKeyValue("method", route.method())
                        .addKeyValue("path", path(request)).addKeyValue("author", caller.name()).log();
            }
            return answer;
        } catch (Problem.Refusal refusal) {
            return document(refusal.problem(), request);
        } catch (RequestException | HttpException e) {
            // Helidon's own, to which the error handlers know an answer.
            throw e;
        } catch (SourceException e) {
            return document(new Problem(Problem.Kind.UNUSABLE_PARAMETER, String.valueOf(e.getMessage())), request);
        } catch (UncheckedIOException e) {
            LOG.atWarn().setMessage("a store does not answer").addKeyValue("path", path(request)).setCause(e).log();
            return document(new Problem(Problem.Kind.UNAVAILABLE,
                    "what this request needs does not answer at the moment, the log says more: try again", SOON),
                    request);
        } catch (RuntimeException e) {
            LOG.atError().setMessage("a request failed").addKeyValue("path", path(request)).setCause(e).log();
            return document(new Problem(Problem.Kind.INTERNAL, "this should not happen; the log says more"), request);
        }
    }

    private Answer bounded(Route route, ApiRequest request) {
        return switch (route.load()) {
            case LIGHT -> within(all, () -> route.action().answer(request));
            case HEAVY -> within(all, () -> within(heavy, () -> route.action().answer(request)));
            case LASTING -> route.action().answer(request);
        };
    }

    private interface Work {
        Answer done();
    }

    private static Answer within(Semaphore limit, Work work) {
        if (!limit.tryAcquire()) {
            throw new Problem(Problem.Kind.BUSY, "too many requests are being answered: try again", SOON).refusal();
        }
        try {
            return work.done();
        } finally {
            limit.release();
        }
    }

    static void send(Problem problem, ServerRequest request, ServerResponse response) {
        send(document(problem, request), request, response);
    }

    private static Answer.Document document(Problem problem, ServerRequest request) {
        return new Answer.Document(problem.status(), Problem.MEDIA_TYPE, problem.json(path(request)),
                problem.headers());
    }

    private static String path(ServerRequest request) {
        return request.path().absolute().rawPath();
    }

    private static void send(Answer.Document document, ServerRequest request, ServerResponse response) {
        response.status(Status.create(document.status()));
        response.header(HeaderNames.CACHE_CONTROL, "no-store");
        response.header(HeaderNames.X_CONTENT_TYPE_OPTIONS, "nosniff");
        document.headers().forEach((name, value) -> response.header(HeaderNames.create(name), value));
        if (!document.mediaType().isEmpty()) {
            response.header(HeaderNames.CONTENT_TYPE, document.mediaType());
        }
        if (request.prologue().method().equals(Method.HEAD)) {
            response.contentLength(document.body().length);
            response.send();
        } else if (document.body().length == 0) {
            response.send();
        } else {
            response.send(document.body());
        }
    }
}
