package dev.tailsampling.config;

import dev.tailsampling.trace.AttributeValue;
import dev.tailsampling.trace.AttributeValue.BoolValue;
import dev.tailsampling.trace.AttributeValue.DoubleValue;
import dev.tailsampling.trace.AttributeValue.ListValue;
import dev.tailsampling.trace.AttributeValue.LongValue;
import dev.tailsampling.trace.AttributeValue.MapValue;
import dev.tailsampling.trace.AttributeValue.StringValue;
import dev.tailsampling.trace.StatusCode;
import dev.tailsampling.trace.TestSpan;
import dev.tailsampling.trace.TraceId;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** One case of src/test/resources/peer-cases/cases.json; its README and its {@code conventions} explain the fields. */
record PeerCase(Map<String, Object> json) {

    /** All cases, read as YAML, which JSON is. */
    static Stream<PeerCase> all() throws Exception {
        String text = Files.readString(Path.of("src/test/resources/peer-cases/cases.json"));
        return objects(map(YamlReader.read(text, "cases.json").plain()).get("cases")).map(PeerCase::new);
    }

    String id() {
        return json.get("id").toString();
    }

    String engine() {
        return json.get("engine").toString();
    }

    String kind() {
        return json.get("kind").toString();
    }

    Map<String, Object> policy() {
        return map(json.get("policy"));
    }

    Map<String, Object> expected() {
        return map(json.get("expected"));
    }

    Stream<Trace> traces() {
        return objects(json.get("traces")).map(Trace::new);
    }

    Stream<Step> steps() {
        return objects(json.get("steps")).map(Step::new);
    }

    @Override
    public String toString() {
        return id();
    }

    /** A step of a sequence: the same trace, decided several times. */
    record Step(Map<String, Object> json) {

        int repeat() {
            return ((BigInteger) json.get("repeat")).intValueExact();
        }

        long millis() {
            return json.containsKey("second")
                    ? 1000 * ((BigInteger) json.get("second")).longValueExact()
                    : ((BigInteger) json.get("at_ms")).longValueExact();
        }

        Map<String, Object> expected() {
            return map(json.get("expected"));
        }

        Trace trace() {
            return new Trace(json.containsKey("trace")
                    ? map(json.get("trace"))
                    : Map.of("trace_id", "0102030405060708090a0b0c0d0e0f10", "spans",
                            List.of(Map.of("start_ms", 0, "duration_ms", 0, "status", "UNSET", "size_bytes",
                                    json.get("trace_size_bytes")))));
        }
    }

    /** A trace of a case. */
    record Trace(Map<String, Object> json) {

        TraceId id() {
            return TraceId.parse(json.get("trace_id").toString());
        }

        /** Its own expectation, if it has one. */
        Map<String, Object> expected(Map<String, Object> ofTheCase) {
            return json.containsKey("expected") ? map(json.get("expected")) : ofTheCase;
        }

        /** Its spans as they arrived, batch by batch. */
        List<List<TestSpan>> batches() {
            List<TestSpan> spans = objects(json.get("spans")).map(span -> span(id(), span)).toList();
            if (!json.containsKey("batches")) {
                return List.of(spans);
            }
            List<List<TestSpan>> batches = new ArrayList<>();
            int from = 0;
            for (Object size : (List<?>) json.get("batches")) {
                batches.add(spans.subList(from, from + ((BigInteger) size).intValueExact()));
                from += ((BigInteger) size).intValueExact();
            }
            return batches;
        }
    }

    private static TestSpan span(TraceId trace, Map<String, Object> json) {
        long start = nanos(json.get("start_ms"));
        long duration = nanos(json.get("duration_ms"));
        // The cases begin at 0, which on the wire means that there is no time.
        TestSpan span = TestSpan.of(trace).nanos(1 + start, 1 + start + duration)
                .status(StatusCode.valueOf(json.get("status").toString()))
                .parent(json.containsKey("parent_span_id") ? 1 : 0);
        if (json.containsKey("trace_state")) {
            span.traceState(json.get("trace_state").toString());
        }
        if (json.containsKey("size_bytes")) {
            span.encodedSize(((BigInteger) json.get("size_bytes")).intValueExact());
        }
        if (json.containsKey("flags")) {
            span.flags(((BigInteger) json.get("flags")).intValueExact());
        }
        if (json.containsKey("scope")) {
            span.scope(map(json.get("scope")).get("name").toString(), "");
        }
        objects(json.getOrDefault("events", List.of())).forEach(event -> span.event(event.get("name").toString(),
                values(event.getOrDefault("attributes", Map.of()))));
        map(json.getOrDefault("attributes", Map.of())).forEach((key, value) -> span.with(key, value(value)));
        map(json.getOrDefault("resource", Map.of())).forEach((key, value) -> span.resource(key, value(value)));
        return span;
    }

    /** Attributes by their keys. */
    static Map<String, AttributeValue> values(Object attributes) {
        Map<String, AttributeValue> values = new HashMap<>();
        map(attributes).forEach((key, value) -> values.put(key, value(value)));
        return values;
    }

    static long nanos(Object millis) {
        return new BigDecimal(millis.toString()).movePointRight(6).longValueExact();
    }

    /** Numbers written with a decimal point are doubles. */
    static AttributeValue value(Object json) {
        return switch (json) {
            case Boolean bool -> new BoolValue(bool);
            case BigInteger number -> new LongValue(number.longValueExact());
            case BigDecimal number -> new DoubleValue(number.doubleValue());
            case List<?> list -> new ListValue(list.stream().map(PeerCase::value).toList());
            case Map<?, ?> map -> new MapValue(map.entrySet().stream()
                    .map(entry -> new MapValue.Entry(entry.getKey().toString(), value(entry.getValue()))).toList());
            default -> new StringValue(json.toString());
        };
    }

    static Stream<Map<String, Object>> objects(Object list) {
        return ((List<?>) list).stream().map(PeerCase::map);
    }

    static Map<String, Object> map(Object json) {
        Map<String, Object> result = new HashMap<>();
        ((Map<?, ?>) json).forEach((key, value) -> result.put(key.toString(), value));
        return result;
    }
}
