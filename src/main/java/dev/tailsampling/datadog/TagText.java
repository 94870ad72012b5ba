package dev.tailsampling.datadog;

/**
 * Brings texts into the form that Datadog's services, tags and operation names have, as an Agent does before it sends
 * them (datadog-agent, {@code pkg/trace/traceutil/normalize/normalize.go}).
 */
public final class TagText {

    private static final int MAX_CHARACTERS = 200;
    private static final int MAX_NAME_BYTES = 100;
    private static final String NO_SERVICE = "unnamed-service";
    private static final String NO_NAME = "unnamed_operation";

    private TagText() {}

    /** A tag's value: lower case; runs of characters that tags may not have become one {@code _}. */
    public static String value(String text) {
        return normalized(text, false);
    }

    /** A tag as "key:value"; it begins with a letter. */
    public static String tag(String text) {
        return normalized(text, true);
    }

    /** The name of a service, of 100 bytes at most. */
    public static String service(String text) {
        String service = value(truncated(text, MAX_NAME_BYTES));
        return service.isEmpty() ? NO_SERVICE : service;
    }

    private static String normalized(String text, boolean letterFirst) {
        StringBuilder out = new StringBuilder(Math.min(text.length(), MAX_CHARACTERS));
        boolean gap = false;
        int taken = 0;
        for (int i = 0; i < text.length() && taken < MAX_CHARACTERS;) {
            int character = text.codePointAt(i);
            i += Character.charCount(character);
            if (letterFirst && taken == 0 && !mayBegin(character)) {
                continue;
            }
            taken++;
            if (mayBegin(character) || Character.isDigit(character) || "./-".indexOf(character) >= 0) {
                out.append(gap ? "_" : "").appendCodePoint(Character.toLowerCase(character));
                gap = false;
            } else {
                gap = true;
            }
        }
        return out.toString();
    }

    private static boolean mayBegin(int character) {
        return character == ':' || Character.isLetter(character);
    }

    /** An operation name, of 100 bytes at most: ASCII letters, digits, periods and single underscores, a letter first. */
    public static String operation(String text) {
        String name = truncated(text, MAX_NAME_BYTES);
        StringBuilder out = new StringBuilder(name.length());
        for (int i = 0; i < name.length(); i++) {
            addToOperation(out, name.charAt(i));
        }
        int end = out.length();
        if (end > 0 && out.charAt(end - 1) == '_') {
            out.setLength(end - 1);
        }
        return out.isEmpty() ? NO_NAME : out.toString();
    }

    private static void addToOperation(StringBuilder out, char character) {
        char last = out.isEmpty() ? '.' : out.charAt(out.length() - 1);
        if (isAsciiLetter(character) || isAsciiDigit(character) && !out.isEmpty()) {
            out.append(character);
        } else if (character == '.' && last == '_') {
            out.setCharAt(out.length() - 1, '.');
        } else if (character == '.' && !out.isEmpty()) {
            out.append('.');
        } else if (last != '.' && last != '_') {
            out.append('_');
        }
    }

    private static boolean isAsciiLetter(char character) {
        return character >= 'a' && character <= 'z' || character >= 'A' && character <= 'Z';
    }

    private static boolean isAsciiDigit(char character) {
        return character >= '0' && character <= '9';
    }

    /** The longest beginning of a text that takes at most so many bytes in UTF-8 and ends between two characters. */
    static String truncated(String text, int maxBytes) {
        if (text.length() <= maxBytes / 3) {
            return text;
        }
        int bytes = 0;
        for (int i = 0; i < text.length();) {
            int character = text.codePointAt(i);
            bytes += utf8Length(character);
            if (bytes > maxBytes) {
                return text.substring(0, i);
            }
            i += Character.charCount(character);
        }
        return text;
    }

    private static int utf8Length(int character) {
        if (character < 0x80) {
            return 1;
        }
        return character < 0x800 ? 2 : character < 0x10000 ? 3 : 4;
    }
}
