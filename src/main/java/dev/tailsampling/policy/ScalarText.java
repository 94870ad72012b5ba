package dev.tailsampling.policy;

import dev.tailsampling.trace.AttributeValue;
import dev.tailsampling.trace.AttributeValue.DoubleValue;
import dev.tailsampling.trace.AttributeValue.LongValue;
import java.math.BigDecimal;
import org.jspecify.annotations.Nullable;

/** Numbers as text and back. */
final class ScalarText {

    private static final int LONGEST_NUMBER = 40;

    private ScalarText() {}

    /** Shortest decimal form, without an exponent and without a fraction of zero. */
    static String of(double number) {
        return Double.isFinite(number)
                ? new BigDecimal(Double.toString(number)).stripTrailingZeros().toPlainString()
                : Double.toString(number);
    }

    /** The number that a text is, null if it is none. */
    static @Nullable AttributeValue number(String text) {
        String trimmed = text.strip();
        if (trimmed.isEmpty() || trimmed.length() > LONGEST_NUMBER) {
            return null;
        }
        try {
            return new LongValue(Long.parseLong(trimmed));
        } catch (NumberFormatException notWhole) {
            return fraction(trimmed);
        }
    }

    private static @Nullable AttributeValue fraction(String text) {
        try {
            return new DoubleValue(new BigDecimal(text).doubleValue());
        } catch (NumberFormatException notANumber) {
            return null;
        }
    }
}
