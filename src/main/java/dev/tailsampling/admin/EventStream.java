package dev.tailsampling.admin;

import dev.tailsampling.selector.FinishedCycle;
import io.helidon.http.sse.SseEvent;
import io.helidon.webserver.http.ServerResponse;
import io.helidon.webserver.sse.SseSink;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;

/** Writes a subscription as server-sent events, until one side has enough. */
final class EventStream {

    /** Silence is broken after so long, so that neither side, nor what is between, takes the other for dead. */
    private static final Duration HEARTBEAT = Duration.ofSeconds(15);

    private EventStream() {}

    static void write(CycleFeed.Subscription events, ServerResponse response) throws InterruptedException {
        try (events; SseSink sink = response.sink(SseSink.TYPE)) {
            sink.emit(SseEvent.builder().comment("cycles as they finish").build());
            Optional<CycleFeed.Subscription.Next> next = events.next(HEARTBEAT);
            while (next.isPresent()) {
                emit(next.get(), sink);
                next = events.next(HEARTBEAT);
            }
        } catch (UncheckedIOException e) {
            // The listener is gone, which is how most streams end.
        }
    }

    private static void emit(CycleFeed.Subscription.Next next, SseSink sink) {
        if (next.lostBefore() > 0) {
            sink.emit(event("lost", json -> json.writeNumberField("cycles", next.lostBefore())));
        }
        FinishedCycle cycle = next.cycle();
        sink.emit(cycle == null
                ? SseEvent.builder().comment("still here").build()
                : event("cycle", json -> CycleJson.write(json, cycle)));
    }

    private static SseEvent event(String name, Json.Fields fields) {
        return SseEvent.builder().name(name).data(new String(Json.object(fields), StandardCharsets.US_ASCII)).build();
    }
}
