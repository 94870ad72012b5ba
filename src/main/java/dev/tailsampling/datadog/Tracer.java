package dev.tailsampling.datadog;

import dev.tailsampling.otlp.AttributeTexts;
import dev.tailsampling.otlp.WireWriter;
import dev.tailsampling.trace.AttributesView;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A resource: what its {@code TracerPayload} says of it, and the tags that each of its spans gets. Immutable.
 *
 * @param resource all its attributes as texts: what tells it from others
 * @param hostname where it runs, may be empty
 * @param env its environment, may be empty
 * @param containerId container, else pod, may be empty
 * @param language in which it is written, may be empty
 * @param version version of the SDK, may be empty
 * @param containerTags see {@link ContainerTags}, may be empty
 * @param meta tags by name
 */
record Tracer(Map<String, String> resource, String hostname, String env, String containerId, String language,
        String version, String containerTags, Map<String, String> meta) {

    // Fields of TracerPayload.
    private static final int CONTAINER_ID = 1;
    private static final int LANGUAGE_NAME = 2;
    private static final int TRACER_VERSION = 4;
    private static final int TAGS = 7;
    private static final int ENV = 8;
    private static final int HOSTNAME = 9;

    static Tracer of(AttributesView attributes, PayloadSettings settings) {
        Map<String, String> resource = AttributeTexts.of(attributes);
        String env = first(resource, "deployment.environment.name", "deployment.environment");
        return new Tracer(resource, HostName.of(resource, settings.hostname()),
                TagText.tag(env.isEmpty() ? settings.env() : env),
                first(resource, "container.id", "k8s.pod.uid"),
                resource.getOrDefault("telemetry.sdk.language", ""),
                "otlp-" + resource.getOrDefault("telemetry.sdk.version", ""),
                ContainerTags.of(resource), meta(resource));
    }

    private static String first(Map<String, String> resource, String key, String otherKey) {
        String value = resource.getOrDefault(key, "");
        return value.isEmpty() ? resource.getOrDefault(otherKey, "") : value;
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

    /** Writes everything but the chunks. */
    void writeTo(WireWriter writer) {
        string(writer, CONTAINER_ID, containerId);
        string(writer, LANGUAGE_NAME, language);
        string(writer, TRACER_VERSION, version);
        if (!containerTags.isEmpty()) {
            SpanTags.writeMapEntry(writer, TAGS, "_dd.tags.container", containerTags);
        }
        string(writer, ENV, env);
        string(writer, HOSTNAME, hostname);
    }

    /** In proto3 an empty text is not on the wire. */
    private static void string(WireWriter writer, int field, String text) {
        if (!text.isEmpty()) {
            writer.string(field, text);
        }
    }

    /** Size of what {@link #writeTo} writes, in bytes. */
    int encodedSize() {
        WireWriter writer = new WireWriter(256);
        writeTo(writer);
        return writer.size();
    }
}
