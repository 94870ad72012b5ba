package dev.tailsampling.datadog;

import dev.tailsampling.otlp.WireWriter;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The {@code meta} and {@code metrics} of a Datadog span while they are put together: what comes first stays. Too long
 * keys and values are cut as an Agent cuts them (datadog-agent, {@code pkg/trace/agent/truncator.go}). Not thread-safe.
 */
final class SpanTags {

    static final int MAX_VALUE_BYTES = 25_000;
    private static final int MAX_KEY_BYTES = 200;
    private static final String CUT = "...";

    // Fields of Span.
    private static final int META = 10;
    private static final int METRICS = 11;

    // Keys that say what was decided of a chunk.
    static final String PRIORITY = "_sampling_priority_v1";
    static final String SAMPLE_RATE = "_sample_rate";
    static final String TOP_LEVEL = "_top_level";
    static final String DECISION_MAKER = "_dd.p.dm";
    static final String TRACE_ID_HIGH = "_dd.p.tid";
    static final String POLICY = "tss.policy";

    private final Map<String, String> meta = new LinkedHashMap<>();
    private final Map<String, Double> metrics = new LinkedHashMap<>();

    void clear() {
        meta.clear();
        metrics.clear();
    }

    /** An empty value gives way to a later one. */
    void meta(String key, String value) {
        String kept = cut(key, MAX_KEY_BYTES);
        String present = meta.get(kept);
        if (present == null || present.isEmpty()) {
            meta.put(kept, cut(value, MAX_VALUE_BYTES));
        }
    }

    /** The same, but nothing for an empty value. */
    void metaIfAny(String key, String value) {
        if (!value.isEmpty()) {
            meta(key, value);
        }
    }

    boolean hasMeta(String key) {
        return meta.containsKey(key);
    }

    void metric(String key, double value) {
        metrics.putIfAbsent(cut(key, MAX_KEY_BYTES), value);
    }

    private static String cut(String text, int maxBytes) {
        String beginning = TagText.truncated(text, maxBytes);
        return beginning.length() == text.length() ? text : beginning + CUT;
    }

    void writeTo(WireWriter writer) {
        meta.forEach((key, value) -> writeMapEntry(writer, META, key, value));
        metrics.forEach((key, value) -> writeMetric(writer, key, value));
    }

    static void writeMeta(WireWriter writer, String key, String value) {
        writeMapEntry(writer, META, key, value);
    }

    static void writeMetric(WireWriter writer, String key, double value) {
        int mark = writer.begin(METRICS);
        writer.string(1, key);
        writer.fixed64(2, Double.doubleToRawLongBits(value));
        writer.end(mark);
    }

    /** An entry of a map from texts to texts. */
    static void writeMapEntry(WireWriter writer, int field, String key, String value) {
        int mark = writer.begin(field);
        writer.string(1, key);
        writer.string(2, value);
        writer.end(mark);
    }
}
