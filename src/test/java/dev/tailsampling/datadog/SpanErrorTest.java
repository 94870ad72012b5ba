package dev.tailsampling.datadog;

import static dev.tailsampling.datadog.TestTrace.START;
import static dev.tailsampling.datadog.TestTrace.attributes;
import static dev.tailsampling.datadog.TestTrace.bytes;
import static dev.tailsampling.datadog.TestTrace.mapped;
import static dev.tailsampling.datadog.TestTrace.span;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.opentelemetry.proto.trace.v1.Span;
import io.opentelemetry.proto.trace.v1.Span.Event;
import io.opentelemetry.proto.trace.v1.Span.Link;
import io.opentelemetry.proto.trace.v1.Span.SpanKind;
import io.opentelemetry.proto.trace.v1.Status;
import io.opentelemetry.proto.trace.v1.Status.StatusCode;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Errors, events and links. */
class SpanErrorTest {

    private static final ObjectMapper JSON = new ObjectMapper();

    private static Span.Builder failed(String message, Map<String, ?> attributes, Event.Builder... events) {
        Span.Builder span = span(SpanKind.SPAN_KIND_SERVER, attributes)
                .setStatus(Status.newBuilder().setCode(StatusCode.STATUS_CODE_ERROR).setMessage(message));
        for (Event.Builder event : events) {
            span.addEvents(event);
        }
        return span;
    }

    private static Event.Builder exception(String type, String message) {
        return Event.newBuilder().setName("exception").setTimeUnixNano(START).addAllAttributes(attributes(Map.of(
                "exception.type", type, "exception.message", message, "exception.stacktrace", "at " + type)));
    }

    private static JsonNode json(String text) throws JsonProcessingException {
        return JSON.readTree(text);
    }

    @Test
    void lastExceptionExplainsTheError() {
        DatadogSchema.Span span = mapped(failed("", Map.of(), exception("First", "one"), exception("Second", "two")));

        assertThat(span.error()).isEqualTo(1);
        assertThat(span.meta()).containsEntry("error.msg", "two").containsEntry("error.type", "Second")
                .containsEntry("error.stack", "at Second").containsEntry("_dd.span_events.has_exception", "true");
    }

    @Test
    void messageOfTheStatusComesFirst() {
        assertThat(mapped(failed("boom", Map.of("http.response.status_code", 500), exception("E", "other"))).meta())
                .containsEntry("error.msg", "boom").containsEntry("error.type", "E");
    }

    @Test
    void statusCodeOfTheAnswerIsTheLastResort() {
        assertThat(mapped(failed("", Map.of("http.response.status_code", 503))).meta())
                .containsEntry("error.msg", "503 Service Unavailable").doesNotContainKeys("error.type", "error.stack");
        assertThat(mapped(failed("", Map.of("http.status_code", 599))).meta()).containsEntry("error.msg", "599");
        assertThat(mapped(failed("", Map.of())).meta()).doesNotContainKey("error.msg");
    }

    @Test
    void attributesOfThatNameStay() {
        assertThat(mapped(failed("boom", Map.of("error.msg", "mine", "error.type", "Mine", "error.stack", "here"),
                exception("E", "other"))).meta()).containsEntry("error.msg", "mine").containsEntry("error.type", "Mine")
                .containsEntry("error.stack", "here");
    }

    @Test
    void exceptionThatWasHandledIsNoError() {
        DatadogSchema.Span span =
                mapped(span(SpanKind.SPAN_KIND_SERVER, Map.of()).addEvents(exception("E", "handled")));

        assertThat(span.error()).isZero();
        assertThat(span.meta()).containsEntry("_dd.span_events.has_exception", "true")
                .doesNotContainKeys("error.msg", "error.type", "error.stack");
    }

    @Test
    void eventsAreJson() throws JsonProcessingException {
        DatadogSchema.Span span = mapped(span(SpanKind.SPAN_KIND_SERVER, Map.of())
                .addEvents(Event.newBuilder().setName("cache \"miss\"").setTimeUnixNano(START)
                        .addAllAttributes(attributes(Map.of("n", 3))).addAllAttributes(attributes(Map.of("list",
                                List.of("a", true))))
                        .setDroppedAttributesCount(2))
                .addEvents(Event.newBuilder().setName("bare")));

        assertThat(json(span.meta().get("events"))).isEqualTo(json("""
                [{"time_unix_nano":1700000000000000000,"name":"cache \\"miss\\"","attributes":{"n":3,"list":["a",true]},
                  "dropped_attributes_count":2},{"name":"bare"}]"""));
        assertThat(span.meta()).doesNotContainKey("_dd.span_events.has_exception");
    }

    @Test
    void eventsThatAreTooLongMakeRoomForOthers() throws JsonProcessingException {
        Span.Builder span = span(SpanKind.SPAN_KIND_SERVER, Map.of()).addEvents(exception("E", "x".repeat(30_000)))
                .addEvents(Event.newBuilder().setName("small"));

        assertThat(json(mapped(span).meta().get("events"))).isEqualTo(json("[{\"name\":\"small\"}]"));
    }

    @Test
    void linksAreJson() throws JsonProcessingException {
        DatadogSchema.Span span = mapped(span(SpanKind.SPAN_KIND_CONSUMER, Map.of())
                .addLinks(Link.newBuilder().setTraceId(bytes(1, 2)).setSpanId(bytes(-1)).setTraceState("a=b")
                        .addAllAttributes(attributes(Map.of("n", 3))))
                .addLinks(Link.newBuilder().setTraceId(bytes(3, 4)).setSpanId(bytes(5))));

        assertThat(json(span.meta().get("_dd.span_links"))).isEqualTo(json("""
                [{"trace_id":"00000000000000010000000000000002","span_id":"ffffffffffffffff","tracestate":"a=b",
                  "attributes":{"n":"3"}},
                 {"trace_id":"00000000000000030000000000000004","span_id":"0000000000000005"}]"""));
    }
}
