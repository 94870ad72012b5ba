package dev.tailsampling.trace;

import java.util.Locale;

/**
 * The text of a database query without the values in it, by OpenTelemetry's rule for {@code db.query.text}: literals
 * become {@code ?}, so that queries of one shape have one text. Strings (in single or dollar quotes, with any prefix),
 * numbers, UUIDs and numbered parameters are literals; keywords, {@code NULL}, {@code TRUE} and {@code FALSE} stay.
 * Bracketed lists of nothing but literals become {@code (?)}, and so do several such lists in a row; comments go, and a
 * stretch of white space is one blank.
 *
 * <p>What stands in double quotes, backticks or square brackets is an identifier and stays, but text in double quotes
 * is a literal once a backtick was seen (MySQL, Spark, BigQuery) or a curly bracket (JSON); there what is followed by a
 * colon is a key and stays. A backslash escapes a quote where that makes more sense of the quotes. From a quote that is
 * not closed to the end, all is taken for a literal: queries are often cut.
 *
 * <p>Takes time in proportion to the length, for any text whatever; sanitizing twice changes nothing more. The dialect
 * is not known, so values that look like names, as the arguments of a Redis command, stay.
 *
 * @see <a href="https://opentelemetry.io/docs/specs/semconv/database/database-spans/#sanitization-of-dbquerytext">
 *      OpenTelemetry: sanitization of db.query.text</a>
 */
public final class SanitizedQuery {

    /** Longest identifier of SQL Server, which has them in square brackets. */
    private static final int MAX_BRACKETED = 128;
    /** What a number's sign may follow; elsewhere plus and minus join two operands. */
    private static final String BEFORE_SIGN = "(,=<>[*/%|&:";

    private final String query;
    private final boolean backslashEscapes;
    private final StringBuilder out;
    private int position;
    private boolean blankPending;
    private boolean backtickSeen;
    private boolean curlyBracketSeen;
    /** Whether quotes were closed, and nothing like a word follows them at once. */
    private boolean plausible = true;
    /** Where in the output a list begins that has been nothing but literals so far, or -1. */
    private int listStart = -1;
    private boolean listHasLiteral;
    /** Where in the output the last list of literals ends, or -1. */
    private int listEnd = -1;

    private SanitizedQuery(String query, boolean backslashEscapes) {
        this.query = query;
        this.backslashEscapes = backslashEscapes;
        out = new StringBuilder(query.length());
    }

    /** The text of a query, sanitized. */
    public static String of(String query) {
        SanitizedQuery escaped = new SanitizedQuery(query, true);
        String text = escaped.read();
        if (escaped.plausible || query.indexOf('\\') < 0) {
            return text;
        }
        SanitizedQuery unescaped = new SanitizedQuery(query, false);
        String other = unescaped.read();
        return unescaped.plausible ? other : text;
    }

    private String read() {
        while (position < query.length()) {
            readToken(query.charAt(position));
        }
        return out.toString();
    }

    private void readToken(char c) {
        switch (c) {
            case '\'' -> readText(isJson() || backslashEscapes, isJson());
            case '"' -> readDoubleQuoted();
            case '`' -> {
                backtickSeen = true;
                readIdentifier('`');
            }
            case '-', '#', '/' -> readPossibleComment(c);
            case '[' -> readSquareBracket();
            case '(' -> openList();
            case ')', ']' -> closeList(c);
            case '{' -> {
                curlyBracketSeen = true;
                copyTo(position + 1);
            }
            case ',' -> append(position + 1);
            case '?' -> literalTo(digitsEnd(position + 1));
            case '$' -> readDollar();
            case ':', '.', '+' -> readPossibleNumber(c);
            default -> readOther(c);
        }
    }

    private void readOther(char c) {
        if (isBlank(c)) {
            blankPending = true;
            position++;
        } else if (Character.isDigit(c)) {
            readNumber(position);
        } else if (isWord(c)) {
            readWord();
        } else {
            copyTo(position + 1);
        }
    }

    private void readWord() {
        if (isUuid(position)) {
            literalTo(position + 36);
            return;
        }
        int end = wordEnd(position);
        int quote = end + (charAt(end) == '&' ? 1 : 0);
        String word = charAt(quote) == '\'' ? query.substring(position, quote).toLowerCase(Locale.ROOT) : "";
        switch (word) {
            case "q", "nq" -> readOracleText(quote + 1);
            case "e" -> readPrefixedText(quote, true);
            case "n", "b", "x", "r", "u&" -> readPrefixedText(quote, backslashEscapes);
            default -> {
                if (word.startsWith("_")) {
                    // MySQL: a string with the name of its character set.
                    readPrefixedText(quote, backslashEscapes);
                } else {
                    copyTo(end);
                }
            }
        }
    }

    private void readPrefixedText(int quote, boolean escaped) {
        position = quote;
        readText(escaped, false);
    }

    /** Oracle's text between brackets or characters of the writer's choice: {@code q'[it's]'}. */
    private void readOracleText(int delimiterAt) {
        char open = charAt(delimiterAt);
        char close = switch (open) {
            case '[' -> ']';
            case '(' -> ')';
            case '{' -> '}';
            case '<' -> '>';
            default -> open;
        };
        int end = query.indexOf(close + "'", delimiterAt + 1);
        literalTo(end < 0 ? query.length() : end + 2);
    }

    private void readDoubleQuoted() {
        boolean json = isPartlyJson();
        if (json || backtickSeen) {
            readText(json || backslashEscapes, json);
        } else {
            readIdentifier('"');
        }
    }

    /** Text in the quotes that the position stands on; a key, before a colon, may stay. */
    private void readText(boolean escaped, boolean mayBeKey) {
        int end = quotedEnd(query.charAt(position), escaped);
        if (end < 0) {
            plausible = false;
            literalTo(query.length());
        } else if (mayBeKey && charAt(afterBlanks(end)) == ':') {
            copyTo(end);
        } else {
            plausible &= !isWord(charAt(end));
            literalTo(end);
        }
    }

    private void readIdentifier(char quote) {
        int end = quotedEnd(quote, false);
        if (end < 0) {
            literalTo(query.length());
        } else {
            copyTo(end);
        }
    }

    /** After the quote that closes what is opened at the position, or -1; a doubled quote is one inside. */
    private int quotedEnd(char quote, boolean escaped) {
        int at = position + 1;
        while (at < query.length()) {
            char c = query.charAt(at);
            if (c == quote && charAt(at + 1) != quote) {
                return at + 1;
            }
            at += c == quote || escaped && c == '\\' ? 2 : 1;
        }
        return -1;
    }

    private void readPossibleComment(char c) {
        char next = charAt(position + 1);
        if (c == '-' && next == '-' || c == '#' && isBlank(next)) {
            skipTo(query.indexOf('\n', position), 0);
        } else if (c == '/' && next == '*') {
            skipTo(query.indexOf("*/", position + 2), 2);
        } else if (c == '-') {
            readPossibleNumber(c);
        } else {
            copyTo(position + 1);
        }
    }

    /** A comment is a blank; one that does not end takes the rest. */
    private void skipTo(int end, int more) {
        blankPending = true;
        position = end < 0 ? query.length() : end + more;
    }

    private void readSquareBracket() {
        int end = bracketedEnd();
        if (end < 0) {
            openList();
        } else {
            copyTo(end);
        }
    }

    /** The end of SQL Server's {@code [identifier]}, or -1 where the bracket is that of an array. */
    private int bracketedEnd() {
        if (followsOperand() || !isWordStart(charAt(position + 1))) {
            return -1;
        }
        int at = position + 2;
        int limit = Math.min(query.length(), position + MAX_BRACKETED + 2);
        while (at < limit && (isWord(query.charAt(at)) || " .#@".indexOf(query.charAt(at)) >= 0)) {
            at++;
        }
        return charAt(at) == ']' ? at + 1 : -1;
    }

    /** PostgreSQL's {@code $tag$text$tag$} and {@code $1}; else the dollar is the letter of a name. */
    private void readDollar() {
        int tagEnd = position + 1;
        while (isWord(charAt(tagEnd)) && charAt(tagEnd) != '$') {
            tagEnd++;
        }
        if (Character.isDigit(charAt(position + 1))) {
            literalTo(wordEnd(position));
        } else if (charAt(tagEnd) == '$') {
            String tag = query.substring(position, tagEnd + 1);
            int end = query.indexOf(tag, tagEnd + 1);
            literalTo(end < 0 ? query.length() : end + tag.length());
        } else {
            copyTo(tagEnd);
        }
    }

    /** A numbered parameter after a colon, a number that begins with its point or its sign; or just that character. */
    private void readPossibleNumber(char c) {
        int first = position + 1;
        boolean begins = switch (c) {
            case '.' -> !followsOperand();
            // In JSON a key is before it, with or without a blank.
            case ':' -> !followsOperand() && !isPartlyJson();
            default -> out.isEmpty() || BEFORE_SIGN.indexOf(lastSignificant()) >= 0;
        };
        if (begins && c != ':' && c != '.' && charAt(first) == '.') {
            first++;
        }
        if (begins && Character.isDigit(charAt(first))) {
            readNumber(first);
        } else {
            copyTo(position + 1);
        }
    }

    /** All that looks like digits, with a point, an exponent or letters: {@code 1.5e-3}, {@code 0xFF}, {@code 1a2b}. */
    private void readNumber(int firstDigit) {
        if (isUuid(firstDigit)) {
            literalTo(firstDigit + 36);
            return;
        }
        int at = firstDigit;
        while (isWord(charAt(at)) || charAt(at) == '.' || isExponentSign(at)) {
            at++;
        }
        literalTo(at);
    }

    private boolean isExponentSign(int at) {
        return (charAt(at) == '-' || charAt(at) == '+') && (charAt(at - 1) | 0x20) == 'e'
                && Character.isDigit(charAt(at + 1));
    }

    private boolean isUuid(int from) {
        if (from + 36 > query.length() || charAt(from + 8) != '-' || isWord(charAt(from + 36))) {
            return false;
        }
        for (int i = 0; i < 36; i++) {
            char c = query.charAt(from + i);
            boolean hyphen = i == 8 || i == 13 || i == 18 || i == 23;
            if (hyphen ? c != '-' : Character.digit(c, 16) < 0) {
                return false;
            }
        }
        return true;
    }

    private void openList() {
        copyTo(position + 1);
        listStart = out.length();
        listHasLiteral = false;
    }

    private void closeList(char bracket) {
        if (listStart < 0 || !listHasLiteral) {
            copyTo(position + 1);
            return;
        }
        int start = listStart - 1;
        out.setLength(listStart);
        out.append('?').append(bracket);
        if (continuesLists(start)) {
            out.setLength(listEnd);
        }
        listEnd = out.length();
        listStart = -1;
        blankPending = false;
        position++;
    }

    /** Whether a list that starts there follows a list of literals after a comma. */
    private boolean continuesLists(int start) {
        return listEnd >= 0 && start - listEnd <= 3 && out.charAt(listEnd - 1) == out.charAt(out.length() - 1)
                && out.substring(listEnd, start).strip().equals(",");
    }

    private void literalTo(int end) {
        appendBlank();
        out.append('?');
        listHasLiteral = true;
        position = end;
    }

    private void copyTo(int end) {
        append(end);
        listStart = -1;
    }

    private void append(int end) {
        appendBlank();
        out.append(query, position, end);
        position = end;
    }

    private void appendBlank() {
        // A number sign with a blank after it would be a comment.
        if (blankPending && !out.isEmpty() && out.charAt(out.length() - 1) != '#') {
            out.append(' ');
        }
        blankPending = false;
    }

    /** Whether the whole text is JSON, in which single quotes too may hold a key. */
    private boolean isJson() {
        return !out.isEmpty() && (out.charAt(0) == '{' || out.charAt(0) == '[');
    }

    private boolean isPartlyJson() {
        return curlyBracketSeen || isJson();
    }

    private char lastSignificant() {
        char last = out.charAt(out.length() - 1);
        return last == ' ' && out.length() > 1 ? out.charAt(out.length() - 2) : last;
    }

    /** Whether a name, a literal or a closing bracket stands just before. */
    private boolean followsOperand() {
        char before = charAt(position - 1);
        return isWord(before) || "?'\"`)]".indexOf(before) >= 0;
    }

    private int wordEnd(int from) {
        int at = from;
        while (isWord(charAt(at))) {
            at++;
        }
        return at;
    }

    private int digitsEnd(int from) {
        int at = from;
        while (Character.isDigit(charAt(at))) {
            at++;
        }
        return at;
    }

    private int afterBlanks(int from) {
        int at = from;
        while (isBlank(charAt(at))) {
            at++;
        }
        return at;
    }

    /** The character there; beyond the ends one that means nothing. */
    private char charAt(int index) {
        return index >= 0 && index < query.length() ? query.charAt(index) : '\0';
    }

    private static boolean isBlank(char c) {
        return Character.isWhitespace(c) || Character.isSpaceChar(c);
    }

    private static boolean isWordStart(char c) {
        return Character.isLetter(c) || c == '_';
    }

    private static boolean isWord(char c) {
        return Character.isLetterOrDigit(c) || c == '_' || c == '$';
    }
}
