package dev.tailsampling.ottl;

import dev.tailsampling.trace.SpanKind;
import dev.tailsampling.trace.StatusCode;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Symbols that stand for numbers: OTLP's names of span kinds and status codes. */
final class Enums {

    private static final Map<String, Long> NUMBERS = new LinkedHashMap<>();

    static {
        for (SpanKind kind : SpanKind.values()) {
            NUMBERS.put("SPAN_KIND_" + kind, (long) kind.ordinal());
        }
        for (StatusCode code : StatusCode.values()) {
            NUMBERS.put("STATUS_CODE_" + code, (long) code.ordinal());
        }
    }

    private Enums() {}

    static @Nullable Long number(String symbol) {
        return NUMBERS.get(symbol);
    }

    static String names() {
        return String.join(", ", NUMBERS.keySet());
    }
}
