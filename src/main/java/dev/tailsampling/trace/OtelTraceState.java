package dev.tailsampling.trace;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The {@code ot} entry of tracestate: sampling threshold {@code th}, explicit randomness {@code rv}, and what other
 * concerns of OpenTelemetry put there, which is passed on. (OpenTelemetry specification, "TraceState Handling";
 * the Collector's {@code pkg/sampling} v0.164.1 for what becomes of defects.)
 *
 * @param th threshold as it was written, trailing zeros included; null if absent or no threshold
 * @param rv randomness, 14 hex digits; null if absent or no randomness
 * @param otherFields the other fields, "key:value", in their order
 * @param isValid whether the entry was well formed. After a syntax error nothing of it is left; a {@code th} or
 *     {@code rv} of wrong digits is left out alone
 */
public record OtelTraceState(@Nullable String th, @Nullable String rv, List<String> otherFields, boolean isValid) {

    /** An entry without fields, which is not written at all. */
    public static final OtelTraceState EMPTY = new OtelTraceState(null, null, List.of(), true);

    private static final OtelTraceState MALFORMED = new OtelTraceState(null, null, List.of(), false);
    private static final int MAX_LENGTH = 256;

    public OtelTraceState {
        otherFields = List.copyOf(otherFields);
    }

    /** Reads the entry's value, "th:8;rv:…". Of a field that stands there twice the last one counts. */
    public static OtelTraceState parse(String value) {
        if (value.length() > MAX_LENGTH) {
            return MALFORMED;
        }
        String th = null;
        String rv = null;
        List<String> others = new ArrayList<>();
        boolean valid = true;
        for (String field : value.split(";", -1)) {
            int colon = field.indexOf(':');
            if (!isKey(field, colon) || !isValue(field, colon + 1)) {
                return MALFORMED;
            }
            String content = field.substring(colon + 1);
            switch (field.substring(0, colon)) {
                case "th" -> {
                    th = Threshold.parse(content) == null ? null : content;
                    valid &= th != null;
                }
                case "rv" -> {
                    rv = Randomness.parse(content) == Randomness.NONE ? null : content;
                    valid &= rv != null;
                }
                default -> others.add(field);
            }
        }
        return new OtelTraceState(th, rv, others, valid);
    }

    private static boolean isKey(String field, int end) {
        if (end < 1 || !Ascii.isLowerAlpha(field.charAt(0))) {
            return false;
        }
        for (int i = 1; i < end; i++) {
            if (!Ascii.isLowerAlphaOrDigit(field.charAt(i))) {
                return false;
            }
        }
        return true;
    }

    private static boolean isValue(String field, int start) {
        for (int i = start; i < field.length(); i++) {
            char c = field.charAt(i);
            if (!(Ascii.isLowerAlphaOrDigit(c) || c >= 'A' && c <= 'Z' || c == '.' || c == '_' || c == '-')) {
                return false;
            }
        }
        return true;
    }

    /** Threshold of the samplers so far; null if unknown. */
    public @Nullable Threshold threshold() {
        return th == null ? null : Threshold.parse(th);
    }

    /** The explicit randomness, or {@link Randomness#NONE}. */
    public long randomness() {
        return rv == null ? Randomness.NONE : Randomness.parse(rv);
    }

    /** Whether no field is left. */
    public boolean isEmpty() {
        return th == null && rv == null && otherFields.isEmpty();
    }

    /**
     * The entry after a further sampler. Samplers can only make the probability smaller.
     *
     * @throws IllegalArgumentException if the threshold is lower than the present one
     */
    public OtelTraceState raisedTo(Threshold threshold) {
        Threshold present = threshold();
        if (present != null && present.compareTo(threshold) > 0) {
            throw new IllegalArgumentException(
                    "a sampler cannot lower the threshold from " + th + " to " + threshold.th());
        }
        return new OtelTraceState(threshold.th(), rv, otherFields, isValid);
    }

    /** The entry of a span whose probability is not known (any more). */
    public OtelTraceState withoutThreshold() {
        return new OtelTraceState(null, rv, otherFields, isValid);
    }

    /** The entry's value: {@code rv}, {@code th}, then the other fields. */
    public String text() {
        List<String> fields = new ArrayList<>();
        if (rv != null) {
            fields.add("rv:" + rv);
        }
        if (th != null) {
            fields.add("th:" + th);
        }
        fields.addAll(otherFields);
        return String.join(";", fields);
    }
}
