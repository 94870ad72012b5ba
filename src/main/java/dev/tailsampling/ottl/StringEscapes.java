package dev.tailsampling.ottl;

/** Reads what is between the quotes of a string; escapes are those of Go's strings. */
final class StringEscapes {

    private static final String ESCAPED = "abfnrtv\\\"";
    private static final String MEANT = "\u0007\b\f\n\r\t\u000b\\\"";

    private final String text;
    private final int start;
    private final StringBuilder content = new StringBuilder();
    private int next;

    /** @param start offset of the first character behind the opening quote */
    StringEscapes(String text, int start) {
        this.text = text;
        this.start = start;
        this.next = start;
    }

    String read() {
        while (next < text.length() && text.charAt(next) != '"') {
            char c = text.charAt(next++);
            if (c == '\\') {
                escape();
            } else {
                content.append(c);
            }
        }
        if (next == text.length()) {
            throw new OttlException("a string that is not closed; add a \"", text, start - 1);
        }
        return content.toString();
    }

    /** Offset of the first character behind the closing quote. */
    int end() {
        return next + 1;
    }

    private void escape() {
        int backslash = next - 1;
        char kind = next < text.length() ? text.charAt(next++) : ' ';
        int meant = ESCAPED.indexOf(kind);
        if (meant >= 0) {
            content.append(MEANT.charAt(meant));
            return;
        }
        int codePoint = switch (kind) {
            case 'x' -> digits(2, 16);
            case 'u' -> digits(4, 16);
            case 'U' -> digits(8, 16);
            case '0', '1', '2', '3', '4', '5', '6', '7' -> {
                next--;
                yield digits(3, 8);
            }
            default -> -1;
        };
        boolean byteValue = kind != 'u' && kind != 'U';
        if (codePoint < 0 || byteValue && codePoint > 0xff || !Character.isValidCodePoint(codePoint)
                || codePoint >= Character.MIN_SURROGATE && codePoint <= Character.MAX_SURROGATE) {
            throw new OttlException("an unknown escape in a string; a backslash itself is written \\\\", text,
                    backslash);
        }
        content.appendCodePoint(codePoint);
    }

    /** The number in that many digits; -1 if they are not all there. */
    private int digits(int count, int radix) {
        long value = 0;
        for (int i = 0; i < count; i++) {
            int digit = next < text.length() ? Character.digit(text.charAt(next++), radix) : -1;
            if (digit < 0) {
                return -1;
            }
            value = value * radix + digit;
        }
        return (int) Math.min(value, Integer.MAX_VALUE);
    }
}
