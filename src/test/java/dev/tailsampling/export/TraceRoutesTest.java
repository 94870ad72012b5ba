package dev.tailsampling.export;

import static dev.tailsampling.export.SampledTraces.trace;
import static dev.tailsampling.export.ScriptedDestination.DONE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.tailsampling.export.TraceRoutes.Condition;
import dev.tailsampling.export.TraceRoutes.Route;
import dev.tailsampling.selector.ExportOutcome;
import dev.tailsampling.selector.NamePattern;
import dev.tailsampling.selector.SampledTrace;
import dev.tailsampling.trace.AttributeKey;
import dev.tailsampling.trace.Threshold;
import dev.tailsampling.trace.TraceId;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.common.v1.AnyValue;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.trace.v1.Span;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class TraceRoutesTest {

    private static final Set<String> OTHERWISE = Set.of("other");

    private final ScriptedDestination a = new ScriptedDestination("a");
    private final ScriptedDestination b = new ScriptedDestination("b");

    private static TraceRoutes routes(Route... routes) {
        return new TraceRoutes(List.of(routes), OTHERWISE);
    }

    private static Route byPolicy(String pattern, String... to) {
        return new Route(new Condition.Policy(NamePattern.of(pattern)), Set.of(to));
    }

    private static Route byAttribute(String key, Set<String> values, String... to) {
        return new Route(new Condition.Attribute(AttributeKey.of(key), values), Set.of(to));
    }

    private static SampledTrace keptBy(String policy) {
        SampledTrace any = trace(1, 1);
        return new SampledTrace(any.traceId(), any.otlp(), any.spanCount(), policy, Threshold.ALWAYS);
    }

    private static AnyValue text(String value) {
        return AnyValue.newBuilder().setStringValue(value).build();
    }

    /** A part of a trace: one span for each map of attributes, all with the resource's. */
    @SafeVarargs
    private static SampledTrace part(int number, Map<String, AnyValue> resource, Map<String, AnyValue>... spans) {
        SampledTrace ids = trace(number, 1);
        ExportTraceServiceRequest.Builder request = ExportTraceServiceRequest.newBuilder();
        var resourceSpans = request.addResourceSpansBuilder();
        resource.forEach((key, value) -> resourceSpans.getResourceBuilder().addAttributes(entry(key, value)));
        var scope = resourceSpans.addScopeSpansBuilder();
        for (Map<String, AnyValue> attributes : spans) {
            Span.Builder span = scope.addSpansBuilder().setTraceId(com.google.protobuf.ByteString.copyFrom(
                    java.nio.ByteBuffer.allocate(16).putLong(ids.traceId().high()).putLong(ids.traceId().low())
                            .array()));
            attributes.forEach((key, value) -> span.addAttributes(entry(key, value)));
        }
        return new SampledTrace(ids.traceId(), request.build().toByteArray(), spans.length, "errors",
                Threshold.ALWAYS);
    }

    private static KeyValue entry(String key, AnyValue value) {
        return KeyValue.newBuilder().setKey(key).setValue(value).build();
    }

    @Test
    void firstMatchWins() {
        TraceRoutes routes = routes(byPolicy("errors", "a"), byPolicy("e*", "a", "b"), byPolicy("force_rule:*", "b"));

        assertThat(routes.of(keptBy("errors"))).containsExactly("a");
        assertThat(routes.of(keptBy("exotic"))).containsExactlyInAnyOrder("a", "b");
        assertThat(routes.of(keptBy("force_rule:7"))).containsExactly("b");
        assertThat(routes.of(keptBy("slow"))).isEqualTo(OTHERWISE);
        assertThat(routes.of(keptBy("my errors"))).as("the whole name has to match").isEqualTo(OTHERWISE);
    }

    @Test
    void patternIsNoRegularExpression() {
        TraceRoutes routes = routes(byPolicy("a.c", "a"), byPolicy("x?z", "b"));

        assertThat(routes.of(keptBy("abc"))).isEqualTo(OTHERWISE);
        assertThat(routes.of(keptBy("a.c"))).containsExactly("a");
        assertThat(routes.of(keptBy("xyz"))).containsExactly("b");
    }

    @Test
    void anyAttributeOfAnySpanOrItsResourceCounts() {
        TraceRoutes routes = routes(byAttribute("tenant", Set.of("acme", "7", "true"), "a"));

        assertThat(routes.of(part(1, Map.of(), Map.of(), Map.of("tenant", text("acme"))))).containsExactly("a");
        assertThat(routes.of(part(1, Map.of("tenant", text("acme")), Map.of()))).containsExactly("a");
        assertThat(routes.of(part(1, Map.of("tenant", text("else")), Map.of("tenant", text("acme")))))
                .containsExactly("a");
        assertThat(routes.of(part(1, Map.of("tenant", text("acme")), Map.of("tenant", text("else")))))
                .containsExactly("a");
        assertThat(routes.of(part(1, Map.of(), Map.of("tenant", AnyValue.newBuilder().setIntValue(7).build()))))
                .containsExactly("a");
        assertThat(routes.of(part(1, Map.of(), Map.of("tenant", AnyValue.newBuilder().setBoolValue(true).build()))))
                .containsExactly("a");
        assertThat(routes.of(part(1, Map.of(), Map.of("tenant", AnyValue.newBuilder().setDoubleValue(7).build()))))
                .isEqualTo(OTHERWISE);
        assertThat(routes.of(part(1, Map.of(), Map.of("tenant", text("ACME"), "other", text("acme")))))
                .isEqualTo(OTHERWISE);
    }

    @Test
    void whatIsNotOtlpMatchesNoAttribute() {
        TraceRoutes routes = routes(byAttribute("tenant", Set.of("acme"), "a"), byPolicy("errors", "b"));

        assertThat(routes.of(new SampledTrace(new TraceId(1, 2), new byte[]{10, 99}, 1, "errors", null)))
                .containsExactly("b");
    }

    private MultiExporter exporter(Route... routes) {
        return new MultiExporter(List.of(a, b), new TraceRoutes(List.of(routes), Set.of("a", "b")));
    }

    @Test
    void eachDestinationGetsItsShare() {
        MultiExporter exporter = exporter(byPolicy("errors", "a"), byPolicy("slow", "b"));
        SampledTrace error = keptBy("errors");
        SampledTrace slow = keptBy("slow");
        SampledTrace other = keptBy("other");

        exporter.begin("g");
        assertThat(exporter.export(List.of(error, slow, other))).isEqualTo(DONE);
        assertThat(exporter.export(List.of(error))).isEqualTo(DONE);
        assertThat(exporter.flush()).isEqualTo(DONE);

        assertThat(a.received()).containsExactly(error, other, error);
        assertThat(b.received()).containsExactly(slow, other);
        assertThat(b.calls()).containsExactly("begin g", "export 2", "flush");
    }

    @Test
    void refusedShareIsNotTheWholeBatch() {
        MultiExporter exporter = exporter(byPolicy("errors", "a"), byPolicy("slow", "b"));
        b.answers(new ExportOutcome.Refused("no"), new ExportOutcome.Refused("no"));

        assertThat(exporter.export(List.of(keptBy("errors"), keptBy("slow"))))
                .isEqualTo(new ExportOutcome.Exported(1, "b: no"));
        assertThat(exporter.export(List.of(keptBy("slow")))).isEqualTo(new ExportOutcome.Refused("b: no"));
        a.answers(new ExportOutcome.Refused("never"));
        b.answers(new ExportOutcome.Refused("no"));
        assertThat(exporter.export(List.of(keptBy("errors"), keptBy("slow"))))
                .isEqualTo(new ExportOutcome.Refused("a: never; b: no"));
    }

    /** Otherwise a backend would get half a trace. */
    @Test
    void allPartsOfATraceGoWhereTheFirstPartWent() {
        MultiExporter exporter = exporter(byAttribute("tenant", Set.of("acme"), "a"), byPolicy("*", "b"));
        SampledTrace with = part(1, Map.of(), Map.of("tenant", text("acme")));
        SampledTrace without = part(1, Map.of(), Map.of());
        exporter.begin("g");
        exporter.export(List.of(without));
        exporter.export(List.of(with));
        exporter.flush();
        exporter.begin("h");
        exporter.export(List.of(with, without));
        exporter.flush();

        assertThat(b.received()).containsExactly(without, with);
        assertThat(a.received()).containsExactly(with, without);
    }

    /** A trace may come in other parts when it is read again; the destination that takes nothing twice has to have it. */
    @Test
    void nothingIsLostWhenPartsComeInAnotherOrderTheSecondTime() {
        MultiExporter exporter = exporter(byAttribute("tenant", Set.of("acme"), "a"), byPolicy("*", "b"));
        SampledTrace with = part(1, Map.of(), Map.of("tenant", text("acme")));
        SampledTrace without = part(1, Map.of(), Map.of());
        b.answers(new ExportOutcome.Unknown("away"));
        exporter.begin("g");
        exporter.export(List.of(without, with));
        assertThat(exporter.flush()).isEqualTo(new ExportOutcome.Unknown("b: away"));

        exporter.begin("g");
        assertThat(exporter.export(List.of(with, without))).isEqualTo(DONE);
        assertThat(exporter.flush()).isEqualTo(DONE);

        assertThat(a.received()).isEmpty();
        assertThat(b.received()).containsExactly(without, with, with, without);
    }

    @Test
    void routesRememberedForTooManyTracesAreForgottenWithTheirGroup() {
        TraceRoutes routes = new TraceRoutes(List.of(byAttribute("tenant", Set.of("acme"), "a")), Set.of("a", "b"));
        MultiExporter exporter = new MultiExporter(List.of(a, b), routes, new UnfinishedGroups(100, 3));
        b.answers(new ExportOutcome.Unknown("away"), new ExportOutcome.Unknown("away"));
        for (int group : new int[]{1, 2, 3, 1, 2}) {
            exporter.begin("group " + group);
            exporter.export(List.of(part(10 * group, Map.of(), Map.of()), part(10 * group + 1, Map.of(), Map.of())));
            exporter.flush();
        }

        assertThat(a.received()).as("group 1 went to everybody again, group 2 is still known").hasSize(8);
    }

    @Test
    void routesGoToKnownDestinationsOnly() {
        assertThatIllegalArgumentException().isThrownBy(() -> exporter(byPolicy("errors", "c")))
                .withMessageContaining("not among");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new MultiExporter(List.of(a, new ScriptedDestination("a"))))
                .withMessage("two destinations have one name");
    }
}
