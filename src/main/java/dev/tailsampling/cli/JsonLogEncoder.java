package dev.tailsampling.cli;

import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.IThrowableProxy;
import ch.qos.logback.core.encoder.EncoderBase;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.slf4j.event.KeyValuePair;

/**
 * Log lines as flat JSON objects, one a line: first what every line has, then the line's own pairs of key and value, then
 * the failure, if one is logged. A pair whose key is taken gets an underscore. Secrets are hidden. Thread-safe.
 */
final class JsonLogEncoder extends EncoderBase<ILoggingEvent> {

    private static final JsonFactory JSON = new JsonFactory();

    private final String serviceName;
    private final String instanceId;
    private final LogMask mask;

    JsonLogEncoder(String serviceName, String instanceId, LogMask mask) {
        this.serviceName = serviceName;
        this.instanceId = instanceId;
        this.mask = mask;
    }

    @Override
    public byte[] encode(ILoggingEvent event) {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        try (JsonGenerator json = JSON.createGenerator(line)) {
            json.writeStartObject();
            for (Map.Entry<String, @Nullable Object> field : fields(event).entrySet()) {
                json.writeFieldName(field.getKey());
                write(json, field.getValue());
            }
            json.writeEndObject();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        line.write('\n');
        return line.toByteArray();
    }

    private Map<String, @Nullable Object> fields(ILoggingEvent event) {
        Map<String, @Nullable Object> fields = new LinkedHashMap<>();
        fields.put("timestamp", event.getInstant().toString());
        fields.put("level", event.getLevel().toString());
        fields.put("service_name", serviceName);
        fields.put("instance_id", instanceId);
        fields.put("logger", event.getLoggerName());
        fields.put("thread", event.getThreadName());
        fields.put("message", String.valueOf(event.getFormattedMessage()));
        List<KeyValuePair> pairs = event.getKeyValuePairs();
        if (pairs != null) {
            pairs.forEach(pair -> fields.put(free(pair.key, fields), pair.value));
        }
        IThrowableProxy failure = event.getThrowableProxy();
        if (failure != null) {
            fields.put(free("exception_type", fields), failure.getClassName());
            fields.put(free("exception_message", fields), failure.getMessage());
            fields.put(free("exception_stacktrace", fields), StackText.of(failure, UnaryOperator.identity()));
        }
        return fields;
    }

    private static String free(String key, Map<String, @Nullable Object> fields) {
        String free = key;
        while (fields.containsKey(free)) {
            free += "_";
        }
        return free;
    }

    private void write(JsonGenerator json, @Nullable Object value) throws IOException {
        switch (value) {
            case null -> json.writeNull();
            case Boolean bool -> json.writeBoolean(bool);
            case Long number -> json.writeNumber(number);
            case Integer number -> json.writeNumber(number);
            case Double number -> json.writeNumber(number);
            default -> json.writeString(mask.shown(value.toString()));
        }
    }

    @Override
    public byte[] headerBytes() {
        return new byte[0];
    }

    @Override
    public byte[] footerBytes() {
        return new byte[0];
    }
}
