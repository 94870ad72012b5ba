package dev.tailsampling.otlp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.google.protobuf.ByteString;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.common.v1.AnyValue;
import io.opentelemetry.proto.common.v1.ArrayValue;
import io.opentelemetry.proto.common.v1.EntityRef;
import io.opentelemetry.proto.common.v1.InstrumentationScope;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.common.v1.KeyValueList;
import io.opentelemetry.proto.resource.v1.Resource;
import io.opentelemetry.proto.trace.v1.ResourceSpans;
import io.opentelemetry.proto.trace.v1.ScopeSpans;
import io.opentelemetry.proto.trace.v1.Span;
import io.opentelemetry.proto.trace.v1.Status;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The specification's JSON, both ways. What else is read is in {@link OtlpJsonFormsTest}. */
class OtlpJsonTest {

    private static final int REQUESTS = 300;

    /** Every field, in the order in which it is written. */
    private static final String EVERY_FIELD = """
            {"resourceSpans":[{
              "resource":{
                "attributes":[{"key":"service.name","value":{"stringValue":"cart"}}],
                "droppedAttributesCount":4294967295,
                "entityRefs":[{"schemaUrl":"s","type":"service","idKeys":["service.name",""],"descriptionKeys":["d"]}]},
              "scopeSpans":[{
                "scope":{"name":"http","version":"1.0","attributes":[{"key":"k","value":{"boolValue":true}}],
                  "droppedAttributesCount":1},
                "spans":[{
                  "traceId":"0102030405060708090a0b0c0d0e0f10","spanId":"a1a2a3a4a5a6a7a8","traceState":"ot=th:8",
                  "parentSpanId":"b1b2b3b4b5b6b7b8","flags":4294967295,"name":"GET /cart","kind":2,
                  "startTimeUnixNano":"1700000000000000001","endTimeUnixNano":"18446744073709551615",
                  "attributes":[
                    {"key":"string","value":{"stringValue":"ż\\n"}},{"key":"bool","value":{"boolValue":false}},
                    {"key":"int","value":{"intValue":"-9223372036854775808"}},{"key":"zero","value":{"intValue":"0"}},
                    {"key":"double","value":{"doubleValue":-0.5}},{"key":"nan","value":{"doubleValue":"NaN"}},
                    {"key":"bytes","value":{"bytesValue":"AQL/"}},{"key":"empty","value":{}},{"key":"none"},
                    {"key":"array","value":{"arrayValue":{"values":[{"stringValue":""},{},{"arrayValue":{}}]}}},
                    {"key":"map","value":{"kvlistValue":{"values":[{"key":"k","value":{"intValue":"1"}}]}}}],
                  "droppedAttributesCount":2,
                  "events":[{"timeUnixNano":"5","name":"exception","attributes":[{"key":"e","value":{"intValue":"7"}}],
                    "droppedAttributesCount":3}],
                  "droppedEventsCount":4,
                  "links":[{"traceId":"ffffffffffffffffffffffffffffffff","spanId":"0000000000000001","traceState":"a=b",
                    "attributes":[{"key":"l","value":{"stringValue":"v"}}],"droppedAttributesCount":5,"flags":256}],
                  "droppedLinksCount":6,
                  "status":{"message":"boom","code":2}}],
                "schemaUrl":"https://opentelemetry.io/schemas/1.30.0"}],
              "schemaUrl":"https://opentelemetry.io/schemas/1.29.0"}]}""";

    private final OtlpJsonReader reader = new OtlpJsonReader();
    private final ObjectMapper trees = new ObjectMapper();

    @Test
    void readsEveryField() {
        assertThat(OwnedSpan.parse(reader.toProtobuf(EVERY_FIELD))).isEqualTo(everyField());
    }

    @Test
    void writesEveryFieldInTheOrderOfTheProtocolOnOneLine() {
        String oneLine = EVERY_FIELD.replaceAll("\n *", "");
        assertThat(OtlpJsonWriter.toJson(everyField().toByteArray())).isEqualTo(oneLine);
    }

    @Test
    void comesBackFromJsonAsItWas() {
        for (long seed = 0; seed < REQUESTS; seed++) {
            ExportTraceServiceRequest request = new RandomRequests(seed).next();
            String json = OtlpJsonWriter.toJson(request.toByteArray());
            assertThat(json).as("seed %d", seed).doesNotContain("\n");
            assertThat(OwnedSpan.parse(reader.toProtobuf(json))).as("seed %d", seed).isEqualTo(request);
            byte[] amidst = ("]" + json + "{").getBytes(StandardCharsets.UTF_8);
            assertThat(reader.toProtobuf(amidst, 1, amidst.length - 2)).as("seed %d", seed)
                    .isEqualTo(reader.toProtobuf(json));
        }
    }

    @Test
    void writesRequestsOfUnusualEncoding() {
        for (long seed = 0; seed < REQUESTS; seed++) {
            byte[] request = new UnusualEncoding(seed).of(new RandomRequests(seed).next());
            byte[] back = reader.toProtobuf(OtlpJsonWriter.toJson(request));
            assertThat(OwnedSpan.parse(back)).as("seed %d", seed).isEqualTo(OwnedSpan.parse(request));
        }
    }

    @Test
    void damagedProtobufGivesJsonOrOneKindOfException() throws JsonProcessingException {
        for (long seed = 0; seed < REQUESTS; seed++) {
            byte[] request = new RandomRequests(seed).next().toByteArray();
            Random random = new Random(seed);
            for (int round = 0; round < 20 && request.length > 0; round++) {
                byte[] damaged = request.clone();
                damaged[random.nextInt(damaged.length)] ^= (byte) (1 << random.nextInt(8));
                String json = "{}";
                try {
                    json = OtlpJsonWriter.toJson(damaged);
                } catch (MalformedOtlpException expected) {
                    assertThat(expected).as("seed %d", seed).hasMessageStartingWith("not OTLP protobuf: ");
                }
                assertThat(trees.readTree(json).isObject()).as("seed %d, round %d", seed, round).isTrue();
            }
        }
    }

    @Test
    void refusesToWriteAValueThatIsNestedTooDeep() {
        AnyValue value = AnyValue.getDefaultInstance();
        for (int level = 0; level < AnyValueReader.MAX_DEPTH; level++) {
            value = AnyValue.newBuilder().setArrayValue(ArrayValue.newBuilder().addValues(value)).build();
        }
        byte[] request = ExportTraceServiceRequest.newBuilder().addResourceSpans(ResourceSpans.newBuilder()
                .setResource(Resource.newBuilder().addAttributes(KeyValue.newBuilder().setValue(value)))).build()
                .toByteArray();
        assertThatThrownBy(() -> OtlpJsonWriter.toJson(request)).isInstanceOf(MalformedOtlpException.class)
                .hasMessageContaining("nested more than 64 levels deep");
    }

    @ParameterizedTest
    @ValueSource(strings = {"opensearch-otel", "opensearch-hotrod", "zipkin-lens"})
    void realTracesSurviveTheWayToProtobufAndBack(String name) throws IOException {
        int number = 0;
        for (String line : lines("/real/" + name + ".otlp.jsonl.gz")) {
            number++;
            // An empty name is no name to protobuf.
            String expected = line.replace("\"name\":\"\",", "");
            String back = OtlpJsonWriter.toJson(reader.toProtobuf(line));
            assertThat(trees.readTree(back).equals(trees.readTree(expected))).as("line %d", number).isTrue();
        }
        assertThat(number).isPositive();
    }

    private static List<String> lines(String resource) throws IOException {
        var stream = Objects.requireNonNull(OtlpJsonTest.class.getResourceAsStream(resource), resource);
        try (BufferedReader in =
                new BufferedReader(new InputStreamReader(new GZIPInputStream(stream), StandardCharsets.UTF_8))) {
            return in.lines().toList();
        }
    }

    private static ExportTraceServiceRequest everyField() {
        Span span = Span.newBuilder().setTraceId(bytes("0102030405060708090a0b0c0d0e0f10"))
                .setSpanId(bytes("a1a2a3a4a5a6a7a8")).setTraceState("ot=th:8")
                .setParentSpanId(bytes("b1b2b3b4b5b6b7b8"))
                .setFlags(-1).setName("GET /cart").setKind(Span.SpanKind.SPAN_KIND_SERVER)
                .setStartTimeUnixNano(1_700_000_000_000_000_001L).setEndTimeUnixNano(-1)
                .addAttributes(keyValue("string", AnyValue.newBuilder().setStringValue("ż\n")))
                .addAttributes(keyValue("bool", AnyValue.newBuilder().setBoolValue(false)))
                .addAttributes(keyValue("int", AnyValue.newBuilder().setIntValue(Long.MIN_VALUE)))
                .addAttributes(keyValue("zero", AnyValue.newBuilder().setIntValue(0)))
                .addAttributes(keyValue("double", AnyValue.newBuilder().setDoubleValue(-0.5)))
                .addAttributes(keyValue("nan", AnyValue.newBuilder().setDoubleValue(Double.NaN)))
                .addAttributes(keyValue("bytes", AnyValue.newBuilder().setBytesValue(bytes("0102ff"))))
                .addAttributes(keyValue("empty", AnyValue.newBuilder()))
                .addAttributes(KeyValue.newBuilder().setKey("none"))
                .addAttributes(keyValue("array", AnyValue.newBuilder().setArrayValue(ArrayValue.newBuilder()
                        .addValues(AnyValue.newBuilder().setStringValue("")).addValues(AnyValue.newBuilder())
                        .addValues(AnyValue.newBuilder().setArrayValue(ArrayValue.newBuilder())))))
                .addAttributes(keyValue("map", AnyValue.newBuilder().setKvlistValue(KeyValueList.newBuilder()
                        .addValues(keyValue("k", AnyValue.newBuilder().setIntValue(1))))))
                .setDroppedAttributesCount(2)
                .addEvents(Span.Event.newBuilder().setTimeUnixNano(5).setName("exception")
                        .addAttributes(keyValue("e", AnyValue.newBuilder().setIntValue(7)))
                        .setDroppedAttributesCount(3))
                .setDroppedEventsCount(4)
                .addLinks(Span.Link.newBuilder().setTraceId(bytes("ff".repeat(16))).setSpanId(bytes("0000000000000001"))
                        .setTraceState("a=b").addAttributes(keyValue("l", AnyValue.newBuilder().setStringValue("v")))
                        .setDroppedAttributesCount(5).setFlags(256))
                .setDroppedLinksCount(6)
                .setStatus(Status.newBuilder().setMessage("boom").setCode(Status.StatusCode.STATUS_CODE_ERROR)).build();
        InstrumentationScope scope = InstrumentationScope.newBuilder().setName("http").setVersion("1.0")
                .addAttributes(keyValue("k", AnyValue.newBuilder().setBoolValue(true))).setDroppedAttributesCount(1)
                .build();
        Resource resource = Resource.newBuilder()
                .addAttributes(keyValue("service.name", AnyValue.newBuilder().setStringValue("cart")))
                .setDroppedAttributesCount(-1)
                .addEntityRefs(EntityRef.newBuilder().setSchemaUrl("s").setType("service").addIdKeys("service.name")
                        .addIdKeys("").addDescriptionKeys("d"))
                .build();
        return ExportTraceServiceRequest.newBuilder().addResourceSpans(ResourceSpans.newBuilder().setResource(resource)
                .addScopeSpans(ScopeSpans.newBuilder().setScope(scope).addSpans(span)
                        .setSchemaUrl("https://opentelemetry.io/schemas/1.30.0"))
                .setSchemaUrl("https://opentelemetry.io/schemas/1.29.0")).build();
    }

    private static KeyValue keyValue(String key, AnyValue.Builder value) {
        return KeyValue.newBuilder().setKey(key).setValue(value).build();
    }

    private static ByteString bytes(String hex) {
        return ByteString.copyFrom(HexFormat.of().parseHex(hex));
    }
}
