package dev.tailsampling.lake;

import dev.tailsampling.selector.NamePattern;
import java.util.regex.Pattern;

/**
 * Name of a table, "namespace.table", or a pattern of names: {@code *} stands for any characters, dots too, and
 * {@code ?} for one. Immutable.
 *
 * @param text as users write it
 * @param regex the same as a regular expression
 */
public record TablePattern(String text, Pattern regex) {

    private static final Pattern WILDCARD = Pattern.compile("[*?]");

    /** The pattern of a text; one without {@code *} and {@code ?} is the name of one table. */
    public static TablePattern of(String text) {
        return new TablePattern(text, NamePattern.of(text).regex());
    }

    /** Whether it names one table. */
    public boolean isName() {
        return !WILDCARD.matcher(text).find();
    }

    /** Whether it is the name of a table, or a pattern that matches it. */
    public boolean matches(String table) {
        return regex.matcher(table).matches();
    }

    /** Whether a table of this namespace, or of one within, may match. */
    boolean mayMatchIn(String namespace) {
        String literal = WILDCARD.split(text, 2)[0];
        String prefix = namespace + ".";
        return prefix.startsWith(literal) || literal.startsWith(prefix);
    }
}
