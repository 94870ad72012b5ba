package dev.tailsampling.ottl;

import java.math.BigDecimal;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Numbers and durations in texts, read as Go's strconv and time packages read them. */
public final class GoNumbers {

    private static final Pattern DECIMAL =
            Pattern.compile("[-+]?(?:(?:\\d+\\.?\\d*|\\.\\d+)(?:[eE][-+]?\\d+)?|(?i:inf|infinity|nan))");
    private static final Pattern QUANTITY = Pattern.compile("(\\d+\\.?\\d*|\\.\\d+)(ns|us|µs|μs|ms|s|m|h)");
    private static final Map<String, Long> NANOS = Map.of("ns", 1L, "us", 1_000L, "µs", 1_000L, "μs", 1_000L, "ms",
            1_000_000L, "s", 1_000_000_000L, "m", 60_000_000_000L, "h", 3_600_000_000_000L);

    private GoNumbers() {}

    /**
     * A decimal number, an infinity, or NaN.
     *
     * @throws EvaluationException if the text is none
     */
    public static double parseDouble(String text) {
        if (!DECIMAL.matcher(text).matches()) {
            throw new EvaluationException("\"" + text + "\" is not a number");
        }
        String unsigned = text.replaceFirst("^[-+]", "");
        double magnitude = switch (Character.toLowerCase(unsigned.charAt(0))) {
            case 'i' -> Double.POSITIVE_INFINITY;
            case 'n' -> Double.NaN;
            default -> Double.parseDouble(unsigned);
        };
        return text.startsWith("-") ? -magnitude : magnitude;
    }

    /**
     * An int in a base from 2 to 36; base 0 goes by a prefix as 0x.
     *
     * @throws EvaluationException if the text is none
     */
    public static long parseLong(String text, long base) {
        String digits = text.replaceFirst("^[-+]", "");
        int radix = (int) Math.clamp(base, -1, 99);
        if (base == 0) {
            String prefix = digits.length() > 1 ? digits.substring(0, 2).toLowerCase(Locale.ROOT) : "";
            radix = switch (prefix) {
                case "0x" -> 16;
                case "0o" -> 8;
                case "0b" -> 2;
                default -> prefix.startsWith("0") ? 8 : 10;
            };
            digits = (prefix.matches("0[xob]") ? digits.substring(2) : digits).replace("_", "");
        }
        try {
            if (radix < Character.MIN_RADIX || radix > Character.MAX_RADIX || digits.matches("[-+].*")) {
                throw new NumberFormatException();
            }
            return Long.parseLong((text.startsWith("-") ? "-" : "") + digits, radix);
        } catch (NumberFormatException e) {
            throw new EvaluationException("\"" + text + "\" is not an int in base " + base);
        }
    }

    /**
     * A duration as "1h30m" or "-1.5s".
     *
     * @throws EvaluationException if the text is none
     */
    public static Duration parseDuration(String text) {
        String rest = text.replaceFirst("^[-+]", "");
        if (rest.equals("0")) {
            return Duration.ZERO;
        }
        BigDecimal nanos = BigDecimal.ZERO;
        Matcher quantity = QUANTITY.matcher(rest);
        int read = 0;
        while (read < rest.length() && quantity.region(read, rest.length()).lookingAt()) {
            BigDecimal unit = BigDecimal.valueOf(NANOS.getOrDefault(quantity.group(2), 0L));
            nanos = nanos.add(new BigDecimal(quantity.group(1)).multiply(unit));
            read = quantity.end();
        }
        if (rest.isEmpty() || read < rest.length() || nanos.compareTo(BigDecimal.valueOf(Long.MAX_VALUE)) > 0) {
            throw new EvaluationException("\"" + text + "\" is not a duration like \"1h30m\" or \"250ms\"");
        }
        Duration magnitude = Duration.ofNanos(nanos.longValue());
        return text.startsWith("-") ? magnitude.negated() : magnitude;
    }
}
