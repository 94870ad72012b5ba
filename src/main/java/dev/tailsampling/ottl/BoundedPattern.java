package dev.tailsampling.ottl;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;

/**
 * Regular expressions in RE2 syntax that neither their own size nor any text can make costly: matching takes time in
 * proportion to text times pattern.
 */
public final class BoundedPattern {

    /** Longest expression that is taken, in characters. */
    public static final int MAX_LENGTH = 4096;

    private BoundedPattern() {}

    /**
     * Compiles an expression.
     *
     * @throws IllegalArgumentException if it is too long, repeats its parts too often, or is no regular expression
     */
    public static Pattern compile(String expression) {
        if (expression.length() > MAX_LENGTH) {
            throw new IllegalArgumentException("a regular expression may have at most " + MAX_LENGTH
                    + " characters, this one has " + expression.length());
        }
        if (PatternSize.of(expression) > PatternSize.MAX) {
            throw new IllegalArgumentException("a regular expression may repeat its parts at most " + PatternSize.MAX
                    + " times in all: lower the numbers in braces of \"" + expression + "\"");
        }
        try {
            return Pattern.compile(expression);
        } catch (PatternSyntaxException e) {
            throw new IllegalArgumentException(
                    "not a regular expression: \"" + expression + "\" (" + e.getDescription() + ")", e);
        }
    }
}
