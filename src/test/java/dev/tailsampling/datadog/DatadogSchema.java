package dev.tailsampling.datadog;

import com.google.protobuf.DescriptorProtos.DescriptorProto;
import com.google.protobuf.DescriptorProtos.FieldDescriptorProto;
import com.google.protobuf.DescriptorProtos.FieldDescriptorProto.Label;
import com.google.protobuf.DescriptorProtos.FieldDescriptorProto.Type;
import com.google.protobuf.DescriptorProtos.FileDescriptorProto;
import com.google.protobuf.DescriptorProtos.MessageOptions;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.DescriptorValidationException;
import com.google.protobuf.Descriptors.FileDescriptor;
import com.google.protobuf.DynamicMessage;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * The schema of Datadog's trace intake, written from the field numbers of datadog-agent's {@code pkg/proto/datadog/trace}
 * and read by protobuf's own library. A payload with a field that the schema does not have, or twice the same key in a
 * map, fails.
 */
public final class DatadogSchema {

    private static final String PACKAGE = "datadog.trace";
    private static final Descriptor PAYLOAD = file().findMessageTypeByName("AgentPayload");

    private DatadogSchema() {}

    /** An {@code AgentPayload}. */
    public record Payload(String hostName, String env, List<TracerPayload> tracers) {
        /** All spans in their order. */
        public Stream<Span> spans() {
            return tracers.stream().flatMap(tracer -> tracer.chunks().stream())
                    .flatMap(chunk -> chunk.spans().stream());
        }
    }

    /** A {@code TracerPayload}. */
    public record TracerPayload(String containerId, String language, String version, List<Chunk> chunks,
            Map<String, String> tags, String env, String hostname) {}

    /** A {@code TraceChunk}. */
    public record Chunk(int priority, List<Span> spans, Map<String, String> tags) {}

    /** A {@code Span}. */
    public record Span(String service, String name, String resource, long traceId, long spanId, long parentId,
            long start,
            long duration, int error, Map<String, String> meta, Map<String, Double> metrics, String type) {}

    /** Decodes a payload. */
    public static Payload decode(byte[] bytes) {
        try {
            DynamicMessage message = DynamicMessage.parseFrom(PAYLOAD, bytes);
            requireKnown(message);
            return new Payload(text(message, "hostName"), text(message, "env"),
                    messages(message, "tracerPayloads").map(DatadogSchema::tracer).toList());
        } catch (InvalidProtocolBufferException e) {
            throw new AssertionError("the body is no AgentPayload", e);
        }
    }

    private static TracerPayload tracer(Message message) {
        requireKnown(message);
        return new TracerPayload(text(message, "containerID"), text(message, "languageName"),
                text(message, "tracerVersion"), messages(message, "chunks").map(DatadogSchema::chunk).toList(),
                map(message, "tags"), text(message, "env"), text(message, "hostname"));
    }

    private static Chunk chunk(Message message) {
        requireKnown(message);
        return new Chunk((int) field(message, "priority"), messages(message, "spans").map(DatadogSchema::span).toList(),
                map(message, "tags"));
    }

    private static Span span(Message message) {
        requireKnown(message);
        return new Span(text(message, "service"), text(message, "name"), text(message, "resource"),
                (long) field(message, "traceID"), (long) field(message, "spanID"), (long) field(message, "parentID"),
                (long) field(message, "start"), (long) field(message, "duration"), (int) field(message, "error"),
                map(message, "meta"), map(message, "metrics"), text(message, "type"));
    }

    private static void requireKnown(Message message) {
        if (!message.getUnknownFields().asMap().isEmpty()) {
            throw new AssertionError("fields that the schema does not have: " + message.getUnknownFields());
        }
    }

    private static Object field(Message message, String name) {
        return message.getField(message.getDescriptorForType().findFieldByName(name));
    }

    private static String text(Message message, String name) {
        return (String) field(message, name);
    }

    private static Stream<Message> messages(Message message, String name) {
        return ((List<?>) field(message, name)).stream().map(Message.class::cast);
    }

    @SuppressWarnings("unchecked")
    private static <V> Map<String, V> map(Message message, String name) {
        Map<String, V> map = new LinkedHashMap<>();
        messages(message, name).forEach(entry -> {
            if (map.put(text(entry, "key"), (V) field(entry, "value")) != null) {
                throw new AssertionError(name + " has " + text(entry, "key") + " twice");
            }
        });
        return map;
    }

    private static FileDescriptor file() {
        FileDescriptorProto proto = FileDescriptorProto.newBuilder().setName("agent_payload.proto").setPackage(PACKAGE)
                .setSyntax("proto3")
                .addMessageType(message("AgentPayload", string("hostName", 1), string("env", 2),
                        repeated("tracerPayloads", 5, "TracerPayload"), map("tags", 6, "AgentPayload.TagsEntry"),
                        string("agentVersion", 7), scalar("targetTPS", 8, Type.TYPE_DOUBLE),
                        scalar("errorTPS", 9, Type.TYPE_DOUBLE), scalar("rareSamplerEnabled", 10, Type.TYPE_BOOL))
                        .addNestedType(entry("TagsEntry", Type.TYPE_STRING)))
                .addMessageType(message("TracerPayload", string("containerID", 1), string("languageName", 2),
                        string("languageVersion", 3), string("tracerVersion", 4), string("runtimeID", 5),
                        repeated("chunks", 6, "TraceChunk"), map("tags", 7, "TracerPayload.TagsEntry"),
                        string("env", 8), string("hostname", 9), string("appVersion", 10))
                        .addNestedType(entry("TagsEntry", Type.TYPE_STRING)))
                .addMessageType(message("TraceChunk", scalar("priority", 1, Type.TYPE_INT32), string("origin", 2),
                        repeated("spans", 3, "Span"), map("tags", 4, "TraceChunk.TagsEntry"),
                        scalar("droppedTrace", 5, Type.TYPE_BOOL))
                        .addNestedType(entry("TagsEntry", Type.TYPE_STRING)))
                .addMessageType(message("Span", string("service", 1), string("name", 2), string("resource", 3),
                        scalar("traceID", 4, Type.TYPE_UINT64), scalar("spanID", 5, Type.TYPE_UINT64),
                        scalar("parentID", 6, Type.TYPE_UINT64), scalar("start", 7, Type.TYPE_INT64),
                        scalar("duration", 8, Type.TYPE_INT64), scalar("error", 9, Type.TYPE_INT32),
                        map("meta", 10, "Span.MetaEntry"), map("metrics", 11, "Span.MetricsEntry"), string("type", 12),
                        map("meta_struct", 13, "Span.MetaStructEntry"))
                        .addNestedType(entry("MetaEntry", Type.TYPE_STRING))
                        .addNestedType(entry("MetricsEntry", Type.TYPE_DOUBLE))
                        .addNestedType(entry("MetaStructEntry", Type.TYPE_BYTES)))
                .build();
        try {
            return FileDescriptor.buildFrom(proto, new FileDescriptor[0]);
        } catch (DescriptorValidationException e) {
            throw new AssertionError(e);
        }
    }

    private static DescriptorProto.Builder message(String name, FieldDescriptorProto... fields) {
        return DescriptorProto.newBuilder().setName(name).addAllField(List.of(fields));
    }

    private static DescriptorProto entry(String name, Type value) {
        return message(name, string("key", 1), scalar("value", 2, value))
                .setOptions(MessageOptions.newBuilder().setMapEntry(true)).build();
    }

    private static FieldDescriptorProto string(String name, int number) {
        return scalar(name, number, Type.TYPE_STRING);
    }

    private static FieldDescriptorProto scalar(String name, int number, Type type) {
        return FieldDescriptorProto.newBuilder().setName(name).setNumber(number).setType(type)
                .setLabel(Label.LABEL_OPTIONAL).build();
    }

    private static FieldDescriptorProto repeated(String name, int number, String type) {
        return FieldDescriptorProto.newBuilder().setName(name).setNumber(number).setType(Type.TYPE_MESSAGE)
                .setTypeName("." + PACKAGE + "." + type).setLabel(Label.LABEL_REPEATED).build();
    }

    private static FieldDescriptorProto map(String name, int number, String entry) {
        return repeated(name, number, entry);
    }
}
