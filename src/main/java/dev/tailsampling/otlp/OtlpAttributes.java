package dev.tailsampling.otlp;

import dev.tailsampling.trace.AttributeValue;
import dev.tailsampling.trace.AttributesView;
import java.nio.charset.StandardCharsets;
import java.util.function.BiConsumer;

/** Walks over all attributes of the views that {@link OtlpSpans} shows. */
public final class OtlpAttributes {

    private OtlpAttributes() {}

    /**
     * Calls the action for each attribute, in the order of the message; a repeated key comes each time.
     *
     * @throws IllegalArgumentException if the view is over something else than OTLP bytes
     */
    public static void forEach(AttributesView view, BiConsumer<String, AttributeValue> action) {
        switch (view) {
            case WireAttributes attributes -> attributes.forEach(action);
            case SharedAttributes attributes -> attributes.forEach(action);
            default -> throw new IllegalArgumentException("no view over OTLP bytes: " + view.getClass());
        }
    }

    /**
     * Whether some key begins so; no value is decoded.
     *
     * @throws IllegalArgumentException if the view is not over a span, event or link in OTLP bytes
     */
    public static boolean anyKeyStartsWith(AttributesView view, String prefix) {
        if (view instanceof WireAttributes attributes) {
            return attributes.anyKeyStartsWith(prefix.getBytes(StandardCharsets.UTF_8));
        }
        throw new IllegalArgumentException("no view over OTLP bytes: " + view.getClass());
    }
}
