package dev.tailsampling.datadog;

import dev.tailsampling.otlp.AttributeTexts;
import dev.tailsampling.otlp.WireWriter;
import dev.tailsampling.trace.AttributesView;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A resource: what its {@code TracerPayload} says of it, and the tags that each of its spans gets. Immutable; equal by the
 * resource's attributes.
 */
final class Tracer {

    // Fields of TracerPayload.
    private static final int CONTAINER_ID = 1;
    private static final int LANGUAGE_NAME = 2;
    private static final int TRACER_VERSION = 4;
    private static final int TAGS = 7;
    private static final int ENV = 8;
    private static final int HOSTNAME = 9;

    private final Map<String, String> resource;
    private final int hash;
    private final Map<String, String> meta;
    private final byte[] encoded;

    private Tracer(Map<String, String> resource, PayloadSettings settings) {
        this.resource = resource;
        this.hash = resource.hashCode();
        this.meta = meta(resource);
        this.encoded = encoded(settings);
    }

    static Tracer of(AttributesView attributes, PayloadSettings settings) {
        return new Tracer(AttributeTexts.of(attributes), settings);
    }

    private static Map<String, String> meta(Map<String, String> resource) {
        Map<String, String> meta = new LinkedHashMap<>();
        resource.forEach((key, value) -> {
            String name = TagName.of(key);
            if (name != null && !ContainerTags.isCustom(key)) {
                meta.putIfAbsent(name, value);
            }
        });
        return meta;
    }

    private byte[] encoded(PayloadSettings settings) {
        WireWriter writer = new WireWriter(256);
        string(writer, CONTAINER_ID, first("container.id", "k8s.pod.uid"));
        string(writer, LANGUAGE_NAME, language());
        string(writer, TRACER_VERSION, "otlp-" + resource.getOrDefault("telemetry.sdk.version", ""));
        String containerTags = ContainerTags.of(resource);
        if (!containerTags.isEmpty()) {
            SpanTags.writeMapEntry(writer, TAGS, "_dd.tags.container", containerTags);
        }
        String env = first("deployment.environment.name", "deployment.environment");
        string(writer, ENV, TagText.tag(env.isEmpty() ? settings.env() : env));
        string(writer, HOSTNAME, HostName.of(resource, settings.hostname()));
        return writer.toByteArray();
    }

    private String first(String key, String otherKey) {
        String value = resource.getOrDefault(key, "");
        return value.isEmpty() ? resource.getOrDefault(otherKey, "") : value;
    }

    /** In proto3 an empty text is not on the wire. */
    private static void string(WireWriter writer, int field, String text) {
        if (!text.isEmpty()) {
            writer.string(field, text);
        }
    }

    /** Tags of its spans by name. */
    Map<String, String> meta() {
        return meta;
    }

    /** The language in which it is written, may be empty. */
    String language() {
        return resource.getOrDefault("telemetry.sdk.language", "");
    }

    /** Writes everything but the chunks. */
    void writeTo(WireWriter writer) {
        writer.raw(encoded, 0, encoded.length);
    }

    /** Size of what {@link #writeTo} writes, in bytes. */
    int encodedSize() {
        return encoded.length;
    }

    @Override
    public boolean equals(Object other) {
        return other == this
                || other instanceof Tracer tracer && hash == tracer.hash && resource.equals(tracer.resource);
    }

    @Override
    public int hashCode() {
        return hash;
    }

    @Override
    public String toString() {
        return "Tracer" + resource;
    }
}
