package dev.tailsampling.lake;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;

/**
 * Ascending numbers as text, "1-500,502". While a destination is away the cycles whose export is unconfirmed are many, one
 * after the other, and each commit lists them all.
 */
final class NumberRanges {

    private NumberRanges() {}

    /** The text of numbers that ascend; ends are inclusive. */
    static String text(List<Long> numbers) {
        StringBuilder text = new StringBuilder();
        for (int from = 0, next; from < numbers.size(); from = next) {
            next = from + 1;
            while (next < numbers.size() && numbers.get(next) == numbers.get(next - 1) + 1) {
                next++;
            }
            text.append(from == 0 ? "" : ",").append(numbers.get(from));
            if (next > from + 1) {
                text.append('-').append(numbers.get(next - 1));
            }
        }
        return text.toString();
    }

    /**
     * Reads the text form.
     *
     * @throws NumberFormatException if the text is not of that form
     */
    static List<Long> parse(String text) {
        List<Long> numbers = new ArrayList<>();
        if (!text.isEmpty()) {
            for (String range : text.split(",", -1)) {
                int dash = range.indexOf('-');
                long first = Long.parseLong(dash < 0 ? range : range.substring(0, dash));
                long last = dash < 0 ? first : Long.parseLong(range.substring(dash + 1));
                LongStream.rangeClosed(first, last).forEach(numbers::add);
            }
        }
        return numbers;
    }
}
