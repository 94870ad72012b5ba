package dev.tailsampling.ottl;

import java.util.ArrayDeque;
import java.util.Deque;

/**
 * About how many steps a regular expression is compiled to. RE2/J bounds each repetition by 1,000, but not repetitions of
 * repetitions: three of them in each other are enough to use up all memory.
 */
final class PatternSize {

    /** More than useful expressions have, and compiled in milliseconds. */
    static final long MAX = 20_000;

    private final String expression;
    private final Deque<Long> enclosing = new ArrayDeque<>();
    private int next;
    /** Steps of the group so far, and of its last part. */
    private long sum = 1;
    private long last;

    private PatternSize(String expression) {
        this.expression = expression;
    }

    /** At least 1; beyond {@link #MAX} only that it is more. */
    static long of(String expression) {
        return new PatternSize(expression).count();
    }

    private long count() {
        while (next < expression.length()) {
            switch (expression.charAt(next++)) {
                case '(' -> {
                    enclosing.push(sum);
                    sum = 1;
                    last = 0;
                }
                case ')' -> {
                    last = sum;
                    sum = enclosing.isEmpty() ? sum : bounded(enclosing.pop() + last);
                }
                case '{' -> repeat();
                case '[' -> {
                    skipClass();
                    add(1);
                }
                case '\\' -> escape();
                default -> add(1);
            }
        }
        return enclosing.stream().mapToLong(Long::longValue).sum() + sum;
    }

    private void add(long steps) {
        last = steps;
        sum = bounded(sum + steps);
    }

    private static long bounded(long steps) {
        return Math.min(steps, MAX + 1);
    }

    /** After the brace: {@code n}, {@code n,} or {@code n,m}; anything else stands for itself. */
    private void repeat() {
        int end = expression.indexOf('}', next);
        if (end < 0) {
            add(1);
            return;
        }
        long times = 0;
        for (String bound : expression.substring(next, end).split(",")) {
            if (!bound.matches("\\d{1,9}")) {
                add(1);
                return;
            }
            times = Math.max(times, Long.parseLong(bound));
        }
        sum = bounded(sum + last * Math.max(0, times - 1));
        last = bounded(last * Math.max(1, times));
        next = end + 1;
    }

    /** After the bracket. One that comes first does not close the class. */
    private void skipClass() {
        if (expression.startsWith("^", next)) {
            next++;
        }
        int first = next;
        while (next < expression.length() && (expression.charAt(next) != ']' || next == first)) {
            int named = expression.startsWith("[:", next) ? expression.indexOf(":]", next) : -1;
            next = named >= 0 ? named + 2 : next + (expression.charAt(next) == '\\' ? 2 : 1);
        }
        next++;
    }

    /** After the backslash: a quotation, a character by number or property, or one character. */
    private void escape() {
        if (expression.startsWith("Q", next)) {
            int end = expression.indexOf("\\E", next);
            int length = (end < 0 ? expression.length() : end) - next - 1;
            next += length + 1 + (end < 0 ? 0 : 2);
            // What follows repeats the last character only.
            add(length);
            last = 1;
            return;
        }
        boolean braced = next + 1 < expression.length() && "xpP".indexOf(expression.charAt(next)) >= 0
                && expression.charAt(next + 1) == '{';
        int end = braced ? expression.indexOf('}', next) : next;
        next = (end < 0 ? next : end) + 1;
        add(1);
    }
}
