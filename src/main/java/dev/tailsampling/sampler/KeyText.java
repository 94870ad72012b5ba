package dev.tailsampling.sampler;

import dev.tailsampling.trace.AttributeValue;
import dev.tailsampling.trace.AttributeValue.BoolValue;
import dev.tailsampling.trace.AttributeValue.BytesValue;
import dev.tailsampling.trace.AttributeValue.DoubleValue;
import dev.tailsampling.trace.AttributeValue.EmptyValue;
import dev.tailsampling.trace.AttributeValue.ListValue;
import dev.tailsampling.trace.AttributeValue.LongValue;
import dev.tailsampling.trace.AttributeValue.MapValue;
import dev.tailsampling.trace.AttributeValue.StringValue;
import java.math.BigDecimal;
import java.util.Comparator;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Attribute values as Refinery prints them into keys, which is how Go prints them: 2.0 is {@code 2}, a list
 * {@code [1 2]}, a map {@code map[key:value]}.
 */
public final class KeyText {

    private static final int MIN_PLAIN_EXPONENT = -4;
    private static final int MAX_PLAIN_EXPONENT = 5;

    private KeyText() {}

    /** A value of a span's field: doubles without exponent. */
    public static String ofSpanValue(AttributeValue value) {
        return value instanceof DoubleValue number && Double.isFinite(number.value())
                ? plain(number.value())
                : ofRootValue(value);
    }

    /** A value of a root span's field: doubles below 10<sup>-4</sup> and from 10<sup>6</sup> on with an exponent. */
    public static String ofRootValue(AttributeValue value) {
        return switch (value) {
            case StringValue text -> text.value();
            case BoolValue bool -> Boolean.toString(bool.value());
            case LongValue number -> Long.toString(number.value());
            case DoubleValue number -> ofDouble(number.value());
            case BytesValue bytes -> list(IntStream.range(0, bytes.value().length)
                    .mapToObj(i -> Integer.toString(bytes.value()[i] & 0xff)));
            case ListValue list -> list(list.values().stream().map(KeyText::ofRootValue));
            case MapValue map -> "map" + list(map.entries().stream()
                    .sorted(Comparator.comparing(MapValue.Entry::key, CodePointOrder.INSTANCE))
                    .map(entry -> entry.key() + ":" + ofRootValue(entry.value())));
            case EmptyValue none -> "<nil>";
        };
    }

    private static String list(Stream<String> items) {
        return items.collect(Collectors.joining(" ", "[", "]"));
    }

    private static String ofDouble(double value) {
        if (!Double.isFinite(value)) {
            return Double.isNaN(value) ? "NaN" : value > 0 ? "+Inf" : "-Inf";
        }
        BigDecimal shortest = new BigDecimal(Double.toString(value)).stripTrailingZeros();
        int exponent = shortest.precision() - shortest.scale() - 1;
        if (value == 0 || exponent >= MIN_PLAIN_EXPONENT && exponent <= MAX_PLAIN_EXPONENT) {
            return plain(value);
        }
        BigDecimal significand = shortest.movePointLeft(exponent).stripTrailingZeros();
        return String.format(Locale.ROOT, "%se%s%02d", significand.toPlainString(), exponent < 0 ? "-" : "+",
                Math.abs(exponent));
    }

    private static String plain(double value) {
        String digits = new BigDecimal(Double.toString(value)).stripTrailingZeros().toPlainString();
        return value == 0 && 1 / value < 0 ? "-" + digits : digits;
    }
}
