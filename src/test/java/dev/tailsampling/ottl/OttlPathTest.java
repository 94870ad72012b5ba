package dev.tailsampling.ottl;

import static dev.tailsampling.ottl.OttlResult.ERROR;
import static dev.tailsampling.ottl.OttlResult.FALSE;
import static dev.tailsampling.ottl.OttlResult.TRUE;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tailsampling.trace.AttributeValue;
import dev.tailsampling.trace.AttributeValue.ListValue;
import dev.tailsampling.trace.AttributeValue.LongValue;
import dev.tailsampling.trace.AttributeValue.MapValue;
import dev.tailsampling.trace.AttributeValue.StringValue;
import dev.tailsampling.trace.SpanKind;
import dev.tailsampling.trace.StatusCode;
import dev.tailsampling.trace.TestSpan;
import dev.tailsampling.trace.TraceId;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Every path reads its field. */
class OttlPathTest {

    private static final AttributeValue NESTED = new MapValue(List.of(
            new MapValue.Entry("list", new ListValue(List.of(new StringValue("zero"), new LongValue(1)))),
            new MapValue.Entry("b", new StringValue("deep"))));

    private static final TestSpan SPAN = TestSpan.of(TraceId.parse("0102030405060708090a0b0c0d0e0f10"))
            .id(0x1112131415161718L).parent(0x2122232425262728L).name("GET /cart").kind(SpanKind.SERVER)
            .nanos(1_000_000_001L, 3_500_000_001L).status(StatusCode.ERROR).statusMessage("boom").flags(0x101)
            .traceState("ot=th:8,vendor=a b").dropped(1, 2, 3)
            .with("http.status_code", 503).with("a", NESTED).with("which", "http.status_code").with("index", 1)
            .resource("service.name", "cart").scope("my-scope", "1.2").scopeAttribute("k", "v")
            .event("exception", 7, Map.of("exception.type", new StringValue("IOError")))
            .event("retry", 8, Map.of()).link(new TraceId(1, 2), 3, Map.of());

    @ParameterizedTest
    @ValueSource(strings = {
            "trace_id == TraceID(0x0102030405060708090a0b0c0d0e0f10)",
            "trace_id == TraceID(\"0102030405060708090a0b0c0d0e0f10\")",
            "trace_id != 0x0102030405060708090a0b0c0d0e0f10",
            "trace_id.string == \"0102030405060708090a0b0c0d0e0f10\"",
            "span_id == SpanID(0x1112131415161718)",
            "span_id.string == \"1112131415161718\"",
            "parent_span_id != SpanID(0x0000000000000000)",
            "parent_span_id.string == \"2122232425262728\"",
            "trace_state == \"ot=th:8,vendor=a b\"",
            "trace_state[\"ot\"] == \"th:8\"",
            "trace_state[\"vendor\"] == \"a b\"",
            "trace_state[\"none\"] == \"\"",
            "name == \"GET /cart\"",
            "kind == SPAN_KIND_SERVER",
            "kind == 2",
            "kind.string == \"Server\"",
            "kind.deprecated_string == \"SPAN_KIND_SERVER\"",
            "start_time_unix_nano == 1000000001",
            "end_time_unix_nano == 3500000001",
            "UnixNano(start_time) == 1000000001",
            "end_time - start_time == Duration(\"2500ms\")",
            "status.code == STATUS_CODE_ERROR",
            "status.message == \"boom\"",
            "status != nil",
            "flags == 257",
            "dropped_attributes_count == 1",
            "dropped_events_count == 2",
            "dropped_links_count == 3",
            "Len(attributes) == 4",
            "Len(events) == 2",
            "Len(span.links) == 1",
            "attributes != nil",
            "attributes[\"http.status_code\"] == 503",
            "attributes[\"none\"] == nil",
            "attributes[\"none\"][\"deeper\"][3] == nil",
            "attributes[\"a\"][\"b\"] == \"deep\"",
            "attributes[\"a\"][\"none\"] == nil",
            "attributes[\"a\"][\"list\"][0] == \"zero\"",
            "attributes[\"a\"][\"list\"][attributes[\"index\"]] == 1",
            "attributes[\"a\"][\"list\"][2 - 1] == 1",
            "attributes[attributes[\"which\"]] == 503",
            "resource.attributes[\"service.name\"] == \"cart\"",
            "resource.attributes == {\"service.name\": \"cart\"}",
            "resource.attributes != {\"service.name\": \"other\"}",
            "scope.name == \"my-scope\"",
            "instrumentation_scope.name == \"my-scope\"",
            "instrumentation_scope.version == \"1.2\"",
            "scope.attributes[\"k\"] == \"v\"",
            "scope.dropped_attributes_count == 0",
            "span.name == \"GET /cart\" and span.attributes[\"http.status_code\"] >= 500",
            "not IsRootSpan()"})
    void ofASpan(String condition) {
        assertThat(OttlCondition.parseSpan(condition).test(SPAN)).isEqualTo(TRUE);
    }

    @ParameterizedTest
    @ValueSource(strings = {
            "name == \"exception\"",
            "spanevent.name == \"retry\" and time_unix_nano == 8",
            "UnixNano(spanevent.time) == 7",
            "attributes[\"exception.type\"] == \"IOError\"",
            "spanevent.attributes[\"exception.type\"] == \"IOError\" and span.attributes[\"http.status_code\"] == 503",
            "dropped_attributes_count == 0",
            "resource.attributes[\"service.name\"] == \"cart\" and scope.name == \"my-scope\"",
            "span.kind == SPAN_KIND_SERVER"})
    void ofASpanEvent(String condition) {
        assertThat(OttlCondition.parseSpanEvent(condition).test(SPAN)).isEqualTo(TRUE);
        assertThat(OttlCondition.parseSpanEvent(condition).test(TestSpan.span())).isEqualTo(FALSE);
    }

    @ParameterizedTest
    @ValueSource(strings = {
            "attributes[\"a\"][\"list\"][2] == nil",
            "attributes[\"a\"][\"list\"][\"x\"] == nil",
            "attributes[\"a\"][0] == nil",
            "attributes[\"which\"][\"x\"] == nil",
            "attributes[attributes[\"index\"]] == nil",
            "attributes == resource.attributes"})
    void failsWhereThereIsNoSuchElement(String condition) {
        assertThat(OttlCondition.parseSpan(condition).test(SPAN)).isEqualTo(ERROR);
    }

    @Test
    void aMalformedTraceStateHasNoEntries() {
        OttlCondition condition = OttlCondition.parseSpan("trace_state[\"ot\"] == nil");
        assertThat(condition.test(TestSpan.span().traceState("ot=th:8,noequals"))).isEqualTo(TRUE);
        assertThat(condition.test(TestSpan.span().traceState("ot=th:8,ot=th:8"))).isEqualTo(TRUE);
        assertThat(condition.test(TestSpan.span().traceState("ot=th:8,,a@b=c"))).isEqualTo(FALSE);
        assertThat(condition.test(TestSpan.span())).isEqualTo(FALSE);
    }

    @Test
    void everyKindHasItsWords() {
        for (SpanKind kind : SpanKind.values()) {
            String word = kind.name().charAt(0) + kind.name().substring(1).toLowerCase(Locale.ROOT);
            OttlCondition condition = OttlCondition.parseSpan("kind.string == \"" + word + "\" and kind == SPAN_KIND_"
                    + kind + " and kind.deprecated_string == \"SPAN_KIND_" + kind + "\"");
            assertThat(condition.test(TestSpan.span().kind(kind))).as(word).isEqualTo(TRUE);
        }
    }
}
