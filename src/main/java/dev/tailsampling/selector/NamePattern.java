package dev.tailsampling.selector;

import java.util.regex.Pattern;

/**
 * A name, or a pattern of names: {@code *} stands for any characters and {@code ?} for one. Immutable.
 *
 * @param text as users write it
 * @param regex the same as a regular expression
 */
public record NamePattern(String text, Pattern regex) {

    /** The pattern of a text; one without {@code *} and {@code ?} is one name. */
    public static NamePattern of(String text) {
        StringBuilder regex = new StringBuilder();
        text.chars().forEach(c -> regex.append(switch (c) {
            case '*' -> ".*";
            case '?' -> ".";
            default -> Pattern.quote(Character.toString(c));
        }));
        return new NamePattern(text, Pattern.compile(regex.toString()));
    }

    /** Whether it is this name, or a pattern that matches it. */
    public boolean matches(String name) {
        return regex.matcher(name).matches();
    }
}
