package dev.tailsampling.trace;

/** The characters that the grammars of tracestate are made of. */
final class Ascii {

    private Ascii() {}

    static boolean isLowerAlpha(char c) {
        return c >= 'a' && c <= 'z';
    }

    static boolean isLowerAlphaOrDigit(char c) {
        return isLowerAlpha(c) || c >= '0' && c <= '9';
    }

    /** Whether the text consists of lower-case hex digits; it may be empty. */
    static boolean isLowerHex(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (!(c >= '0' && c <= '9' || c >= 'a' && c <= 'f')) {
                return false;
            }
        }
        return true;
    }
}
