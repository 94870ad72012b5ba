package dev.tailsampling.lake;

import dev.tailsampling.otlp.SpanEncoder;
import dev.tailsampling.trace.AttributeKey;
import dev.tailsampling.trace.AttributeKeys;
import dev.tailsampling.trace.AttributeValue;
import dev.tailsampling.trace.AttributeValue.StringValue;
import org.jspecify.annotations.Nullable;

/** Attributes of the resource, of which {@code service.name} has a column of its own that comes first. */
final class ServiceResource implements ColumnAttributes {

    private static final AttributeKey SERVICE_NAME = AttributeKey.of("service.name");

    private final TextColumn service;
    private final ColumnAttributes others;
    private StringValue last = new StringValue("");

    ServiceResource(TextColumn service, ColumnAttributes others) {
        this.service = service;
        this.others = others;
    }

    @Override
    public void moveTo(int item) {
        throw new IllegalStateException("a resource is no item");
    }

    private StringValue service() {
        String name = service.value();
        // Texts of a dictionary are the same object each time.
        if (name != last.value()) {
            last = new StringValue(name);
        }
        return last;
    }

    @Override
    public @Nullable AttributeValue get(AttributeKey key) {
        return key.equals(SERVICE_NAME) && !service.isEmpty() ? service() : others.get(key);
    }

    @Override
    public void read(AttributeKeys keys, Receiver receiver) {
        int number = keys.keys().indexOf(SERVICE_NAME);
        if (number < 0 || service.isEmpty()) {
            others.read(keys, receiver);
            return;
        }
        if (receiver.wants(number)) {
            receiver.value(number, service());
        }
        others.read(keys, new Receiver() {
            @Override
            public boolean wants(int other) {
                return other != number && receiver.wants(other);
            }

            @Override
            public void value(int other, AttributeValue value) {
                receiver.value(other, value);
            }
        });
    }

    @Override
    public int size() {
        boolean twice = !service.isEmpty() && others.get(SERVICE_NAME) != null;
        return others.size() + (service.isEmpty() || twice ? 0 : 1);
    }

    @Override
    public void writeTo(SpanEncoder encoder, @Nullable AttributeKey leftOut) {
        if (service.isEmpty()) {
            others.writeTo(encoder, leftOut);
        } else {
            encoder.attribute(SERVICE_NAME.name(), service());
            others.writeTo(encoder, SERVICE_NAME);
        }
    }
}
