package dev.tailsampling.trace;

/** The text of a query, looked at character by character. */
record QueryText(String text) {

    /** The character there; beyond the ends one that means nothing. */
    char charAt(int index) {
        return index >= 0 && index < text.length() ? text.charAt(index) : '\0';
    }

    /** After the letters and digits that begin there. */
    int wordEnd(int from) {
        int at = from;
        while (isWord(charAt(at))) {
            at++;
        }
        return at;
    }

    /** After the digits that begin there. */
    int digitsEnd(int from) {
        int at = from;
        while (Character.isDigit(charAt(at))) {
            at++;
        }
        return at;
    }

    /** After the blanks that begin there. */
    int afterBlanks(int from) {
        int at = from;
        while (isBlank(charAt(at))) {
            at++;
        }
        return at;
    }

    /** Whether a UUID stands there. */
    boolean isUuid(int from) {
        if (from + 36 > text.length() || charAt(from + 8) != '-' || isWord(charAt(from + 36))) {
            return false;
        }
        for (int i = 0; i < 36; i++) {
            char c = text.charAt(from + i);
            boolean hyphen = i == 8 || i == 13 || i == 18 || i == 23;
            if (hyphen ? c != '-' : Character.digit(c, 16) < 0) {
                return false;
            }
        }
        return true;
    }

    static boolean isBlank(char c) {
        return Character.isWhitespace(c) || Character.isSpaceChar(c);
    }

    static boolean isWordStart(char c) {
        return Character.isLetter(c) || c == '_';
    }

    static boolean isWord(char c) {
        return Character.isLetterOrDigit(c) || c == '_' || c == '$';
    }
}
